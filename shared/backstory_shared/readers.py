"""Readers: who answers goes before who works, in a program whose threads share one interpreter.

A thread that wants the interpreter gets it in turn with all others that do. An import keeps several
busy; a search, which is some milliseconds of work, would wait for each of them again and again.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: What work calls where it may wait without anybody waiting for it.
MakeWay = Callable[[], None]

#: Work goes on for so long before it looks around, and waits at most so long when it does: however
#: much is asked, work has a sixth of the time.
_GOES_ON = 0.005
_WAITS = 0.025


def go_on() -> None:
    """The MakeWay of a program that answers nobody."""


class Readers:
    """How many are being answered, for the work that makes way for them."""

    def __init__(self, goes_on: float = _GOES_ON, waits: float = _WAITS) -> None:
        self._goes_on = goes_on
        self._waits = waits
        self._answering = 0
        self._nobody = threading.Condition()
        self._thread = threading.local()

    @contextmanager
    def one(self) -> Iterator[None]:
        with self._nobody:
            self._answering += 1
        try:
            yield
        finally:
            with self._nobody:
                self._answering -= 1
                if not self._answering:
                    self._nobody.notify_all()

    def make_way(self) -> None:
        """Let those who are being answered finish, though not for ever.

        No lock may be held that any of them could want.
        """
        if self._answering and time.monotonic() - self._resumed() >= self._goes_on:
            with self._nobody:
                self._nobody.wait_for(lambda: not self._answering, self._waits)
            self._thread.resumed = time.monotonic()

    def _resumed(self) -> float:
        """When this thread last made way."""
        resumed: float = getattr(self._thread, "resumed", 0.0)
        return resumed
