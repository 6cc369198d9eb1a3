"""How far a long campaign is, for whoever waits for it: a bar, or lines where there is no terminal.

Shown where pytest lets it through (`-s`, as `make faults` does).
"""

import time
from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import Protocol, TypeVar, cast

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

T = TypeVar("T")

_LINE_SECONDS = 60.0


class Show(Protocol):
    """Told what is done, and of how many where that changes on the way."""

    def __call__(self, done: int, of: int | None = None) -> None: ...


def followed(what: str, things: Iterable[T], total: int | None = None) -> Iterator[T]:
    """The things themselves; each is done once the next is asked for."""
    count = len(cast(Sized, things)) if total is None else total
    with progress(what, count) as show:
        for number, thing in enumerate(things):
            show(number)
            yield thing
        show(count)


@contextmanager
def progress(what: str, total: int) -> Iterator[Show]:
    """Gives what is told how far it is."""
    console = Console(stderr=True)
    columns = (
        *Progress.get_default_columns()[:3],
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    lines = _Lines(what, console)
    with Progress(
        *columns, console=console, disable=not console.is_terminal, speed_estimate_period=3600
    ) as bar:
        task = bar.add_task(what, total=total)

        def show(done: int, of: int | None = None) -> None:
            bar.update(task, completed=done, total=of)
            if not console.is_terminal:
                lines.show(done, total if of is None else of)

        yield show


class _Lines:
    """One a minute, with a guess at what is left."""

    def __init__(self, what: str, console: Console) -> None:
        self._what, self._console = what, console
        self._began = self._said = time.monotonic()

    def show(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._said >= _LINE_SECONDS and done:
            self._said = now
            left = (now - self._began) / done * max(total - done, 0) / 60
            self._console.print(f"{self._what}: {done:,} of {total:,}, about {left:.0f} min left")
