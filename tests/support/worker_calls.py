"""What worker processes are asked to do in tests: functions they can import by name."""

import os
import time
from pathlib import Path


def double(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


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


def say_and_sleep(file: Path, seconds: float) -> None:
    """Leave the process's id behind, then be busy."""
    fresh = file.with_suffix(".new")
    fresh.write_text(str(os.getpid()))
    fresh.replace(file)
    time.sleep(seconds)
