"""A text in parts that a model can take: nothing is lost, and nothing is too long."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from backstory_shared.articles import Span
from backstory_shared.text.passages import covered, passages
from backstory_shared.text.sentences import sentences


def words(text: str) -> list[Span]:
    return [Span(*match.span()) for match in re.finditer(r"\S+", text)]


def parts(text: str, budget: int) -> list[str]:
    return [text[start:end] for start, end in passages(text, "en", budget, words)]


def test_sentences_are_kept_together_as_long_as_there_is_room() -> None:
    text = "The bridge opens. Cars may use it.\n\nTrams follow in May. Nobody pays."

    assert parts(text, 7) == [
        "The bridge opens. Cars may use it.",
        "Trams follow in May. Nobody pays.",
    ]


def test_what_is_in_no_passage_is_missing_from_the_coverage() -> None:
    text = "one two\n\n three four"

    assert covered(text, [Span(0, 7), Span(10, len(text))]) == 1.0
    assert covered(text, [Span(0, 3), Span(1, 3)]) == 3 / 15
    assert covered(text, []) == 0.0
    assert covered("  ", []) == 1.0


def test_a_sentence_that_is_too_long_is_cut_between_its_tokens() -> None:
    assert parts("one two three four five six seven", 3) == [
        "one two three ",
        "four five six ",
        "seven",
    ]


def test_what_stands_between_two_sentences_takes_its_room() -> None:
    assert parts("One word.\n—\nTwo words.", 4) == ["One word.", "Two words."]
    assert parts("One word.\n—\nTwo words.", 5) == ["One word.\n—\nTwo words."]


def test_a_text_without_a_sentence_has_no_passage() -> None:
    assert parts("* * *", 3) == []


@given(
    st.lists(st.sampled_from(["Word", "word.", "\n", "no", "A.", "1,000", "—"])), st.integers(1, 9)
)
def test_every_sentence_is_in_a_passage_and_no_passage_is_too_long(
    pieces: list[str], budget: int
) -> None:
    text = " ".join(pieces)
    found = passages(text, "en", budget, words)

    covered = {at for start, end in found for at in range(start, end)}
    for start, end in sentences(text, "en"):
        assert covered.issuperset(range(start, end))
    assert all(len(words(text[start:end])) <= budget for start, end in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
