"""What a ring makes a worker do: a turn of batches, live ones first; then others may."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from backstory_shared.adapters.celery_queue import Doorbell, Timing
from backstory_shared.stages import Lane, Stage
from backstory_summarize.runner import StageRunner
from backstory_summarize.tasks import Hands, take_a_turn

TIMING = Timing(turn=timedelta(seconds=30))


@dataclass
class Runner:
    """As many batches as there are said to be."""

    batches: dict[Lane, int]
    done: list[Lane] = field(default_factory=list)

    def run(self, stage: Stage, lane: Lane) -> bool:
        if not self.batches.get(lane):
            return False
        self.batches[lane] -= 1
        self.done.append(lane)
        return True


@dataclass
class Bell:
    broken: bool = False
    rung: list[tuple[Stage, Lane]] = field(default_factory=list)

    def ring(self, stage: Stage, lane: Lane, ids: Sequence[str] = ()) -> None:
        if self.broken:
            raise ConnectionError
        self.rung.append((stage, lane))


def hands(runner: Runner, bell: Bell) -> Hands:
    nothing: Any = None
    return Hands(cast(StageRunner, runner), nothing, nothing, cast(Doorbell, bell))


def turn(
    runner: Runner,
    lane: Lane,
    bell: Bell | None = None,
    timing: Timing = TIMING,
    stage: Stage = Stage.SUMMARIZE,
) -> Bell:
    bell = bell or Bell()
    take_a_turn(hands(runner, bell), stage, lane, timing)
    return bell


def test_a_turn_does_all_that_is_due() -> None:
    runner = Runner({Lane.LIVE: 3})

    turn(runner, Lane.LIVE)

    assert runner.done == [Lane.LIVE] * 3


def test_a_backfill_does_live_articles_first() -> None:
    runner = Runner({Lane.LIVE: 2, Lane.BACKFILL: 2})

    turn(runner, Lane.BACKFILL)

    assert runner.done == [Lane.LIVE, Lane.LIVE, Lane.BACKFILL, Lane.BACKFILL]


def test_a_ring_for_live_articles_leaves_the_backfill_alone() -> None:
    runner = Runner({Lane.BACKFILL: 2})

    turn(runner, Lane.LIVE)

    assert runner.done == []


def test_whoever_finds_a_second_batch_calls_another_once() -> None:
    assert turn(Runner({Lane.LIVE: 1}), Lane.LIVE).rung == []
    assert turn(Runner({Lane.LIVE: 5}), Lane.LIVE).rung == [(Stage.SUMMARIZE, Lane.LIVE)]


def test_what_was_indexed_is_rung_for_to_be_related() -> None:
    nothing_due = turn(Runner({}), Lane.LIVE, stage=Stage.INDEX)
    indexed = turn(Runner({Lane.LIVE: 1}), Lane.LIVE, stage=Stage.INDEX)

    assert nothing_due.rung == []
    assert indexed.rung == [(Stage.RELATE, Lane.BACKFILL)]


def test_a_turn_ends_even_if_work_is_left() -> None:
    runner = Runner({Lane.LIVE: 5})

    turn(runner, Lane.LIVE, timing=Timing(turn=timedelta(0)))

    assert len(runner.done) < 5


def test_a_bell_that_is_broken_ends_no_turn() -> None:
    runner = Runner({Lane.LIVE: 5})

    turn(runner, Lane.LIVE, Bell(broken=True))

    assert len(runner.done) == 5
