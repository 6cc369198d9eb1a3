"""The runner: whatever happens to a batch, each of its articles comes to a just end."""

from dataclasses import dataclass

import pytest

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.errors import OutOfTime, StageError, StoreUnavailable, WorkerDied
from backstory_shared.ports import StageReport
from backstory_shared.stages import RELEASE_PAUSE, Lane, Stage, State
from backstory_summarize.runner import StageRunner
from backstory_summarize.work import StageWork
from support.clocks import FakeClock
from support.ledgers import BROKEN, accept, accept_all
from support.stage_work import Interrupted, Poison, Trouble


@dataclass(frozen=True)
class Desk:
    """A ledger, and a runner of one stage over it."""

    ledger: SqlLedger
    clock: FakeClock

    def run(self, stage: StageWork) -> bool:
        runner = StageRunner(self.ledger.working, {Stage.SUMMARIZE: stage})
        return runner.run(Stage.SUMMARIZE, Lane.LIVE)

    def run_all(self, stage: StageWork) -> None:
        """Until nothing is due, however long one waits."""
        while self.run(stage):
            self.clock.tick(3_600)

    def report(self, article_id: str) -> StageReport:
        stages = self.ledger.status.status(article_id).stages
        return next(each for each in stages if each.name is Stage.SUMMARIZE)

    def states(self, *article_ids: str) -> list[State]:
        return [self.report(article_id).state for article_id in article_ids]


@pytest.fixture
def desk(ledger: SqlLedger, clock: FakeClock) -> Desk:
    accept_all(ledger, "a", "b", "c")
    return Desk(ledger, clock)


def test_where_nothing_is_due_nothing_is_done(desk: Desk) -> None:
    desk.run_all(Trouble("nobody", WorkerDied()))

    assert not desk.run(Trouble("a", WorkerDied()))
    assert desk.states("a", "b", "c") == [State.DONE] * 3


def test_after_a_death_each_article_of_the_batch_goes_alone(desk: Desk) -> None:
    stage = Trouble("b", WorkerDied())

    desk.run_all(stage)

    assert stage.batches[0] == {"a", "b", "c"}
    assert all(len(batch) == 1 for batch in stage.batches[1:])


def test_only_the_article_that_kills_its_worker_fails_for_it(desk: Desk) -> None:
    desk.run_all(Trouble("b", WorkerDied()))

    found = desk.report("b")
    assert desk.states("a", "b", "c") == [State.DONE, State.FAILED, State.DONE]
    assert (found.errors, found.lost) == (0, 3)
    assert found.error is not None
    assert found.error.type == "worker-lost"
    assert desk.report("a").lost == 0


def test_an_article_that_takes_too_long_fails_alone_and_as_an_error(desk: Desk) -> None:
    stage = Trouble("b", OutOfTime())

    desk.run_all(stage)

    found = desk.report("b")
    assert desk.states("a", "b", "c") == [State.DONE, State.FAILED, State.DONE]
    assert (found.errors, found.lost) == (3, 0)
    assert found.error is not None
    assert found.error.type == "out-of-time"


def test_a_poisonous_article_fails_alone_while_the_others_get_done(desk: Desk) -> None:
    desk.run(Poison("b", BROKEN))

    assert desk.states("a", "b", "c") == [State.DONE, State.PENDING, State.DONE]
    assert desk.report("b").errors == 1


def test_a_poisonous_article_is_tried_three_times_and_then_failed_with_its_reason(
    desk: Desk,
) -> None:
    desk.run_all(Poison("b", BROKEN))

    found = desk.report("b")
    assert (found.state, found.errors, found.error) == (State.FAILED, 3, BROKEN)


def test_an_error_of_the_stage_itself_is_counted_against_the_whole_batch(desk: Desk) -> None:
    desk.run(Trouble("b", StageError("ValueError in somewhere.py, line 3")))

    assert [desk.report(article_id).errors for article_id in "abc"] == [1, 1, 1]


def test_what_the_machine_prevents_is_counted_against_nobody(desk: Desk) -> None:
    desk.run(Trouble("b", StoreUnavailable()))

    for found in map(desk.report, "abc"):
        assert (found.state, found.errors, found.lost) == (State.PENDING, 0, 0)


def test_what_the_machine_prevents_is_done_after_a_pause(desk: Desk) -> None:
    desk.run(Trouble("b", StoreUnavailable()))
    assert not desk.run(Trouble("nobody", StoreUnavailable()))

    desk.clock.tick(RELEASE_PAUSE.total_seconds())

    assert desk.run(Trouble("nobody", StoreUnavailable()))
    assert desk.states("a", "b", "c") == [State.DONE] * 3


def test_a_result_for_an_older_revision_is_dropped(desk: Desk) -> None:
    desk.run(Interrupted(lambda: accept(desk.ledger, id="b", title="Corrected")))

    assert desk.states("a", "b", "c") == [State.DONE, State.PENDING, State.DONE]
    assert desk.ledger.reading.entry("b").summary.summary is None
