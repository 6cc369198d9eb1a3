"""InlineCompute: pure functions in the process that asks, for one that is itself a worker."""

import signal
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import ParamSpec, TypeVar

from backstory_shared.errors import OutOfTime, StageError

P = ParamSpec("P")
T = TypeVar("T")

_LOOK_AGAIN_SECONDS = 0.5


class _RanOut(BaseException):
    """Not an Exception: code that sets one bad article apart must not take it for that."""


@dataclass(frozen=True)
class InlineCompute:
    """Implements Compute in the main thread of its process; `most` bounds every call.

    Both count seconds of a processor: on a machine with too much to do the clock says little. A
    call that has not had its own yet goes on until `by_the_clock` have passed.

    WorkerDied cannot come from here: who dies takes the caller along, and the lease tells of it.
    """

    most: float
    by_the_clock: float

    def submit(
        self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        future: Future[T] = Future()
        limit = min(seconds, self.most)
        try:
            with _alarm(limit, max(limit, self.by_the_clock)):
                future.set_result(function(*args, **kwargs))
        except _RanOut:
            future.set_exception(OutOfTime(f"It took longer than {limit:.0f} seconds."))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the caller's to judge
            future.set_exception(StageError(_where(error)))
        return future


@contextmanager
def _alarm(seconds: float, by_the_clock: float) -> Iterator[None]:
    ends, enough = time.monotonic() + by_the_clock, time.process_time() + seconds

    def ring(_number: int, _frame: FrameType | None) -> None:
        left = ends - time.monotonic()
        if left <= 0 or time.process_time() >= enough:
            raise _RanOut
        signal.setitimer(signal.ITIMER_REAL, min(left, _LOOK_AGAIN_SECONDS))

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _where(error: Exception) -> str:
    """Where it happened, but not the words it was working on."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
