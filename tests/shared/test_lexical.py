"""Which words find which articles, in whatever language."""

import pytest

from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.ports import Passage, Terms


@pytest.fixture(scope="module")
def encoder() -> Bm25TermEncoder:
    return Bm25TermEncoder()


def shared(encoder: Bm25TermEncoder, query: str, text: str, language: str | None) -> int:
    """How many terms of the query the article has."""
    passage = encoder.encode_passage(Passage(title="", text=text, language=language))
    return len(set(encoder.encode_query(query).indices) & set(passage.indices))


def _parts(terms: Terms) -> tuple[tuple[int, ...], tuple[float, ...]]:
    return terms.indices, terms.values


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("en", "The elections were postponed", "election"),
        ("es", "Las elecciones en Valdehoz", "eleccion"),
        ("de", "Die Wahlen in Lindau", "Wahl"),
        ("fr", "Les inondations à Brévilly", "inondation"),
        ("pt", "As eleições municipais", "eleição"),
        ("it", "Le elezioni comunali", "elezione"),
        ("ru", "Выборы в области", "выбор"),
        ("nl", "De fietsen zijn gestolen", "fietsen"),
        ("uk", "Вибори у місті", "вибори"),
        ("ja", "東京都に行きました", "東京"),
        ("zh", "中国政府宣布新政策", "新政策"),
        ("xx", "something unheard-of", "unheard-of"),
        (None, "an unknown tongue", "tongue"),
    ],
)
def test_words_find_articles_in_every_language(
    encoder: Bm25TermEncoder, language: str | None, text: str, query: str
) -> None:
    assert shared(encoder, query, text, language) >= 1


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [("es", "operación", "operaciones"), ("pt", "eleição", "eleições"), ("de", "Haus", "Häuser")],
)
def test_one_and_many_are_the_same_word(
    encoder: Bm25TermEncoder, language: str, one: str, many: str
) -> None:
    assert shared(encoder, one, many, language) >= 1
    assert shared(encoder, many, one, language) >= 1


@pytest.mark.parametrize("query", ["elue", "élue", "ELUE", "Élue"])
def test_accents_and_capitals_do_not_matter(encoder: Bm25TermEncoder, query: str) -> None:
    assert shared(encoder, query, "La maire élue", "fr") == 1


def test_a_stop_word_of_one_language_is_a_word_in_another(encoder: Bm25TermEncoder) -> None:
    assert shared(encoder, "war crimes", "The war goes on", "en") == 1
    assert shared(encoder, "war crimes", "Es war einmal", "de") == 0


def test_the_stop_words_of_the_querys_language_find_nothing_elsewhere(
    encoder: Bm25TermEncoder,
) -> None:
    assert shared(encoder, "la ville de Paris", "La Liga and Charles de Gaulle", "en") == 0
    assert shared(encoder, "the mayor of the town", "La serie The Crown of", "es") == 0


def test_accented_stop_words_are_left_out_too(encoder: Bm25TermEncoder) -> None:
    assert shared(encoder, "über die Brücke", "Er schrieb über Lindau", "de") == 0


def test_a_query_of_nothing_but_stop_words_finds_titles(encoder: Bm25TermEncoder) -> None:
    titled = encoder.encode_passage(Passage(title="The Who", text="A band.", language="en"))
    query = encoder.encode_query("the who")

    assert set(query.indices) <= set(titled.indices)


def test_no_term_is_there_twice(encoder: Bm25TermEncoder) -> None:
    passage = encoder.encode_passage(Passage(title="Storm", text="A storm, a storm", language="en"))
    query = encoder.encode_query("storm storms STORM")

    assert len(set(passage.indices)) == len(passage.indices)
    assert len(set(query.indices)) == len(query.indices)


def weight(encoder: Bm25TermEncoder, word: str, title: str, text: str) -> float:
    passage = encoder.encode_passage(Passage(title=title, text=text, language="en"))
    weights = dict(zip(passage.indices, passage.values, strict=True))
    return max(weights[term] for term in encoder.encode_query(word).indices if term in weights)


def test_a_word_weighs_most_in_the_title_and_more_at_the_beginning(
    encoder: Bm25TermEncoder,
) -> None:
    rest = "the council met in town " * 20

    titled = weight(encoder, "volcano", "Volcano", rest)
    leading = weight(encoder, "volcano", "Meeting", f"volcano {rest}")
    trailing = weight(encoder, "volcano", "Meeting", f"{rest} volcano")

    assert titled > leading > trailing


def test_words_that_follow_each_other_in_the_title_find_it_before_others(
    encoder: Bm25TermEncoder,
) -> None:
    query = dict.fromkeys(encoder.encode_query("homes under water").indices, 1.0)

    def score(title: str) -> float:
        terms = encoder.encode_passage(Passage(title=title, text="Nothing else.", language="en"))
        return sum(query.get(term, 0.0) * value for term, value in zip(*_parts(terms), strict=True))

    together = score("Hundreds of homes under water")
    apart = score("Water for hundreds of homes")

    assert together > apart > 0


def test_a_word_weighs_less_in_a_longer_text(encoder: Bm25TermEncoder) -> None:
    short, long = "the council met in town " * 5, "the council met in town " * 50

    assert weight(encoder, "ferry", "", f"{short} ferry") > weight(
        encoder, "ferry", "", f"{long} ferry"
    )


def test_names_in_capitals_are_no_stop_words(encoder: Bm25TermEncoder) -> None:
    assert shared(encoder, "US exports", "Exports of the US rose", "en") == 2
    assert shared(encoder, "WHO chief", "The chief of the WHO spoke", "en") == 2
    assert shared(encoder, "who is it", "The man who spoke", "en") == 0


def test_capitals_throughout_make_no_names(encoder: Bm25TermEncoder) -> None:
    assert shared(encoder, "IT AND WHO", "IT IS FOR HIM TO SAY WHO IT WAS", "en") == 0


@pytest.mark.parametrize("number", ["747", "2026", "F16", "3.5"])
def test_numbers_find_what_has_them(encoder: Bm25TermEncoder, number: str) -> None:
    assert shared(encoder, number, f"The {number} was named on page 12", "en") >= 1


def test_a_word_asked_for_twice_weighs_twice(encoder: Bm25TermEncoder) -> None:
    assert set(encoder.encode_query("storm storm").values) == {2.0}


def test_a_query_in_one_language_meets_no_stems_of_another(encoder: Bm25TermEncoder) -> None:
    everything = set(encoder.encode_query("libraries").indices)

    asked = set(encoder.encode_query("all about the libraries of the town").indices)

    assert len(asked & everything) < len(everything)


def test_a_query_is_tried_in_the_languages_named_where_its_words_do_not_tell_theirs(
    encoder: Bm25TermEncoder,
) -> None:
    def terms(text: str, *languages: str) -> set[int]:
        return set(encoder.encode_query(text, languages).indices)

    german = encoder.encode_passage(Passage(title="", text="Die Wahlen", language="de"))

    assert terms("Wahlen", "de") & set(german.indices)
    assert not terms("Wahlen", "en") & set(german.indices)
    assert terms("Wahlen", "de", "en") == terms("Wahlen", "de") | terms("Wahlen", "en")
    assert terms("Wahlen") == terms("Wahlen", "nl") >= terms("Wahlen", "de", "en")
    assert terms("all about the libraries of the town", "de") == terms(
        "all about the libraries of the town", "en"
    )


def test_every_query_term_weighs_the_same(encoder: Bm25TermEncoder) -> None:
    assert set(encoder.encode_query("storm in the harbour").values) == {1.0}


@pytest.mark.parametrize("query", ["", " ", "?!", "—", "\x00"])
def test_a_query_without_words_has_no_terms(encoder: Bm25TermEncoder, query: str) -> None:
    assert encoder.encode_query(query) == Terms()


def test_what_other_programs_ask_for_between_words_is_not_looked_for(
    encoder: Bm25TermEncoder,
) -> None:
    titled = encoder.encode_passage(Passage(title="Salt and the pepper", text=".", language="en"))

    assert not set(encoder.encode_query("storm AND ferry").indices) & set(titled.indices)
    assert not set(encoder.encode_query("THE storm").indices) & set(titled.indices)


@pytest.mark.parametrize("query", ["1500", "1,500", "1.500", "1\u202f500"])
@pytest.mark.parametrize("written", ["1500", "1,500", "1.500", "1 500"])
def test_a_large_number_is_found_however_its_thousands_are_parted(
    encoder: Bm25TermEncoder, query: str, written: str
) -> None:
    assert shared(encoder, query, f"Some {written} homes were flooded.", "en") == 1
    assert shared(encoder, query, "Some 2,500 homes had 1 window.", "en") == 0


def test_a_soft_hyphen_parts_no_word(encoder: Bm25TermEncoder) -> None:
    assert shared(encoder, "Kindergarten", "Der Kinder\u00adgarten", "de") >= 1


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", None])
@pytest.mark.parametrize("word", ["Monde", "Spiegel", "war", "der", "ferry", "été"])
def test_what_is_demanded_of_the_index_is_there_in_every_language(
    encoder: Bm25TermEncoder, language: str | None, word: str
) -> None:
    demanded = set(encoder.encode_demand(word).indices)
    passage = Passage(title="", text=f"Selon {word} berichtet, this is so.", language=language)

    assert not demanded or demanded & set(encoder.encode_passage(passage).indices)


def test_only_what_is_no_stop_word_anywhere_is_demanded(encoder: Bm25TermEncoder) -> None:
    assert encoder.encode_demand("der") == encoder.encode_demand("le") == Terms()
    assert encoder.encode_demand("Monde").indices
