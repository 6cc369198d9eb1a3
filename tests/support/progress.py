"""How far a long campaign is, for whoever waits for it: a bar, or lines where there is no terminal.

Shown where pytest lets it through (`-s`, as `make faults` does).
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

T = TypeVar("T")

_LINE_SECONDS = 60.0


def followed(what: str, things: Iterable[T], total: int | None = None) -> Iterator[T]:
    """The things themselves; each is done once the next is asked for."""
    count = len(things) if total is None else total  # type: ignore[arg-type]
    with progress(what, count) as show:
        for number, thing in enumerate(things):
            show(number)
            yield thing
        show(count)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Gives what is told how many there are."""
    console = Console(stderr=True)
    columns = (
        *Progress.get_default_columns()[:3],
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    lines = _Lines(what, total, console)
    with Progress(
        *columns, console=console, disable=not console.is_terminal, speed_estimate_period=3600
    ) as bar:
        task = bar.add_task(what, total=total)

        def show(done: int) -> None:
            bar.update(task, completed=done)
            if not console.is_terminal:
                lines.show(done)

        yield show


class _Lines:
    """One a minute, with a guess at what is left."""

    def __init__(self, what: str, total: int, console: Console) -> None:
        self._what, self._total, self._console = what, total, console
        self._began = self._said = time.monotonic()

    def show(self, done: int) -> None:
        now = time.monotonic()
        if now - self._said >= _LINE_SECONDS and done:
            self._said = now
            left = (now - self._began) / done * max(self._total - done, 0) / 60
            self._console.print(
                f"{self._what}: {done:,} of {self._total:,}, about {left:.0f} min left"
            )
