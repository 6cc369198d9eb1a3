"""Waiting until what was asked for is done, but not for ever where nobody does it."""

import time
from collections.abc import Callable
from typing import Any

from backstory_shared.stages import FIRST_STAGES

#: So long may nothing be worked on before we say so. Workers look for work far more often.
PATIENCE = 120.0
_POLL = 0.1

Stats = dict[str, Any]


class NothingMoves(Exception):
    """Work waits, and nobody does it; `detail` is a sentence for a person."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def wait_while(
    unsettled: Callable[[Stats], bool],
    stats: Callable[[], Stats],
    *,
    patience: float = PATIENCE,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Until nothing is unsettled. Raises NothingMoves."""
    seen, since = None, clock()
    while unsettled(now := stats()):
        if _worked_on(now) or _done(now) != seen:
            seen, since = _done(now), clock()
        elif clock() - since >= patience:
            raise NothingMoves(_sentence(patience))
        sleep(_POLL)


def _worked_on(stats: Stats) -> bool:
    return any(stats["stages"][stage]["running"] for stage in FIRST_STAGES)


def _done(stats: Stats) -> tuple[tuple[int, int], ...]:
    stages = (stats["stages"][stage] for stage in FIRST_STAGES)
    return tuple((one["done"], one["failed"]) for one in stages)


def _sentence(patience: float) -> str:
    return (
        f"Nothing has been worked on for {patience:.0f} seconds: no worker runs, or all that waits "
        "is to be tried again later. It is kept; `backstory status` shows how many articles wait."
    )
