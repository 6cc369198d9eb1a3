"""Questions at a steady rate while something else goes on: how long did readers wait?"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from backstory_shared.ports import Compute

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Steady:
    """A question is due every so many seconds, whether or not the one before is answered.

    So those that come during a pause count too, each with what is left of it. On a machine that
    cannot keep up no more of them wait than come in `patience` seconds; others go away.
    """

    ask: Callable[[], object]
    every: float = 0.02
    patience: float = 1.0
    _waits: list[tuple[float, float]] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def asking(self) -> Iterator[None]:
        thread = threading.Thread(target=self._go_on, name="readers", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            thread.join()

    def waits(self, begin: float, end: float) -> list[float]:
        """In milliseconds, of the questions that were due between the two."""
        return [waited * 1000 for due, waited in self._waits if begin <= due < end]

    def _go_on(self) -> None:
        due = time.perf_counter()
        while not self._stopping.wait(max(0.0, due - time.perf_counter())):
            self.ask()
            self._waits.append((due, time.perf_counter() - due))
            due = max(due + self.every, time.perf_counter() - self.patience)


@dataclass
class Watched:
    """Implements Compute by another, and remembers when its last call came back."""

    compute: Compute
    done: float = 0.0

    def submit(
        self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        future = self.compute.submit(seconds, function, *args, **kwargs)
        future.add_done_callback(lambda _: setattr(self, "done", time.perf_counter()))
        return future
