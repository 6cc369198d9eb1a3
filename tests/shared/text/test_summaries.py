"""The extractive summarizer: verbatim, readable, and of the story alone."""

import os
from pathlib import Path

import pytest

from backstory_shared.adapters.extractive_summarizer import ExtractiveSummarizer
from backstory_shared.articles import Span
from backstory_shared.summaries import Length, Summary
from backstory_shared.text.boilerplate import boilerplate
from backstory_shared.text.readable import dangles, is_whole, without_dateline
from backstory_shared.text.words import WORDS

STORY = (
    "PORT ELLERY (Courier) — The harbour at Port Ellery will close for six weeks from Monday while "
    "engineers replace the sea gate, the port authority said. He gave no date for the ferries. "
    "Ferries to the islands will leave from Saltmouth instead, and tickets already bought stay "
    "valid. Will it be enough? The old gate was damaged in the storm of 9 October, when waves of "
    "seven metres broke two of its hinges. But the crews are angry. Fishing crews have asked the "
    "town council for compensation, and a hearing is set for Thursday. The council has put aside "
    "£40,000 for a support fund, which opens on the first of the month."
)


def _summary(text: str, language: str | None = "en", title: str = "") -> Summary:
    return ExtractiveSummarizer().summarize(title, text, boilerplate(text, title), language)


def _texts(text: str, summary: Summary, length: Length) -> list[str]:
    return [text[start:end] for start, end in summary.of(length)]


@pytest.mark.parametrize("length", list(Length))
def test_every_sentence_stands_in_the_text_and_in_its_order(length: Length) -> None:
    spans = _summary(STORY).of(length)

    assert spans
    assert list(spans) == sorted(spans)
    assert all(STORY[start:end].strip() == STORY[start:end] for start, end in spans)


def test_short_is_one_sentence_and_long_says_more_than_medium() -> None:
    summary = _summary(STORY)

    assert len(summary.short) == 1
    assert len(summary.long) > len(summary.medium) >= 2


def test_neither_questions_nor_hanging_sentences_are_taken() -> None:
    said = _texts(STORY, _summary(STORY), Length.MEDIUM)

    assert not any(sentence.startswith(("He ", "But ", "Will ")) for sentence in said)


def test_the_dateline_is_left_out_by_moving_the_offset() -> None:
    said = " ".join(_texts(STORY, _summary(STORY), Length.LONG))

    assert "The harbour at Port Ellery will close" in said
    assert "(Courier)" not in said


def test_a_language_without_tables_falls_back_and_says_so() -> None:
    assert _summary(STORY, "sv").method.endswith("/position")


@pytest.mark.parametrize(
    "text",
    [
        "One sentence only, and it is long enough to read.",
        "no full stop here",
        "1 2 3",
        "你好世界。",
    ],
)
def test_a_text_that_cannot_be_shortened_still_has_a_summary(text: str) -> None:
    summary = _summary(text)

    assert summary.short
    assert summary.coverage == 1.0


def test_boilerplate_is_in_no_summary() -> None:
    site = "Share this article\nSign up for our newsletter"
    text = f"No time to read?\nGet a summary\n\n{STORY}\n\n{site}"

    said = " ".join(_texts(text, _summary(text), Length.LONG))

    assert "newsletter" not in said
    assert "No time" not in said


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("He said the plan was dead.", "en"),
        ("But the council disagreed.", "en"),
        ("The move angered residents.", "en"),
        ("Ovechko also highlighted the alliance.", "en"),
        ("Dies sorgte für Ärger.", "de"),
        ("Sin embargo, nadie respondió.", "es"),
        ("Cette décision a surpris.", "fr"),
    ],
)
def test_a_sentence_that_leans_on_the_one_before_is_known(sentence: str, language: str) -> None:
    assert dangles(sentence, WORDS[language])


@pytest.mark.parametrize(
    "sentence", ["The harbour will close on Monday.", "Engineers replaced the gate in May."]
)
def test_a_sentence_that_stands_alone_is_known(sentence: str) -> None:
    assert not dangles(sentence, WORDS["en"])


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("The mayor opened the new bridge on Monday.", True),
        ("Who will pay for the new bridge now?", False),
        ("Photo by staff", False),
        ("“We could have patched it for another winter.", False),
    ],
)
def test_only_whole_sentences_may_stand_in_a_summary(sentence: str, whole: bool) -> None:
    assert is_whole(sentence, len(sentence.split())) is whole


def test_a_sentence_without_a_dateline_keeps_its_place() -> None:
    text = "Engineers replaced the gate."

    assert without_dateline(text, Span(0, len(text))) == Span(0, len(text))


if "BACKSTORY_TEST_DATA" in os.environ:

    def test_the_page_this_was_made_for_comes_out_right() -> None:
        text = (Path(os.environ["BACKSTORY_TEST_DATA"]) / "seed-article.txt").read_text("utf-8")
        title = text.split("\n", 1)[0]

        said = " ".join(_texts(text, _summary(text, "en", title), Length.MEDIUM))

        assert "Gennady Ovechko" in said
        assert "security strategy" in said
        assert "rearmament" in said
        for line in ("No time to read?", "Get a summary", "Prigozhin", "Medvedeva", " also "):
            assert line not in said
