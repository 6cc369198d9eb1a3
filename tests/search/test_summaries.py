"""Reading a summary, in whatever state it is."""

import pytest

from backstory_search.summaries import ReadSummary, Sentence, view
from backstory_shared.errors import Gone, NotFound
from backstory_shared.summaries import Length, SummaryState
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
