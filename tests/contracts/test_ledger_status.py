"""StatusLedger, Reconciler and EventLog: how far articles have come, and what happened."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.errors import Gone, NotFound
from backstory_shared.events import Event, EventType
from backstory_shared.ports import StageReport, StatusReport
from backstory_shared.stages import FIRST_STAGES, MAX_ERRORS, ArticleStatus, Lane, Stage, State
from support.clocks import START, FakeClock
from support.drafts import ARTICLE
from support.ledgers import (
    BROKEN,
    accept,
    accept_all,
    claim,
    fail,
    finish,
    ids_of,
    lose,
    work_off,
)

LONG = 3_600


def fail_for_good(ledger: SqlLedger, clock: FakeClock, stage: Stage = Stage.INDEX) -> None:
    for _ in range(3):
        fail(ledger, claim(ledger, stage))
        clock.tick(LONG)


def failed_ids(ledger: SqlLedger) -> list[str]:
    return [report.id for report in ledger.status.failures(after=None, limit=100)]


# --- status and retry -----------------------------------------------------------------------------


def test_a_status_says_it_of_every_stage(ledger: SqlLedger) -> None:
    accept(ledger)
    claim(ledger, Stage.SUMMARIZE)
    fail(ledger, claim(ledger, Stage.INDEX))

    assert ledger.status.status(ARTICLE.id) == StatusReport(
        id=ARTICLE.id,
        revision=1,
        status=ArticleStatus.ACCEPTED,
        stages=(
            StageReport(name=Stage.SUMMARIZE, state=State.RUNNING, errors=0, lost=0, error=None),
            StageReport(name=Stage.INDEX, state=State.PENDING, errors=1, lost=0, error=BROKEN),
        ),
    )


def test_what_never_was_has_no_status(ledger: SqlLedger) -> None:
    with pytest.raises(NotFound):
        ledger.status.status("never-was")
    with pytest.raises(NotFound):
        ledger.status.retry("never-was")


def test_a_deleted_article_cannot_be_retried(ledger: SqlLedger) -> None:
    accept(ledger)
    ledger.accepting.delete(ARTICLE.id, "request-2")

    with pytest.raises(Gone):
        ledger.status.retry(ARTICLE.id)


def test_a_retry_starts_the_failed_stage_again(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger)
    fail_for_good(ledger, clock)

    assert ledger.status.retry(ARTICLE.id) == 1

    assert ledger.status.status(ARTICLE.id).stages[1] == StageReport(
        name=Stage.INDEX, state=State.PENDING, errors=0, lost=0, error=None
    )
    assert finish(ledger, claim(ledger)) == {ARTICLE.id}


def test_a_retry_leaves_alone_what_has_not_failed(ledger: SqlLedger) -> None:
    accept(ledger)
    finish(ledger, claim(ledger, Stage.SUMMARIZE))
    fail(ledger, claim(ledger, Stage.INDEX))
    before = ledger.status.status(ARTICLE.id)

    assert ledger.status.retry(ARTICLE.id) == 0
    assert ledger.status.status(ARTICLE.id) == before


def test_a_retried_suspect_still_goes_alone(ledger: SqlLedger, clock: FakeClock) -> None:
    accept_all(ledger, "a", "b")
    lose(ledger, claim(ledger))
    for _ in range(3):
        lose(ledger, claim(ledger, limit=1))
    assert failed_ids(ledger) == ["a"]
    clock.tick()

    ledger.status.retry("a")
    accept(ledger, id="c")

    assert [ids_of(claim(ledger)) for _ in range(3)] == [{"b"}, {"a"}, {"c"}]


def test_a_retry_waits_its_turn(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger, id="a")
    fail_for_good(ledger, clock)
    accept(ledger, id="b")
    clock.tick()

    ledger.status.retry("a")

    assert ids_of(claim(ledger, limit=1)) == {"b"}


# --- failures -------------------------------------------------------------------------------------


def test_failures_are_listed_in_order_of_id_page_by_page(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept_all(ledger, *"dbace")
    fail_for_good(ledger, clock)
    accept(ledger, id="f")

    first = ledger.status.failures(after=None, limit=3)
    rest = ledger.status.failures(after="c", limit=3)

    assert [report.id for report in first] == ["a", "b", "c"]
    assert [report.id for report in rest] == ["d", "e"]
    assert {report.status for report in first + rest} == {ArticleStatus.FAILED}


def test_an_article_whose_stages_all_failed_is_one_failure(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept(ledger)
    fail_for_good(ledger, clock, Stage.INDEX)
    fail_for_good(ledger, clock, Stage.SUMMARIZE)

    (failure,) = ledger.status.failures(after=None, limit=10)

    assert [stage.error for stage in failure.stages] == [BROKEN, BROKEN]
    assert ledger.status.retry(ARTICLE.id) == 2


def test_an_article_whose_relating_failed_is_ready_and_can_be_retried(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept(ledger)
    finish(ledger, claim(ledger, Stage.SUMMARIZE))
    finish(ledger, claim(ledger, Stage.INDEX))
    told = ledger.events.last_event()
    for _ in range(MAX_ERRORS):
        fail(ledger, claim(ledger, Stage.RELATE, Lane.BACKFILL))
        clock.tick(LONG)

    (failure,) = ledger.status.failures(after=None, limit=10)
    assert (failure.status, failure.stages[2].state) == (ArticleStatus.READY, State.FAILED)
    assert failure.stages[2].error == BROKEN
    assert ledger.status.stats().articles[ArticleStatus.READY] == 1
    assert ledger.events.last_event() == told
    assert ledger.status.retry(ARTICLE.id) == 1
    assert ids_of(claim(ledger, Stage.RELATE, Lane.BACKFILL)) == {ARTICLE.id}


def test_all_failures_are_retried_at_once(ledger: SqlLedger, clock: FakeClock) -> None:
    accept_all(ledger, "a", "b", "c")
    fail_for_good(ledger, clock, Stage.INDEX)
    fail_for_good(ledger, clock, Stage.SUMMARIZE)

    assert ledger.status.retry_failures() == 3

    assert failed_ids(ledger) == []
    assert ids_of(claim(ledger)) == {"a", "b", "c"}
    assert ledger.status.retry_failures() == 0


# --- stats ----------------------------------------------------------------------------------------


def test_an_empty_ledger_counts_zero_everywhere(ledger: SqlLedger) -> None:
    stats = ledger.status.stats()

    assert stats.articles == dict.fromkeys(ArticleStatus, 0)
    assert stats.stages == {stage: dict.fromkeys(State, 0) for stage in Stage}
    assert (stats.oldest_pending_at, stats.last_event) == (None, 0)


def test_the_counts_are_those_of_the_articles_one_by_one(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    ids = ["failed", "ready", "running", "waiting", "deleted", "deleted-done"]
    a_bit_of_everything(ledger, clock)

    stats = ledger.status.stats()

    reports = [ledger.status.status(article_id) for article_id in ids]
    stages = Counter((stage.name, stage.state) for report in reports for stage in report.stages)
    assert Counter(stats.articles) == Counter(report.status for report in reports)
    assert set(stats.articles) == set(ArticleStatus)
    assert stages.total() == 11
    for (stage, state), count in stages.items():
        assert stats.stages[stage][state] == count
    assert sum(sum(by_state.values()) for by_state in stats.stages.values()) == 11


def a_bit_of_everything(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger, id="failed")
    fail_for_good(ledger, clock)
    accept_all(ledger, "ready", "deleted-done")
    ledger.accepting.delete("deleted-done", "request-2")
    work_off(ledger)
    accept(ledger, id="running")
    claim(ledger)
    accept_all(ledger, "waiting", "deleted")
    ledger.accepting.delete("deleted", "request-3")


def test_the_oldest_waiting_work_is_told(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger, id="a")
    second = clock.tick()
    accept(ledger, id="b")
    assert ledger.status.stats().oldest_pending_at == START

    finish(ledger, claim(ledger, Stage.SUMMARIZE, limit=1))
    claim(ledger, Stage.INDEX, limit=1)

    assert ledger.status.stats().oldest_pending_at == second


# --- what the index should hold -------------------------------------------------------------------


def test_the_indexed_are_the_live_ones_whose_index_stage_is_done(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    a_bit_of_everything(ledger, clock)
    accept(ledger, id="changed")
    work_off(ledger)
    accept(ledger, id="changed", title="Ferry stays")
    work_off(ledger)

    assert ledger.status.indexed(after=None, limit=2) == [("changed", 2), ("ready", 1)]
    assert ledger.status.indexed(after="ready", limit=2) == [("waiting", 1)]


def test_requeued_work_is_done_again_behind_live_articles(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b")
    work_off(ledger)

    assert ledger.status.requeue(["a", "never-was"], Stage.INDEX) == 1

    assert ledger.working.waiting() == {(Stage.INDEX, Lane.BACKFILL)}
    assert ids_of(claim(ledger, lane=Lane.BACKFILL)) == {"a"}
    assert ledger.status.status("b").status is ArticleStatus.READY


def test_a_whole_stage_may_be_requeued(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b")
    work_off(ledger)

    assert ledger.status.requeue_all(Stage.INDEX) == 2

    assert ids_of(claim(ledger, lane=Lane.BACKFILL)) == {"a", "b"}


def test_ever_so_many_ids_may_be_requeued(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b")
    many = [f"gone-{number}" for number in range(70_000)]

    assert ledger.status.requeue(["a", *many, "b"], Stage.INDEX) == 2


# --- events ---------------------------------------------------------------------------------------


def told(ledger: SqlLedger) -> list[tuple[EventType, int, str]]:
    events = ledger.events.events(after=0, limit=1_000)
    return [(event.type, event.revision, event.correlation_id) for event in events]


def test_the_events_of_an_article_are_told_in_order_with_the_request_that_caused_them(
    ledger: SqlLedger,
) -> None:
    accept(ledger, correlation_id="first")
    finish(ledger, claim(ledger, Stage.INDEX))
    finish(ledger, claim(ledger, Stage.SUMMARIZE))
    accept(ledger, correlation_id="second", title="Ferry stays")
    finish(ledger, claim(ledger, Stage.SUMMARIZE))
    ledger.accepting.delete(ARTICLE.id, "third")
    finish(ledger, claim(ledger, Stage.INDEX))

    assert told(ledger) == [
        (EventType.ACCEPTED, 1, "first"),
        (EventType.INDEXED, 1, "first"),
        (EventType.SUMMARIZED, 1, "first"),
        (EventType.READY, 1, "first"),
        (EventType.ACCEPTED, 2, "second"),
        (EventType.SUMMARIZED, 2, "second"),
        (EventType.DELETED, 3, "third"),
    ]


@pytest.mark.parametrize("order", [FIRST_STAGES, FIRST_STAGES[::-1]])
def test_ready_is_told_once_when_the_last_of_the_first_stages_is_done(
    ledger: SqlLedger, order: Sequence[Stage]
) -> None:
    accept(ledger)

    readies = []
    for stage in (*order, Stage.RELATE):
        lane = Lane.BACKFILL if stage is Stage.RELATE else Lane.LIVE
        finish(ledger, claim(ledger, stage, lane))
        readies.append([type_ for type_, _, _ in told(ledger)].count(EventType.READY))

    assert readies == [0, 1, 1]


def test_a_failure_is_told_when_a_stage_gives_up(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger)
    fail(ledger, claim(ledger))
    assert [type_ for type_, _, _ in told(ledger)] == [EventType.ACCEPTED]

    clock.tick(LONG)
    fail(ledger, claim(ledger))
    clock.tick(LONG)
    fail(ledger, claim(ledger))

    assert told(ledger)[1:] == [(EventType.FAILED, 1, "request-1")]


def test_a_failure_by_losses_is_told_whoever_noticed_it(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept(ledger)
    for stage in FIRST_STAGES:
        for _ in range(3):
            lose(ledger, claim(ledger, stage))
    lose(ledger, claim(ledger, Stage.INDEX))
    claim(ledger, Stage.SUMMARIZE)
    clock.tick(LONG)
    ledger.working.sweep()

    assert told(ledger)[1:] == [(EventType.FAILED, 1, "request-1")] * 2


def test_only_what_failed_is_told_of_a_batch(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger, id="old")
    for _ in range(2):
        fail(ledger, claim(ledger))
        clock.tick(LONG)
    accept(ledger, id="new")

    fail(ledger, claim(ledger))

    events = ledger.events.events(after=2, limit=9)
    assert [(event.type, event.article_id) for event in events] == [(EventType.FAILED, "old")]


def test_events_are_numbered_upwards_and_read_in_pages(ledger: SqlLedger, clock: FakeClock) -> None:
    for article_id in "abcde":
        accept(ledger, id=article_id)
        clock.tick()

    first = ledger.events.events(after=0, limit=3)
    rest = ledger.events.events(after=first[-1].sequence, limit=3)

    assert [event.article_id for event in first + rest] == list("abcde")
    assert all(a.sequence < b.sequence for a, b in pairwise(first + rest))
    assert ledger.events.last_event() == rest[-1].sequence
    assert ledger.events.events(after=rest[-1].sequence, limit=3) == []


def test_an_event_says_when_and_of_what(ledger: SqlLedger) -> None:
    accept(ledger)

    assert ledger.events.events(after=0, limit=1) == [
        Event(
            sequence=1,
            type=EventType.ACCEPTED,
            article_id=ARTICLE.id,
            revision=1,
            correlation_id="request-1",
            occurred_at=START,
        )
    ]


def test_what_changed_nothing_is_no_event(ledger: SqlLedger) -> None:
    accept(ledger)
    accept(ledger)
    claim(ledger)
    ledger.working.void_claims()
    ledger.status.retry(ARTICLE.id)

    assert ledger.events.last_event() == 1
