"""Reading a summary, in whatever state it is."""

from dataclasses import replace
from typing import Any

import pytest

from backstory_search.summaries import ReadSummary
from backstory_shared.articles import Span
from backstory_shared.editing import Decisions
from backstory_shared.errors import Gone, NotFound
from backstory_shared.ports import Entry
from backstory_shared.summaries import (
    AtMostSentences,
    AtMostWords,
    Length,
    Outline,
    SummaryState,
    Unit,
    Wanted,
)
from backstory_shared.summary_view import Sentence, view
from support.archive import Archive, corrected, entry_of
from support.drafts import ARTICLE, SUMMARY

READY = entry_of(summary=SUMMARY)


@pytest.mark.parametrize(("length", "count"), [("short", 1), ("medium", 2), ("long", 3)])
def test_a_summary_is_as_long_as_asked(length: str, count: int) -> None:
    summary = view(READY, Length(length))

    assert summary.state is SummaryState.READY
    assert len(summary.sentences) == count


def test_every_sentence_is_at_its_place_in_the_text() -> None:
    for sentence in view(READY, Length.LONG).sentences:
        assert ARTICLE.text[sentence.start : sentence.end] == sentence.text


def test_the_text_is_the_sentences() -> None:
    assert view(READY, Length.MEDIUM).text == ("The night ferry is back. It sails at ten.")


def test_places_are_code_points() -> None:
    entry = entry_of(text="🚢🚢 sail again, from now. It is so.", summary=SUMMARY)

    assert view(entry, Length.SHORT).sentences == (Sentence("🚢🚢 sail again, from now.", 0, 24),)


def test_a_summary_not_made_yet_is_pending_without_text() -> None:
    summary = view(entry_of(), Length.SHORT)

    assert (summary.state, summary.text, summary.sentences) == (SummaryState.PENDING, None, ())


def test_a_changed_article_does_not_show_its_old_summary() -> None:
    summary = view(corrected(READY, text="All of it was wrong."), Length.SHORT)

    assert (summary.state, summary.text, summary.revision) == (SummaryState.STALE, None, 2)


def test_an_absent_article_has_no_summary() -> None:
    archive = Archive(gone={"deleted"})

    with pytest.raises(NotFound):
        ReadSummary(archive)("never-seen", Length.SHORT)
    with pytest.raises(Gone):
        ReadSummary(archive)("deleted", Length.SHORT)


# --- people's decisions ---------------------------------------------------------------------------


def test_any_length_is_cut_from_the_outline() -> None:
    outline = Outline(
        order=(Unit((Span(42, 69),), 4), Unit((Span(0, 24), Span(25, 41)), 9)),
        key_points=(Span(0, 24),),
        teaser=Span(0, 15),
    )
    entry = entry_of(summary=replace(SUMMARY, outline=outline))

    assert view(entry, AtMostSentences(1)).text == "Tickets cost eleven crowns."
    assert view(entry, AtMostSentences(2)).text == "Tickets cost eleven crowns."
    assert view(entry, AtMostSentences(3)).text == ARTICLE.text
    assert view(entry, AtMostWords(9)).text == "Tickets cost eleven crowns."
    assert view(entry, AtMostWords(13)).text == ARTICLE.text
    assert view(entry, AtMostWords(1)).text == "Tickets cost eleven crowns."
    teaser = view(entry, Length.SHORT).teaser
    assert teaser == Sentence("The night ferry", 0, 15)


def test_without_an_outline_the_short_one_is_what_there_is() -> None:
    assert view(READY, AtMostSentences(2)).text == "The night ferry is back."


def by_hand(**decisions: Any) -> Entry:
    made = Decisions(text="It is back. It sails at ten. So be it.", written_for=1, **decisions)
    return replace(READY, summary=replace(READY.summary, decisions=made))


def test_an_editors_text_is_shown_instead_of_the_machines() -> None:
    summary = view(by_hand(), Length.MEDIUM)

    assert (summary.text, summary.method) == ("It is back. It sails at ten. So be it.", "editor")
    assert summary.sentences == (Sentence("It sails at ten.", 25, 41),)


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (Length.SHORT, "It is back."),
        (AtMostSentences(2), "It is back. It sails at ten."),
        (AtMostWords(8), "It is back. It sails at ten."),
        (AtMostWords(1), "It is back."),
        (Length.LONG, "It is back. It sails at ten. So be it."),
    ],
)
def test_a_shorter_one_of_an_editors_is_its_beginning(wanted: Wanted, text: str) -> None:
    assert view(by_hand(), wanted).text == text
