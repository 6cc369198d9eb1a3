"""The tasks: what a message makes a worker do. They only translate; the ledger decides."""

import functools
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import ParamSpec

import structlog
from celery import Celery

from backstory_shared.adapters.broker import Broker
from backstory_shared.adapters.celery_queue import (
    CANARY,
    SWEEP,
    WORK,
    Doorbell,
    Timing,
    working_app,
)
from backstory_shared.adapters.ledger.working import SqlWorkLedger
from backstory_shared.logging import described
from backstory_shared.stages import Lane, Stage
from backstory_summarize.runner import StageRunner

P = ParamSpec("P")

log = structlog.get_logger()


@dataclass(frozen=True)
class Hands:
    """What a worker process works with; opened by its first task, kept for its life."""

    runner: StageRunner
    ledger: SqlWorkLedger
    broker: Broker
    doorbell: Doorbell


OpenHands = Callable[[], AbstractContextManager[Hands]]


def worker_app(
    redis_url: str,
    open_hands: OpenHands,
    rebuild: Callable[[], Celery],
    *,
    concurrency: int,
    timing: Timing,
) -> Celery:
    """The app of a worker and of the beat; `rebuild` makes the same one in a spawned process."""
    app = working_app(redis_url, timing, rebuild, concurrency=concurrency)
    _add_tasks(app, _Once(open_hands), timing)
    app.finalize()
    return app


@dataclass
class _Once:
    """Opens on first use, so that a process is up before it loads a model; then keeps it open."""

    open_hands: OpenHands
    _kept: ExitStack = field(default_factory=ExitStack)
    _hands: Hands | None = None

    def __call__(self) -> Hands:
        if self._hands is None:
            self._hands = self._kept.enter_context(self.open_hands())
        return self._hands


def _add_tasks(app: Celery, hands: Callable[[], Hands], timing: Timing) -> None:
    """Register the tasks on this app alone: `shared` tasks would appear on every other.

    Retries are those of a task whose process died: twice, after 5 s, so that a machine that is
    short of memory is not asked at once. The sweeper finds what is still to be done then.
    """
    options = {"shared": False, "max_retries": 2, "default_retry_delay": 5}

    def work(stage: str, lane: str, ids: Sequence[str] = ()) -> None:
        if stage in set(Stage) and lane in set(Lane):
            log.debug("rung", stage=stage, lane=lane, ids=ids)
            take_a_turn(hands(), Stage(stage), Lane(lane), timing)
        else:
            log.warning("unknown_ring")  # whoever can write to Redis is not trusted

    def sweep() -> None:
        sweep_up(hands())

    def canary(worker: str) -> None:
        hands().broker.arrived(worker)

    for name, function in ((WORK, work), (SWEEP, sweep), (CANARY, canary)):
        app.task(name=name, **options)(_patient(function))


def _patient(function: Callable[P, None]) -> Callable[P, None]:
    """What is down now is up later, and the sweeper rings again: no task is worth a traceback."""

    @functools.wraps(function)
    def patient(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the sweeper rings again
            log.warning("task_paused", task=function.__name__, **described(error))

    return patient


def take_a_turn(hands: Hands, stage: Stage, lane: Lane, timing: Timing) -> None:
    """Work until nothing is due or the turn is over, live articles first.

    Whoever finds enough for a second batch calls another pair of hands, and so is followed by one
    when the turn ends with work left. What is in the index can be related.
    """
    ends = time.monotonic() + timing.turn.total_seconds()
    batches = 0
    while time.monotonic() < ends and _one_batch(hands.runner, stage, lane):
        batches += 1
        if batches == 2:
            _ring(hands.doorbell, stage, lane)
    if batches and stage is Stage.INDEX:
        _ring(hands.doorbell, Stage.RELATE, Lane.BACKFILL)


def _ring(doorbell: Doorbell, stage: Stage, lane: Lane) -> None:
    try:
        doorbell.ring(stage, lane)
    except Exception as error:  # noqa: BLE001 - a worker in full swing needs no Redis to go on
        log.warning("ring_failed", stage=stage, lane=lane, error=type(error).__name__)


def _one_batch(runner: StageRunner, stage: Stage, lane: Lane) -> bool:
    return runner.run(stage, Lane.LIVE) or (lane is not Lane.LIVE and runner.run(stage, lane))


def sweep_up(hands: Hands) -> None:
    """Take lost work back, ring for all that is due, and ask each worker if it still listens.

    Two sweepers at a time do no harm: a claim is lost once, and a ring too many finds nothing.
    """
    if hands.broker.is_new():
        log.warning("broker_is_new")
    hands.ledger.sweep()
    for stage, lane in sorted(hands.ledger.waiting()):
        hands.doorbell.ring(stage, lane)
    hands.broker.forget_the_gone()
    for worker in hands.broker.silences():
        hands.doorbell.send_canary(worker)
