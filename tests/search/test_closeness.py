"""How much of a query the first hits say in the very words."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory_search.closeness import closeness

WORDS = st.lists(st.sampled_from(["the", "mayor", "of", "bridge", "not", "told"]), max_size=12)


def shares(query: str, *texts: str) -> list[float]:
    return cast("list[float]", closeness(query, texts).tolist())


def test_who_says_all_of_it_has_all_and_who_says_nothing_none() -> None:
    quoted, other = "He was not told of the bridge, said the mayor.", "Rain in the north."

    assert shares("was not told", quoted, other) == [1.0, 0.0]


def test_the_same_words_in_another_order_are_less() -> None:
    quoted, turned = shares("dog bites man", "A dog bites man.", "A man bites dog.")

    assert quoted > turned > 0


def test_little_words_tell_two_apart_that_have_the_same_others() -> None:
    over, under = shares("the bridge over the river", "the bridge over it", "the bridge under it")

    assert over > under


def test_what_every_hit_has_tells_less_than_what_one_has() -> None:
    texts = ("harbour ferry", "harbour storm", "harbour mayor", "harbour budget")

    ferry, storm, *_ = shares("ferry and harbour", *texts)

    assert ferry > 2 * storm


@pytest.mark.parametrize(
    ("query", "text"),
    [("São Paulo", "in sao paulo"), ("the MAYOR", "The mayor"), ("o’neill said", "O'Neill said")],
)
def test_case_accents_and_signs_make_no_difference(query: str, text: str) -> None:
    assert shares(query, text, "nothing") == [1.0, 0.0]


def test_the_end_of_a_very_long_text_is_not_read() -> None:
    """A reader waits for it."""
    assert shares("storm", "calm " * 100_000 + "storm", "storm") == [0.0, 1.0]


@pytest.mark.parametrize("query", ["", "!?", "\N{SLIGHTLY SMILING FACE}"])
def test_a_query_without_words_is_near_to_nothing(query: str) -> None:
    assert shares(query, "one", "two") == [0.0, 0.0]


def test_no_hits_are_no_error() -> None:
    assert shares("storm") == []


@given(query=WORDS, texts=st.lists(WORDS, max_size=6))
def test_it_is_a_share(query: list[str], texts: list[list[str]]) -> None:
    found = shares(" ".join(query), *(" ".join(text) for text in texts))

    assert len(found) == len(texts)
    assert all(0 <= share <= 1 + 1e-9 for share in found)
