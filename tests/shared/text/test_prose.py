"""What is kept as text, and what cannot be."""

import pytest

from backstory_shared.text.prose import clean_line, clean_text, problems


def test_a_text_is_kept_in_one_normal_form() -> None:
    assert clean_text("\r\n Cafe\u0301\r\nau lait\rici \n") == "Café\nau lait\nici"


def test_nothing_inside_a_text_is_removed() -> None:
    assert clean_text("a\u200b b\u202e  c\t\n\n\nd") == "a\u200b b\u202e  c\t\n\n\nd"


def test_a_line_has_single_spaces() -> None:
    assert clean_line(" A\n title\u00a0 \u0041\u030a ") == "A title Å"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\ud800b", "surrogate"),
        ("a\x00b", "control"),
        ("a\x1bb", "control"),
        ("a\x85b", "control"),
        (" \n\t\u00a0", "seen"),
        ("\u200b\u200d\ufeff", "seen"),
        ("\u3164\u2800", "seen"),
        ("", "seen"),
        ("a" + "\u0301" * 101, "combining"),
    ],
)
def test_what_cannot_be_kept_is_said_in_one_sentence(text: str, says: str) -> None:
    problem = problems(text)

    assert problem is not None
    assert says in problem


@pytest.mark.parametrize(
    "text", ["Plain.", "a\tb\r\nc", "a\u202eb", "e" + "\u0301" * 100, "नमस्ते", "👩‍🚀", "ok\u200b"]
)
def test_everything_else_can_be_kept(text: str) -> None:
    assert problems(text) is None
