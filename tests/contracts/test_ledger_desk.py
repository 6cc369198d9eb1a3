"""SummaryDesk: what people decide about summaries, and that it stays decided."""

from typing import Any

import pytest

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.editing import NO_DECISIONS, Edit
from backstory_shared.errors import EditConflict, Gone, InvalidSummary, NotFound, NotReady
from backstory_shared.events import EventType
from backstory_shared.ports import StoredSummary
from backstory_shared.stages import Lane, Stage
from backstory_shared.summaries import Length, SummaryState
from backstory_shared.summary_view import SummaryView, view
from support.clocks import FakeClock
from support.drafts import ARTICLE, SUMMARY
from support.ledgers import accept, claim, fail, finish, work_off

HAND = "The ferry sails again, our editor writes."


def stored(ledger: SqlLedger) -> StoredSummary:
    return ledger.reading.entry(ARTICLE.id).summary


def shown(ledger: SqlLedger) -> SummaryView:
    return view(ledger.reading.entry(ARTICLE.id), Length.MEDIUM)


def decide(ledger: SqlLedger, **edit: Any) -> None:
    ledger.desk.decide(ARTICLE.id, Edit(**edit), "request-2")


def ready(ledger: SqlLedger) -> None:
    accept(ledger)
    work_off(ledger)


def change(ledger: SqlLedger) -> None:
    accept(ledger, text="The night ferry will not sail again. Its owner is broke.")


# --- an editor's text -----------------------------------------------------------------------------


def test_an_editors_text_is_the_summary_approved_and_locked(ledger: SqlLedger) -> None:
    ready(ledger)
    decide(ledger, text=HAND)

    summary = shown(ledger)

    assert (summary.text, summary.method, summary.state) == (HAND, "editor", SummaryState.READY)
    assert summary.approved
    assert summary.locked


def test_an_editors_text_is_there_before_the_machine_is(ledger: SqlLedger) -> None:
    accept(ledger)
    decide(ledger, text=HAND)

    assert (shown(ledger).text, shown(ledger).state) == (HAND, SummaryState.READY)


def test_an_editors_text_stays_through_everything_that_is_done_again(ledger: SqlLedger) -> None:
    ready(ledger)
    decide(ledger, text=HAND)

    ledger.desk.again(ARTICLE.id, "request-3")
    ledger.status.requeue_all(Stage.SUMMARIZE)
    work_off(ledger)

    assert (shown(ledger).text, shown(ledger).state) == (HAND, SummaryState.READY)


def test_a_locked_text_of_a_changed_article_stays_and_says_that_it_is_stale(
    ledger: SqlLedger,
) -> None:
    ready(ledger)
    decide(ledger, text=HAND)
    change(ledger)
    assert shown(ledger).state is SummaryState.STALE

    work_off(ledger)

    summary = shown(ledger)
    assert (summary.text, summary.state, summary.approved) == (HAND, SummaryState.STALE, False)
    assert summary.provenance is not None
    assert (summary.provenance.revision, summary.revision) == (1, 2)


def test_a_stale_text_that_is_approved_again_is_ready(ledger: SqlLedger) -> None:
    ready(ledger)
    decide(ledger, text=HAND)
    change(ledger)

    decide(ledger, approved=True)

    assert (shown(ledger).text, shown(ledger).state) == (HAND, SummaryState.READY)


def test_an_unlocked_text_gives_way_when_the_article_changes(ledger: SqlLedger) -> None:
    ready(ledger)
    decide(ledger, text=HAND, locked=False)
    assert shown(ledger).text == HAND
    change(ledger)
    assert shown(ledger).text is None

    work_off(ledger)

    assert shown(ledger).method == SUMMARY.method


def test_a_text_taken_back_leaves_the_machines(ledger: SqlLedger) -> None:
    ready(ledger)
    decide(ledger, text=HAND)

    decide(ledger, text=None)

    assert (shown(ledger).method, shown(ledger).approved) == (SUMMARY.method, False)
    assert not shown(ledger).locked


def test_there_is_nothing_to_lock_without_an_editors_text(ledger: SqlLedger) -> None:
    ready(ledger)

    with pytest.raises(InvalidSummary):
        decide(ledger, locked=True)


# --- approving and disabling ----------------------------------------------------------------------


def test_approval_is_for_what_was_there(ledger: SqlLedger, clock: FakeClock) -> None:
    ready(ledger)
    decide(ledger, approved=True)
    assert stored(ledger).approved

    clock.tick()
    ledger.desk.again(ARTICLE.id, "request-3")
    assert stored(ledger).approved
    work_off(ledger)

    assert not stored(ledger).approved


def test_a_changed_articles_summary_is_not_approved(ledger: SqlLedger) -> None:
    ready(ledger)
    decide(ledger, approved=True)

    change(ledger)
    work_off(ledger)

    assert not stored(ledger).approved


def test_what_is_not_there_cannot_be_approved(ledger: SqlLedger) -> None:
    accept(ledger)

    with pytest.raises(NotReady):
        decide(ledger, approved=True)

    assert stored(ledger).decisions == NO_DECISIONS


def test_an_editor_who_saw_another_revision_decides_nothing(ledger: SqlLedger) -> None:
    ready(ledger)
    change(ledger)

    with pytest.raises(EditConflict):
        decide(ledger, text=HAND, revision=1)

    assert stored(ledger).decisions == NO_DECISIONS


def test_a_disabled_summary_is_nowhere_until_it_is_enabled(ledger: SqlLedger) -> None:
    ready(ledger)
    decide(ledger, disabled=True)
    change(ledger)
    work_off(ledger)
    assert (shown(ledger).state, shown(ledger).text) == (SummaryState.DISABLED, None)
    [listed] = ledger.reading.entries([ARTICLE.id]).values()
    assert view(listed, Length.SHORT).text is None

    decide(ledger, disabled=False)

    assert shown(ledger).state is SummaryState.READY


# --- again ----------------------------------------------------------------------------------------


def test_again_goes_before_all_that_waits(ledger: SqlLedger) -> None:
    ready(ledger)
    ledger.status.requeue([ARTICLE.id], Stage.SUMMARIZE)

    ledger.desk.again(ARTICLE.id, "request-3")

    assert stored(ledger).state is SummaryState.READY
    assert claim(ledger, Stage.SUMMARIZE, Lane.LIVE).items[0].correlation_id == "request-3"


def test_a_summary_that_failed_is_pending_again(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger)
    for _ in range(3):
        fail(ledger, claim(ledger, Stage.SUMMARIZE))
        clock.tick(3_600)
    assert stored(ledger).state is SummaryState.FAILED

    ledger.desk.again(ARTICLE.id, "request-3")
    assert stored(ledger).state is SummaryState.PENDING
    finish(ledger, claim(ledger, Stage.SUMMARIZE))

    assert stored(ledger).state is SummaryState.READY


# --- history, events, deletion --------------------------------------------------------------------


def test_the_history_tells_what_was_made_and_what_was_decided(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    ready(ledger)
    for step in (
        lambda: decide(ledger, text=HAND),
        lambda: ledger.desk.again(ARTICLE.id, "request-3"),
        lambda: decide(ledger, text=None),
        lambda: change(ledger),
        lambda: work_off(ledger),
    ):
        clock.tick()
        step()

    told = ledger.desk.history(ARTICLE.id)

    assert (told[0].act, told[0].revision) == ("made", 2)
    assert {"written", "approved", "locked", "made again", "text removed"} <= {
        act.act for act in told
    }
    assert {act.text for act in told if act.act == "written"} == {HAND}
    assert {act.text for act in told if act.act == "made again"} == {
        "The night ferry is back. It sails at ten."
    }
    assert [act.at for act in told] == sorted((act.at for act in told), reverse=True)


def test_a_decision_is_told_to_those_who_follow_and_a_repeated_one_is_not(
    ledger: SqlLedger,
) -> None:
    ready(ledger)
    before = ledger.events.last_event()

    decide(ledger, disabled=True)
    decide(ledger, disabled=True)

    told = ledger.events.events(after=before, limit=9)
    assert [(event.type, event.correlation_id) for event in told] == [
        (EventType.SUMMARIZED, "request-2")
    ]


def test_nothing_is_left_of_a_deleted_article_when_its_id_comes_back(ledger: SqlLedger) -> None:
    ready(ledger)
    decide(ledger, text=HAND)
    ledger.accepting.delete(ARTICLE.id, "request-3")
    for ask in (
        lambda: decide(ledger, approved=True),
        lambda: ledger.desk.again(ARTICLE.id, "request-4"),
        lambda: ledger.desk.history(ARTICLE.id),
    ):
        with pytest.raises(Gone):
            ask()

    accept(ledger)

    assert stored(ledger).decisions == NO_DECISIONS
    assert ledger.desk.history(ARTICLE.id) == []


def test_nobody_decides_about_what_never_was(ledger: SqlLedger) -> None:
    with pytest.raises(NotFound):
        decide(ledger, disabled=True)
    with pytest.raises(NotFound):
        ledger.desk.again("never-was", "request-2")
