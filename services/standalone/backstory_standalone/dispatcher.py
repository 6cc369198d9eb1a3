"""The dispatcher: the threads that turn a ring into work, and the one that sweeps up."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

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
#: Nobody rings for relating.
_LOOK_FOR_RELATING_SECONDS = 0.1
_SWEEP_SECONDS = 3.0
#: Readers wait while the index is flushed. What is not flushed yet is in the engine's log.
_FLUSH_SECONDS = 15.0
_STOP_SECONDS = 5.0
_MAKE_WAY = 4


class _Turn(NamedTuple):
    """What came of looking for work once."""

    worked: bool
    import_waits: bool


@dataclass(frozen=True)
class Dispatcher:
    """Works in `threads` threads: one more than worker processes keeps them all busy.

    Relating has a thread of its own beside them, so that no live article waits for it. It rests for
    as long as it worked, so that readers have the interpreter half of the time, and for longer
    during an import.
    """

    runner: StageRunner
    source: WorkSource
    queue: LocalQueue
    threads: int
    _stopping: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        threads = [
            threading.Thread(
                target=self._work, args=(_by_urgency(number),), name=f"dispatch-{number}"
            )
            for number in range(self.threads)
        ]
        threads.append(threading.Thread(target=self._relate, name="dispatch-relate"))
        for thread in threads:
            thread.daemon = True
            thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            self.queue.wake_all()
            for thread in threads:
                thread.join(_STOP_SECONDS)

    def _work(self, order: Sequence[tuple[Stage, Lane]]) -> None:
        while not self._stopping.is_set():
            if not self._one_batch(order).worked:
                self.queue.wait(_LOOK_AGAIN_SECONDS)

    def _relate(self) -> None:
        """It listens to no ring: one that it heard would be missing to those who work."""
        order = [(Stage.RELATE, lane) for lane in Lane]
        while not self._stopping.is_set():
            began = time.monotonic()
            turn = self._one_batch(order)
            rest = (time.monotonic() - began) * (_MAKE_WAY if turn.import_waits else 1)
            self._stopping.wait(rest if turn.worked else _LOOK_FOR_RELATING_SECONDS)

    def _one_batch(self, order: Sequence[tuple[Stage, Lane]]) -> _Turn:
        try:
            waiting = self.source.waiting()
            worked = any(
                self.runner.run(stage, lane) for stage, lane in order if (stage, lane) in waiting
            )
            return _Turn(worked, any(stage in FIRST_STAGES for stage, _ in waiting))
        except Exception as error:  # noqa: BLE001 - a thread that dies would leave work undone
            log.warning("dispatch_paused", reason=type(error).__name__)
            self._stopping.wait(_LOOK_AGAIN_SECONDS)
            return _Turn(worked=False, import_waits=False)


@contextmanager
def maintenance(ledger: WorkLedger, index: Openings, folder: Path) -> Iterator[None]:
    """Lose the claims whose lease ran out, and flush the index to disk, now and then."""
    stopping = threading.Event()
    thread = threading.Thread(target=_maintain, args=(ledger, index, folder, stopping), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(_STOP_SECONDS)


def _maintain(ledger: WorkLedger, index: Openings, folder: Path, stopping: threading.Event) -> None:
    flushed = time.monotonic()
    while not stopping.wait(_SWEEP_SECONDS):
        try:
            ledger.sweep()
            if time.monotonic() - flushed >= _FLUSH_SECONDS:
                index.flush()
                give_back(folder)
                flushed = time.monotonic()
        except Exception as error:  # noqa: BLE001 - it will be tried again, and must be
            log.warning("maintenance_paused", reason=type(error).__name__)
    index.flush()


def _by_urgency(number: int) -> list[tuple[Stage, Lane]]:
    """Live before backfill; every other thread begins with the other stage."""
    turn = number % len(FIRST_STAGES)
    turned = FIRST_STAGES[turn:] + FIRST_STAGES[:turn]
    return [(stage, lane) for lane in Lane for stage in turned]
