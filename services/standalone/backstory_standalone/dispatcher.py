"""The dispatcher: the threads that turn a ring into work, and the one that sweeps up."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from backstory_shared.adapters.local_queue import LocalQueue
from backstory_shared.openings import Openings
from backstory_shared.ports import WorkLedger, WorkSource
from backstory_shared.stages import FIRST_STAGES, Lane, Stage
from backstory_standalone.memory import give_back
from backstory_summarize.runner import StageRunner

log = structlog.get_logger()

#: How long a ring that went missing can go unnoticed.
_LOOK_AGAIN_SECONDS = 1.0
_SWEEP_SECONDS = 3.0
#: Readers wait while the index is flushed. What is not flushed yet is in the engine's log.
_FLUSH_SECONDS = 15.0
_STOP_SECONDS = 5.0


@dataclass(frozen=True)
class Dispatcher:
    """Works in `threads` threads: one more than worker processes keeps them all busy."""

    runner: StageRunner
    source: WorkSource
    queue: LocalQueue
    threads: int
    _stopping: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        threads = [
            threading.Thread(
                target=self._work, args=(number,), name=f"dispatch-{number}", daemon=True
            )
            for number in range(self.threads)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            self.queue.wake_all()
            for thread in threads:
                thread.join(_STOP_SECONDS)

    def _work(self, number: int) -> None:
        while not self._stopping.is_set():
            if not self._one_batch(number):
                self.queue.wait(_LOOK_AGAIN_SECONDS)

    def _one_batch(self, number: int) -> bool:
        try:
            waiting = self.source.waiting()
            return any(
                self.runner.run(stage, lane)
                for stage, lane in _by_urgency(number)
                if (stage, lane) in waiting
            )
        except Exception as error:  # noqa: BLE001 - a thread that dies would leave work undone
            log.warning("dispatch_paused", reason=type(error).__name__)
            self._stopping.wait(_LOOK_AGAIN_SECONDS)
            return False


@contextmanager
def maintenance(ledger: WorkLedger, index: Openings) -> Iterator[None]:
    """Lose the claims whose lease ran out, and flush the index to disk, now and then."""
    stopping = threading.Event()
    thread = threading.Thread(target=_maintain, args=(ledger, index, stopping), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(_STOP_SECONDS)


def _maintain(ledger: WorkLedger, index: Openings, stopping: threading.Event) -> None:
    flushed = time.monotonic()
    while not stopping.wait(_SWEEP_SECONDS):
        try:
            ledger.sweep()
            if time.monotonic() - flushed >= _FLUSH_SECONDS:
                index.flush()
                give_back()
                flushed = time.monotonic()
        except Exception as error:  # noqa: BLE001 - it will be tried again, and must be
            log.warning("maintenance_paused", reason=type(error).__name__)
    index.flush()


def _by_urgency(number: int) -> list[tuple[Stage, Lane]]:
    """Live before backfill; every other thread begins with the other stage. Relating comes last."""
    turn = number % len(FIRST_STAGES)
    turned = FIRST_STAGES[turn:] + FIRST_STAGES[:turn]
    first = [(stage, lane) for lane in Lane for stage in turned]
    return first + [(Stage.RELATE, lane) for lane in Lane]
