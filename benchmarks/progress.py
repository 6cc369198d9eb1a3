"""How far a long measurement has come: a bar on standard error, figures on standard output."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

T = TypeVar("T")


@contextmanager
def bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """What it yields is told how many more are done."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(
        TextColumn("{task.description}"), *columns, console=Console(stderr=True)
    ) as shown:
        task = shown.add_task(what, total=total)
        yield lambda count: shown.advance(task, count)


def each(what: str, things: Iterable[T], total: int) -> Iterator[T]:
    with bar(what, total) as done:
        for thing in things:
            yield thing
            done(1)
