"""What worker processes are asked to do in tests: functions they can import by name."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

import numpy as np
import psutil

P = ParamSpec("P")


def double(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def threads_of_algebra() -> int:
    """How many threads there are once numbers have been multiplied."""
    square = np.ones((600, 600))
    square @ square
    return psutil.Process().num_threads()


class Fatal:
    """Kills whatever process it comes to, before that can do anything with it."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (1,)


def raise_with(words: str) -> None:
    raise ValueError(words)


def unpicklable() -> object:
    return lambda: None


def compute_without_end() -> None:
    while True:
        pass


def die_amid(function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """The system ends the process in the middle of it, or before it can answer.

    Nobody handles the alarm, so that it comes through though the engine may hold the GIL.
    """
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    function(*args, **kwargs)
    signal.pause()


def say_and_sleep(file: Path, seconds: float) -> None:
    """Leave the process's id behind, then be busy."""
    fresh = file.with_suffix(".new")
    fresh.write_text(str(os.getpid()))
    fresh.replace(file)
    time.sleep(seconds)
