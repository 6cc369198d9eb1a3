"""What a query asks for, and that nothing anybody types is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory_search.query import Query, contains, is_phrase, parse
from backstory_shared.ports import Facet, Filters

UNQUOTED = st.text(st.sampled_from("ab -: sectiontag5"), max_size=60)
TYPED = st.text(st.sampled_from('ab -:"“” sectiontag5'), max_size=60)


def test_plain_words_are_plain_words() -> None:
    assert parse("harbour bridge") == Query("harbour bridge")


def test_quotation_marks_ask_for_the_very_words() -> None:
    assert parse('the "harbour bridge" ferry') == Query(
        "the harbour bridge ferry", exact=("harbour bridge",)
    )


def test_typographic_quotation_marks_are_as_good() -> None:
    assert parse("“harbour bridge”").exact == ("harbour bridge",)


def test_a_minus_leaves_out() -> None:
    assert parse('storm -ferry -"bus stop"') == Query("storm", without=("ferry", "bus stop"))


def test_a_field_is_a_filter() -> None:
    asked = parse('storm section:politics tag:"new york" -author:Ann')

    assert asked.text == "storm"
    assert asked.fields == {Facet.SECTION: ("politics",), Facet.TAG: ("new york",)}
    assert asked.unwanted == {Facet.AUTHOR: ("Ann",)}


@pytest.mark.parametrize(
    "text",
    [
        'an "unbalanced quotation',
        "re: taxes",
        "http://example.com/a",
        "section:",
        "state-of-the-art",
        "-5 degrees",
        "storm - ferry",
        '""',
        "storm AND ferry",
        "?!",
    ],
)
def test_what_is_no_syntax_is_words(text: str) -> None:
    assert parse(text) == Query(text)


def test_a_pasted_text_is_words_whatever_it_quotes() -> None:
    pasted = 'the mayor said on monday that the "harbour bridge" will not -ever- be built again'

    assert parse(pasted) == Query(pasted)


def test_a_field_and_a_filter_must_both_hold() -> None:
    asked = parse("section:news section:sport")

    assert {"news", "sport"} <= set(asked.within(Filters()).section)
    assert asked.within(Filters(section=("sport", "arts"))).section == ("sport",)
    assert asked.within(Filters(section=("arts",))).section == ("",)
    assert asked.within(Filters(tag=("a",))).tag == ("a",)


@given(TYPED)
def test_no_word_is_lost(text: str) -> None:
    asked = parse(text)
    kept = " ".join(
        [
            asked.text,
            *asked.without,
            *(value for values in asked.fields.values() for value in values),
            *(value for values in asked.unwanted.values() for value in values),
        ]
    )

    letters = sorted(character for character in kept if character.isalnum())
    names = "".join(
        facet.value * len(values)
        for facet, values in (*asked.fields.items(), *asked.unwanted.items())
    )
    assert sorted([*letters, *names]) == sorted(filter(str.isalnum, text))


def test_blanks_within_quotation_marks_do_not_count() -> None:
    assert parse('" harbour  bridge "') == parse('"harbour bridge"')


@given(UNQUOTED)
def test_what_was_understood_without_quotes_is_understood_again(text: str) -> None:
    understood = parse(text).text

    assert parse(understood).text == understood


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("The Harbour\n Bridge opens", True),
        ("harbour-bridge", True),
        ("a harbour bridges", False),
        ("bridge harbour", False),
        ("the harbour. Bridge opens", True),
    ],
)
def test_words_are_contained_one_after_the_other(text: str, there: bool) -> None:
    assert contains(text, "harbour bridge") is there


@pytest.mark.parametrize("text", ["„harbour bridge“", "«harbour bridge»", "＂harbour bridge＂"])
def test_any_quotation_marks_will_do(text: str) -> None:
    assert parse(text).exact == ("harbour bridge",)


def test_a_field_may_begin_with_a_capital_as_telephones_write_it() -> None:
    assert parse("Section:politics").fields == {Facet.SECTION: ("politics",)}


def test_what_is_unwanted_of_a_field_is_enough_to_ask_for() -> None:
    assert parse("-section:sport") == Query("", unwanted={Facet.SECTION: ("sport",)})


def test_letters_are_the_same_however_they_are_put_together() -> None:
    assert parse("e\u0301lue") == Query("\u00e9lue")
    assert parse("Kinder\u00adgarten") == Query("Kindergarten")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Elle a été élue dimanche", "ete elue"),
        ("Elle a ete elue dimanche", "été élue"),
        ("Der Kinder\u00adgarten schließt", "kindergarten SCHLIESST"),
        ("東京都に行きました", "東京"),
        ("Sean O’Brien spoke", "o'brien"),
        ("said so and said it", "said it"),
        ("unsaid it, said it", "said it"),
        ("C. (a) b", "c a b"),
        ("1,000,000 homes", "1,000,000"),
    ],
)
def test_the_words_stand_in_a_text_whatever_their_accents_and_script(text: str, words: str) -> None:
    assert contains(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The postwar years", "post war"),
        ("unsaid it", "said it"),
        ("said its", "said it"),
        ("_said it", "said it"),
        ("storms", "storm"),
        ("京都の祭り", "東京"),
        ("か", "が"),
    ],
)
def test_other_words_do_not(text: str, words: str) -> None:
    assert not contains(text, words)


def test_several_words_are_a_phrase_even_where_no_space_is_between() -> None:
    assert all(map(is_phrase, ["bus stop", "post-war", "o'brien", "東京"]))
    assert not is_phrase("ferry")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("pOLITICS", "politics"),
        ("politics", "POLITICS"),
        ("esports", "eSports"),
        ('"jose perez"', "José Pérez"),
        ('"ann o’neill"', "Ann O'Neill"),
        ('"new  york"', "New York"),
    ],
)
def test_a_value_of_a_field_is_found_however_the_archive_writes_it(
    typed: str, written: str
) -> None:
    known = {Facet.TAG: ("another", written)}
    wanted, unwanted = (parse(f"{sign}tag:{typed}").spelled(known) for sign in ("", "-"))

    assert written in wanted.within(Filters()).tag
    assert "another" not in wanted.within(Filters()).tag
    assert wanted.within(Filters(tag=(written,))).tag == (written,)
    assert (Facet.TAG, written) in unwanted.unwanted_values


def test_a_value_that_the_archive_does_not_have_has_no_article() -> None:
    assert parse("tag:zeppelin").spelled({Facet.TAG: ("war",)}).within(Filters()).tag == (
        "zeppelin",
    )


def test_what_is_unwanted_is_enough_to_ask_for() -> None:
    assert parse('-ferry -"bus stop"') == Query("", without=("ferry", "bus stop"))


def test_signs_alone_ask_for_nothing() -> None:
    assert all(parse(signs).silent for signs in ("?!", "£", '""', "-", "🙂", "\u00ad"))
    assert not any(parse(text).silent for text in ("£5", "-ferry", "section:news ?!", "東京"))
    assert parse("section:news ?!").text == ""


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("‘harbour bridge’", ("harbour bridge",)),
        ("the ‘harbour master’s bridge’ opens", ("harbour master’s bridge",)),
        ("‚harbour bridge‘", ("harbour bridge",)),
        ("‹harbour bridge›", ("harbour bridge",)),
        ("O’Neill’s harbour", ()),
        ("the ’80s and the ’90s", ()),
    ],
)
def test_single_quotation_marks_are_told_from_apostrophes(
    text: str, exact: tuple[str, ...]
) -> None:
    assert parse(text).exact == exact
