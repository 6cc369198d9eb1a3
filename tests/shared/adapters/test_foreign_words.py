"""Spanish, German, French and Portuguese by the bundled model: found by what is meant."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import characters, dictionaries, integers, lists, text
from tokenizers import Tokenizer

from backstory_shared.adapters.foreign_words import MOST, ForeignWords, Meanings
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED, WordTokens
from backstory_shared.ports import Passage

ARTICLES = {
    "es": Passage(title="Maquinistas paran los trenes", text="El sindicato pide un salario mejor."),
    "de": Passage(
        title="Opposition gewinnt", text="Nach Auszählung der Stimmen feiert die Partei."
    ),
    "fr": Passage(
        title="Les flammes ravagent les pins", text="Le vent a propagé le feu dans la montagne."
    ),
    "pt": Passage(title="Valmoreira conquista o campeonato", text="Milhares festejaram na praça."),
}
#: None of their words is in the article of that language.
FINDS = {
    "es": "huelga ferroviaria",
    "de": "Ergebnis einer Wahl",
    "fr": "incendie de forêt",
    "pt": "futebol vitória",
}

SMALL_LETTERS = text(characters(categories=["Ll"]), min_size=1)


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder.open()


@pytest.fixture(scope="module")
def words() -> WordTokens:
    tokenizer = Tokenizer.from_file(str(BUNDLED / "tokenizer.json"))
    return WordTokens(tokenizer, ForeignWords.read(BUNDLED))


@pytest.mark.parametrize("language", ARTICLES)
def test_a_query_finds_the_article_that_says_it_in_other_words(
    embedder: StaticEmbedder, language: str
) -> None:
    scores = embedder.embed_passages([*ARTICLES.values()]) @ embedder.embed_query(FINDS[language])

    assert [*ARTICLES][scores.argmax()] == language
    assert scores.max() > embedder.model.floor


@pytest.mark.parametrize("query", ["recetas de tarta", "apprendre le violon", "sapatos de noiva"])
def test_a_query_about_something_else_finds_nothing(embedder: StaticEmbedder, query: str) -> None:
    scores = embedder.embed_passages([*ARTICLES.values()]) @ embedder.embed_query(query)

    assert scores.max() < embedder.model.floor


def test_a_query_finds_an_article_of_another_language(embedder: StaticEmbedder) -> None:
    scores = embedder.embed_passages([*ARTICLES.values()]) @ embedder.embed_query("railway strike")

    assert [*ARTICLES][scores.argmax()] == "es"


@pytest.mark.parametrize(
    "text",
    [
        "The river burst its banks after two days of rain, said the mayor of La Paz.",
        "Die Hard star in sea rescue",
        "Pan-fried salmon with a gift for the main course",
    ],
)
def test_english_is_read_as_if_there_were_no_other_language(words: WordTokens, text: str) -> None:
    assert words.ids(text).tolist() == WordTokens(words.tokenizer).ids(text).tolist()


def test_a_word_that_english_has_too_says_nothing_in_a_foreign_text(words: WordTokens) -> None:
    said = words.ids("Die Regierung und die Opposition sind sich nicht einig über das Gesetz")

    assert words.tokenizer.token_to_id("die") not in said


@pytest.mark.parametrize("query", ["casas por el río", "la guerra y el pan", "preise für wohnen"])
def test_words_that_english_knows_as_names_do_not_make_a_query_english(
    words: WordTokens, query: str
) -> None:
    assert words.ids(query).tolist() != WordTokens(words.tokenizer).ids(query).tolist()


@pytest.mark.parametrize("query", ["Los Angeles fire", "Nino", "Rio de Janeiro carnival"])
def test_foreign_names_do_not_make_a_query_foreign(words: WordTokens, query: str) -> None:
    assert words.ids(query).tolist() == WordTokens(words.tokenizer).ids(query).tolist()


def test_every_word_counts_alike_in_however_many_words_it_is_said(words: WordTokens) -> None:
    tokens = {
        word: words.ids(word).tolist() for word in ("gouvernement", "Gewerkschaft", "korrupt")
    }

    assert {len(ids) for ids in tokens.values()} == {MOST}
    assert min(len(set(ids)) for ids in tokens.values()) < MOST


def test_a_place_in_a_foreign_text_is_that_of_the_word(words: WordTokens) -> None:
    assert words.read("The river burst its banks and the town is flooded")[1] == 1
    assert words.read("Die Regierung und die Opposition sind sich nicht einig")[1] == MOST


@given(dictionaries(SMALL_LETTERS, lists(integers(0, 9)).map(tuple)), SMALL_LETTERS)
def test_meanings_are_found_as_in_a_dict(said: dict[str, tuple[int, ...]], word: str) -> None:
    meanings = Meanings.of(said)

    assert meanings == said
    assert meanings.get(word) == said.get(word)


def test_a_compound_means_what_its_parts_mean() -> None:
    foreign = ForeignWords(
        Meanings.of({"hoch": (1,), "wasser": (2, 3), "arbeit": (4,), "markt": (5,)})
    )

    assert foreign.likely_meaning("hochwasser") == (1, 2, 3, 1, 2)
    assert foreign.likely_meaning("arbeitsmarkt") == (4, 5, 4, 5, 4)


def test_an_inflected_word_means_what_its_stem_means() -> None:
    foreign = ForeignWords(Meanings.of({"abandon": (7,), "zoo": (8,)}))

    assert foreign.likely_meaning("abandonar") == (7,) * MOST
    assert foreign.likely_meaning("abandonariamos") is None


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    foreign = ForeignWords.of({"agua": (1, 2), "que": (), "guerra?": (3,)})

    foreign.write(tmp_path)

    again = ForeignWords.read(tmp_path)
    assert again.meanings == {"agua": (1, 2), "que": ()}
    assert again.doubtful == {"guerra": (3,)}
