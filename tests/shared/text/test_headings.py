"""What stands above a story and is no sentence of it."""

import pytest

from backstory_shared.articles import Span
from backstory_shared.text.headings import headed

STORY = "The harbour closes on Monday for six weeks. It opens again in May."


@pytest.mark.parametrize(
    ("above", "headings"),
    [
        ("Harbour closes\n\n", ["Harbour closes"]),
        ("Will the harbour close?\n\n", ["Will the harbour close?"]),
        ("NEWS\n\nHarbour closes\n\nIn May\n\n", ["NEWS", "Harbour closes", "In May"]),
        ("The harbour closes.\n\n", []),
        ("1\n\n2\n\n3\n\n4\n\n5\n\n", []),
        ("word " * 40 + "\n\n", []),
        ("", []),
    ],
)  # fmt: skip
def test_lines_apart_that_do_not_end_like_a_sentence_are_headings(
    above: str, headings: list[str]
) -> None:
    text = f"{above}{STORY}"

    found, parts = headed(text, [Span(0, len(text))])

    assert [text[start:end] for start, end in found] == headings
    assert "".join(text[start:end] for start, end in parts).strip().endswith(STORY)
    assert all(heading not in text[slice(*parts[0])] for heading in headings)


def test_a_long_line_right_below_is_the_story_of_its_heading() -> None:
    text = f"Harbour closes\n{STORY} {STORY}"

    assert headed(text, [Span(0, len(text))]).headings == (Span(0, 14),)


@pytest.mark.parametrize(
    "text",
    [
        "The harbour of Ellery closes on Monday\nfor six weeks, say all. It opens\nin May.",
        "Apples\n\nPears\n\nPlums",
        "Only a heading",
        "",
    ],
)
def test_lines_that_read_on_or_lead_to_no_sentence_are_no_headings(text: str) -> None:
    assert headed(text, [Span(0, len(text))]) == ((), (Span(0, len(text)),))


def test_what_is_left_out_between_heading_and_story_does_no_harm() -> None:
    text = f"Harbour closes\nShare\n{STORY}"
    parts = [Span(0, 15), Span(20, len(text))]

    assert headed(text, parts) == ((Span(0, 14),), (Span(14, 15), Span(20, len(text))))
