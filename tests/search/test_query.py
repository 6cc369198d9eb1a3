"""What a query asks for, and that nothing anybody types is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory_search.query import Query, contains, parse
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
        "-only -what -is -unwanted",
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

    assert asked.within(Filters()).section == ("news", "sport")
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
