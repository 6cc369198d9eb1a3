"""Spanish, German, French and Portuguese by the bundled model: found by what is meant."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from backstory_shared.adapters.foreign_words import ForeignWords
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED, WordTokens, foreign_words
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


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder.open()


@pytest.fixture(scope="module")
def words() -> WordTokens:
    tokenizer = Tokenizer.from_file(str(BUNDLED / "tokenizer.json"))
    return WordTokens(tokenizer, foreign_words(BUNDLED, tokenizer))


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


def test_a_compound_means_what_its_parts_mean() -> None:
    foreign = ForeignWords({"hoch": (1,), "wasser": (2, 3), "arbeit": (4,), "markt": (5,)})

    assert foreign.likely_meaning("hochwasser") == (1, 2, 3)
    assert foreign.likely_meaning("arbeitsmarkt") == (4, 5)


def test_an_inflected_word_means_what_its_stem_means() -> None:
    foreign = ForeignWords({"abandon": (7,)})

    assert foreign.likely_meaning("abandonar") == (7,)
    assert foreign.likely_meaning("abandonariamos") is None


def test_what_is_written_is_read_again(words: WordTokens, tmp_path: Path) -> None:
    words.foreign.write(tmp_path, words.tokenizer.id_to_token)

    assert foreign_words(tmp_path, words.tokenizer) == words.foreign
