"""InlineCompute: pure functions in the process that asks, for one that is itself a worker."""

import signal
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Never, ParamSpec, TypeVar

from backstory_shared.errors import OutOfTime, StageError

P = ParamSpec("P")
T = TypeVar("T")


class _RanOut(BaseException):
    """Not an Exception: code that sets one bad article apart must not take it for that."""


@dataclass(frozen=True)
class InlineCompute:
    """Implements Compute in the main thread of its process; `most` bounds every call.

    WorkerDied cannot come from here: who dies takes the caller along, and the lease tells of it.
    """

    most: float

    def submit(
        self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        future: Future[T] = Future()
        limit = min(seconds, self.most)
        try:
            with _alarm(limit):
                future.set_result(function(*args, **kwargs))
        except _RanOut:
            future.set_exception(OutOfTime(f"It took longer than {limit:.0f} seconds."))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the caller's to judge
            future.set_exception(StageError(_where(error)))
        return future


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(_number: int, _frame: FrameType | None) -> Never:
    raise _RanOut


def _where(error: Exception) -> str:
    """Where it happened, but not the words it was working on."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
