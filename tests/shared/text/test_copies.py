"""Two articles are copies if their story reads the same."""

import pytest

from backstory_shared.articles import Span
from backstory_shared.text.copies import copy_hash

STORY = "“We won’t pay,” the mayor said — twice. It costs $5."


@pytest.mark.parametrize(
    "copy",
    [
        STORY,
        STORY.upper(),
        '"We won\'t pay", the mayor said - twice. It costs $5',
        "“We won’t  pay,”\n\nthe mayor\u00a0said — twice.\nIt costs $5.",
        "“We won’t pay,” the ma\u00adyor said\u200b — twice. It costs $5.",
        "“Ｗe won’t pay,” the mayor said — twice. It costs $5.",
    ],
)
def test_spelling_and_spacing_make_no_other_story(copy: str) -> None:
    assert copy_hash(copy, ()) == copy_hash(STORY, ())


@pytest.mark.parametrize("other", [STORY.replace("$", "€"), STORY.replace("twice", "once"), ""])
def test_another_word_makes_another_story(other: str) -> None:
    assert copy_hash(other, ()) != copy_hash(STORY, ())


def test_boilerplate_does_not_count() -> None:
    reprint = f"Read more\n{STORY}"

    assert copy_hash(reprint, [Span(0, 9)]) == copy_hash(STORY, ())


def test_vowel_signs_count() -> None:
    assert copy_hash("कि", ()) != copy_hash("की", ())
