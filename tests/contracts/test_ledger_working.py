"""WorkLedger and WorkSource: who does what, and whose result is kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.ports import Batch, StageReport
from backstory_shared.stages import (
    BACKOFF,
    LEASE,
    RELEASE_PAUSE,
    ArticleStatus,
    Lane,
    Reason,
    Stage,
    State,
)
from backstory_shared.summaries import SummaryState
from support.clocks import FakeClock
from support.drafts import ARTICLE, SUMMARY
from support.ledgers import (
    BROKEN,
    WORKER_LOST,
    accept,
    accept_all,
    claim,
    fail,
    finish,
    ids_of,
    lose,
    release,
    work_off,
)

LONG = 3_600


def index_stage(ledger: SqlLedger, article_id: str = ARTICLE.id) -> StageReport:
    (report,) = (s for s in ledger.status.status(article_id).stages if s.name is Stage.INDEX)
    return report


# --- claiming -------------------------------------------------------------------------------------


def test_a_claim_takes_the_oldest_and_at_most_so_many(ledger: SqlLedger, clock: FakeClock) -> None:
    for article_id in ("c", "a", "b"):
        accept(ledger, id=article_id)
        clock.tick()

    assert ids_of(claim(ledger, limit=2)) == {"c", "a"}
    assert ids_of(claim(ledger, limit=2)) == {"b"}


def test_articles_of_one_batch_are_claimed_in_order_of_id(ledger: SqlLedger) -> None:
    accept_all(ledger, "c", "a", "b")

    assert [ids_of(claim(ledger, limit=1)) for _ in range(3)] == [{"a"}, {"b"}, {"c"}]


def test_the_lanes_are_claimed_separately(ledger: SqlLedger) -> None:
    accept(ledger, id="old", lane=Lane.BACKFILL)
    accept(ledger, id="new", lane=Lane.LIVE)

    assert ids_of(claim(ledger, lane=Lane.LIVE)) == {"new"}
    assert ids_of(claim(ledger, lane=Lane.BACKFILL)) == {"old"}


def test_the_stages_are_claimed_separately(ledger: SqlLedger) -> None:
    accept(ledger)

    assert claim(ledger, Stage.SUMMARIZE).stage is Stage.SUMMARIZE
    assert claim(ledger, Stage.INDEX).stage is Stage.INDEX
    assert ledger.working.claim(Stage.INDEX, Lane.LIVE, 64) is None


def test_a_claim_carries_what_the_work_is_about(ledger: SqlLedger) -> None:
    accept(ledger)
    accept(ledger, title="Ferry stays", correlation_id="request-2")

    batch = claim(ledger)

    (work,) = batch.items
    assert (batch.stage, batch.lane) == (Stage.INDEX, Lane.LIVE)
    assert (work.article_id, work.revision) == (ARTICLE.id, 2)
    assert work.correlation_id == "request-2"


def test_nothing_due_is_no_batch(ledger: SqlLedger) -> None:
    assert ledger.working.claim(Stage.INDEX, Lane.LIVE, 64) is None


def test_every_claim_has_a_token_of_its_own(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b")

    assert claim(ledger, limit=1).token != claim(ledger, limit=1).token


def test_two_claimers_never_get_the_same_row(ledger: SqlLedger) -> None:
    accept_all(ledger, *(f"a{number:03}" for number in range(120)))

    def drain(_: int) -> list[str]:
        got: list[str] = []
        while batch := ledger.working.claim(Stage.INDEX, Lane.LIVE, 7):
            got += ids_of(batch)
        return got

    with ThreadPoolExecutor(6) as threads:
        claimed = [article_id for got in threads.map(drain, range(6)) for article_id in got]

    assert len(claimed) == len(set(claimed)) == 120


def test_the_waiting_are_told_by_stage_and_lane(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger, id="a", lane=Lane.BACKFILL)
    accept(ledger, id="b")
    finish(ledger, claim(ledger, Stage.SUMMARIZE, Lane.BACKFILL))
    fail(ledger, claim(ledger, Stage.INDEX, Lane.LIVE))

    assert ledger.working.waiting() == {
        (Stage.SUMMARIZE, Lane.LIVE),
        (Stage.INDEX, Lane.BACKFILL),
    }
    clock.tick(LONG)
    assert (Stage.INDEX, Lane.LIVE) in ledger.working.waiting()


# --- finishing ------------------------------------------------------------------------------------


def test_both_stages_done_make_an_article_ready(ledger: SqlLedger) -> None:
    accept(ledger)

    assert finish(ledger, claim(ledger, Stage.INDEX)) == {ARTICLE.id}
    assert ledger.status.status(ARTICLE.id).status is ArticleStatus.ACCEPTED
    assert finish(ledger, claim(ledger, Stage.SUMMARIZE)) == {ARTICLE.id}
    assert ledger.status.status(ARTICLE.id).status is ArticleStatus.READY


def test_a_finished_summary_is_kept_with_its_article(ledger: SqlLedger) -> None:
    accept(ledger)

    finish(ledger, claim(ledger, Stage.SUMMARIZE))

    assert ledger.reading.entry(ARTICLE.id).summary.summary == SUMMARY


def test_a_batch_may_be_finished_in_parts(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b", "c")
    batch = claim(ledger)

    assert ledger.working.finish(batch, {"a": None}) == {"a"}
    ledger.working.fail(batch, {"b": BROKEN})
    ledger.working.lose(batch, ["c"], WORKER_LOST)

    assert [index_stage(ledger, id_).state for id_ in "abc"] == [
        State.DONE,
        State.PENDING,
        State.PENDING,
    ]


def test_finishing_twice_is_finishing_once(ledger: SqlLedger) -> None:
    accept(ledger)
    batch = claim(ledger)
    finish(ledger, batch)
    told = ledger.events.last_event()

    assert finish(ledger, batch) == set()
    assert ledger.events.last_event() == told


def test_a_result_for_an_article_that_was_not_claimed_is_not_kept(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b")
    batch = claim(ledger, limit=1)

    assert ledger.working.finish(batch, {"a": None, "b": None}) == {"a"}
    assert index_stage(ledger, "b").state is State.PENDING


def updated(ledger: SqlLedger, _clock: FakeClock) -> None:
    accept(ledger, title="Ferry stays")


def updated_and_claimed(ledger: SqlLedger, _clock: FakeClock) -> None:
    accept(ledger, title="Ferry stays")
    claim(ledger, Stage.SUMMARIZE)


def deleted(ledger: SqlLedger, _clock: FakeClock) -> None:
    ledger.accepting.delete(ARTICLE.id, "request-2")


def deleted_and_posted_again(ledger: SqlLedger, clock: FakeClock) -> None:
    deleted(ledger, clock)
    accept(ledger)


def swept(ledger: SqlLedger, clock: FakeClock) -> None:
    clock.tick(LONG)
    ledger.working.sweep()


def swept_and_claimed(ledger: SqlLedger, clock: FakeClock) -> None:
    swept(ledger, clock)
    claim(ledger, Stage.SUMMARIZE)


def voided(ledger: SqlLedger, _clock: FakeClock) -> None:
    ledger.working.void_claims()


def requeued(ledger: SqlLedger, _clock: FakeClock) -> None:
    ledger.status.requeue([ARTICLE.id], Stage.SUMMARIZE)


OVERTAKEN = pytest.mark.parametrize(
    "overtake",
    [
        updated,
        updated_and_claimed,
        deleted,
        deleted_and_posted_again,
        swept,
        swept_and_claimed,
        voided,
        requeued,
    ],
)
Overtake = Callable[[SqlLedger, FakeClock], None]


@OVERTAKEN
def test_whatever_a_zombie_brings_comes_to_nothing(
    ledger: SqlLedger, clock: FakeClock, overtake: Overtake
) -> None:
    accept(ledger)
    zombie = claim(ledger, Stage.SUMMARIZE)
    overtake(ledger, clock)
    before = ledger.status.status(ARTICLE.id), ledger.events.last_event()

    assert finish(ledger, zombie) == set()
    fail(ledger, zombie)
    lose(ledger, zombie)
    ledger.working.release(zombie)

    assert (ledger.status.status(ARTICLE.id), ledger.events.last_event()) == before


@OVERTAKEN
def test_a_zombies_summary_is_not_kept(
    ledger: SqlLedger, clock: FakeClock, overtake: Overtake
) -> None:
    accept(ledger)
    zombie = claim(ledger, Stage.SUMMARIZE)
    overtake(ledger, clock)
    accept(ledger, text="Another text. It is longer. It goes on.")

    finish(ledger, zombie)

    # Not even as the summary of an earlier revision, which would make this one stale.
    assert ledger.reading.entry(ARTICLE.id).summary.state is SummaryState.PENDING


def test_a_token_that_was_never_given_finishes_nothing(ledger: SqlLedger) -> None:
    accept(ledger)
    forged = replace(claim(ledger), token="forged")

    assert finish(ledger, forged) == set()
    assert index_stage(ledger).state is State.RUNNING


def test_a_slow_worker_whose_claim_was_not_swept_yet_may_still_finish(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept(ledger)
    batch = claim(ledger)
    clock.tick(LONG)

    assert finish(ledger, batch) == {ARTICLE.id}
    assert ledger.working.sweep() == 0


# --- errors ---------------------------------------------------------------------------------------


def test_an_error_makes_the_article_wait_and_says_why(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger)
    fail(ledger, claim(ledger))

    assert index_stage(ledger) == StageReport(
        name=Stage.INDEX, state=State.PENDING, errors=1, lost=0, error=BROKEN
    )
    clock.tick((BACKOFF - timedelta(microseconds=1)).total_seconds())
    assert ledger.working.claim(Stage.INDEX, Lane.LIVE, 64) is None
    clock.tick(0.000001)
    assert ids_of(claim(ledger)) == {ARTICLE.id}


def test_the_second_wait_is_twice_the_first(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger)
    for wait in (BACKOFF, BACKOFF * 2):
        fail(ledger, claim(ledger))
        clock.tick(wait.total_seconds() - 1)
        assert ledger.working.claim(Stage.INDEX, Lane.LIVE, 64) is None
        clock.tick(1)


def test_the_third_error_fails_the_stage_and_spares_the_other(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept(ledger)
    for _ in range(3):
        fail(ledger, claim(ledger))
        clock.tick(LONG)

    assert index_stage(ledger) == StageReport(
        name=Stage.INDEX, state=State.FAILED, errors=3, lost=0, error=BROKEN
    )
    assert ledger.working.waiting() == {(Stage.SUMMARIZE, Lane.LIVE)}
    assert ledger.status.status(ARTICLE.id).status is ArticleStatus.FAILED


def test_each_article_of_a_batch_fails_for_its_own_reason(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b", "c")
    slow = Reason(type="out-of-time", detail="The time limit ran out.")

    ledger.working.fail(claim(ledger), {"a": BROKEN, "b": slow, "c": BROKEN})

    assert [index_stage(ledger, id_).error for id_ in "abc"] == [BROKEN, slow, BROKEN]


def test_success_after_an_error_clears_the_reason(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger)
    fail(ledger, claim(ledger))
    clock.tick(LONG)
    finish(ledger, claim(ledger))

    assert index_stage(ledger) == StageReport(
        name=Stage.INDEX, state=State.DONE, errors=1, lost=0, error=None
    )


# --- losses ---------------------------------------------------------------------------------------


def test_after_a_loss_each_article_goes_alone(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b", "c")
    lose(ledger, claim(ledger))

    assert [ids_of(claim(ledger)) for _ in range(3)] == [{"a"}, {"b"}, {"c"}]


def test_whoever_must_go_alone_holds_up_nobody_and_is_not_passed_over(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept_all(ledger, "b", "d")
    suspects = claim(ledger)
    clock.tick(-1)
    accept_all(ledger, "a", "c")
    lose(ledger, suspects)
    clock.tick(2)
    accept_all(ledger, "e", "f")

    claimed = [ids_of(claim(ledger)) for _ in range(3)]

    assert claimed == [{"a", "c", "e", "f"}, {"b"}, {"d"}]


def test_the_loss_of_a_whole_batch_is_held_against_nobody(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b")
    lose(ledger, claim(ledger))

    assert index_stage(ledger, "a") == StageReport(
        name=Stage.INDEX, state=State.PENDING, errors=0, lost=0, error=WORKER_LOST
    )


def lose_alone(ledger: SqlLedger, times: int) -> None:
    lose(ledger, claim(ledger))
    for _ in range(times):
        lose(ledger, claim(ledger))


def test_two_losses_alone_are_forgiven(ledger: SqlLedger) -> None:
    accept(ledger)
    lose_alone(ledger, 2)

    assert index_stage(ledger).lost == 2
    assert finish(ledger, claim(ledger)) == {ARTICLE.id}


def test_the_third_loss_alone_fails_the_stage(ledger: SqlLedger) -> None:
    accept(ledger)
    lose_alone(ledger, 3)

    assert index_stage(ledger) == StageReport(
        name=Stage.INDEX, state=State.FAILED, errors=0, lost=3, error=WORKER_LOST
    )


def test_errors_and_losses_do_not_add_up(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger)
    lose_alone(ledger, 2)
    for _ in range(2):
        fail(ledger, claim(ledger))
        clock.tick(LONG)

    stage = index_stage(ledger)
    assert (stage.state, stage.errors, stage.lost) == (State.PENDING, 2, 2)


def test_the_guilty_one_fails_and_those_around_it_get_done(ledger: SqlLedger) -> None:
    accept_all(ledger, *"abcdef")

    for _ in range(1 + len("abcdef") + 2):
        batch = claim(ledger)
        (lose if "d" in ids_of(batch) else finish)(ledger, batch)

    states = {id_: index_stage(ledger, id_).state for id_ in "abcdef"}
    assert states == dict.fromkeys("abcef", State.DONE) | {"d": State.FAILED}


# --- what is nobody's fault -----------------------------------------------------------------------


def test_released_work_rests_a_little_and_nothing_is_counted(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept_all(ledger, "a", "b")
    for _ in range(5):
        ledger.working.release(claim(ledger))
        assert ledger.working.claim(Stage.INDEX, Lane.LIVE, 64) is None
        clock.tick(RELEASE_PAUSE.total_seconds())

    assert index_stage(ledger, "a") == StageReport(
        name=Stage.INDEX, state=State.PENDING, errors=0, lost=0, error=None
    )
    assert ids_of(claim(ledger)) == {"a", "b"}


# --- leases ---------------------------------------------------------------------------------------


def test_a_lease_that_ran_out_is_a_loss(ledger: SqlLedger, clock: FakeClock) -> None:
    accept_all(ledger, "a", "b")
    claim(ledger)
    clock.tick(LEASE.total_seconds() + 1)

    assert ledger.working.sweep() == 2

    stage = index_stage(ledger, "a")
    assert (stage.state, stage.lost) == (State.PENDING, 0)
    assert stage.error is not None
    assert stage.error.type == "worker-lost"
    assert ids_of(claim(ledger)) == {"a"}


def test_a_lease_that_runs_out_this_very_moment_still_holds(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept(ledger)
    batch = claim(ledger)
    clock.tick(LEASE.total_seconds())

    assert ledger.working.sweep() == 0
    assert finish(ledger, batch) == {ARTICLE.id}


def test_an_article_that_kills_whoever_touches_it_fails_in_the_end(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept(ledger)
    for _ in range(4):
        claim(ledger)
        clock.tick(LONG)
        ledger.working.sweep()

    stage = index_stage(ledger)
    assert (stage.state, stage.lost) == (State.FAILED, 3)
    assert stage.error is not None
    assert stage.error.type == "worker-lost"


def test_a_start_takes_back_every_claim_and_counts_none(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept_all(ledger, "a", "b")
    for _ in range(5):
        claim(ledger, Stage.INDEX)
        claim(ledger, Stage.SUMMARIZE)
        assert ledger.working.void_claims() == 4

    assert index_stage(ledger, "a") == StageReport(
        name=Stage.INDEX, state=State.PENDING, errors=0, lost=0, error=None
    )
    assert ids_of(claim(ledger)) == {"a", "b"}


def test_what_is_deleted_under_a_claim_is_removed_when_the_claim_has_come_to_its_end(
    ledger: SqlLedger,
) -> None:
    """Whoever held it may have written it once more, just before they say that they are done."""
    accept_all(ledger, "a", "b")
    held = claim(ledger)
    ledger.accepting.delete("a", "request-9")

    before = ledger.working.claim(Stage.INDEX, Lane.LIVE, 9)
    finish(ledger, held)

    assert before is None
    assert ids_of(claim(ledger)) == {"a"}


@pytest.mark.parametrize("end", [fail, lose, release])
def test_it_is_removed_however_the_claim_ends(
    ledger: SqlLedger, end: Callable[[SqlLedger, Batch], object]
) -> None:
    accept_all(ledger, "a")
    held = claim(ledger)
    ledger.accepting.delete("a", "request-9")

    end(ledger, held)

    assert ids_of(claim(ledger)) == {"a"}


def change_and_delete(ledger: SqlLedger) -> None:
    accept(ledger, id="a", title="Ferry stays")
    ledger.accepting.delete("a", "request-9")


def delete_and_post_and_delete(ledger: SqlLedger) -> None:
    ledger.accepting.delete("a", "request-8")
    change_and_delete(ledger)


def requeue_and_delete(ledger: SqlLedger) -> None:
    ledger.status.requeue(["a"], Stage.INDEX)
    ledger.accepting.delete("a", "request-9")


OTHERWISE = pytest.mark.parametrize(
    "delete", [change_and_delete, delete_and_post_and_delete, requeue_and_delete]
)


@OTHERWISE
def test_whatever_comes_between_it_is_not_removed_before_the_claim_has_come_to_its_end(
    ledger: SqlLedger, delete: Callable[[SqlLedger], None]
) -> None:
    accept_all(ledger, "a", "b")
    held = claim(ledger)
    delete(ledger)

    assert [ledger.working.claim(Stage.INDEX, lane, 9) for lane in Lane] == [None, None]
    finish(ledger, held)
    assert ids_of(claim(ledger)) == {"a"}


@OTHERWISE
def test_whatever_comes_between_it_is_removed_when_whoever_held_it_must_be_gone(
    ledger: SqlLedger, clock: FakeClock, delete: Callable[[SqlLedger], None]
) -> None:
    accept_all(ledger, "a")
    claim(ledger)
    delete(ledger)

    clock.tick(LEASE.total_seconds())

    assert ids_of(claim(ledger)) == {"a"}


def test_nobody_is_at_work_on_an_article_in_the_index_beside_another(ledger: SqlLedger) -> None:
    accept(ledger)
    held = claim(ledger)
    accept(ledger, title="Ferry stays")

    assert ledger.working.claim(Stage.INDEX, Lane.LIVE, 9) is None
    assert finish(ledger, held) == set()
    assert [work.revision for work in claim(ledger).items] == [2]


def test_it_is_removed_when_whoever_held_it_must_be_gone(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept_all(ledger, "a")
    claim(ledger)
    ledger.accepting.delete("a", "request-9")

    clock.tick(LEASE.total_seconds())

    assert ids_of(claim(ledger)) == {"a"}


def test_a_start_waits_for_nobody(ledger: SqlLedger) -> None:
    accept_all(ledger, "a")
    claim(ledger)
    ledger.accepting.delete("a", "request-9")

    assert ledger.working.void_claims() == 1
    assert ids_of(claim(ledger)) == {"a"}


def test_a_start_leaves_alone_what_nobody_held(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b")
    finish(ledger, claim(ledger, limit=1))
    fail(ledger, claim(ledger, limit=1))
    before = [ledger.status.status(id_) for id_ in "ab"]

    assert ledger.working.void_claims() == 0
    assert [ledger.status.status(id_) for id_ in "ab"] == before


def test_a_batch_that_was_worked_off_leaves_nothing_waiting(ledger: SqlLedger) -> None:
    accept_all(ledger, *"abc")
    work_off(ledger)

    assert ledger.working.waiting() == set()
    assert {ledger.status.status(id_).status for id_ in "abc"} == {ArticleStatus.READY}


def test_results_for_nothing_are_nothing(ledger: SqlLedger) -> None:
    accept(ledger)
    batch = claim(ledger)

    assert ledger.working.finish(batch, {}) == set()
    ledger.working.fail(batch, {})
    ledger.working.lose(batch, [], WORKER_LOST)

    assert finish(ledger, batch) == {ARTICLE.id}
