"""A command waits for work that somebody does, and says so where nobody does it."""

from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import Any

import pytest

from backstory_standalone.waiting import NothingMoves, wait_while


def stats(*, pending: int = 0, running: int = 0, done: int = 0) -> dict[str, Any]:
    index = {"pending": pending, "running": running, "done": done, "failed": 0}
    idle = {"pending": 0, "running": 0, "done": 0, "failed": 0}
    return {"stages": {"summarize": idle, "index": index}}


def pending(found: Any) -> bool:
    return bool(found["stages"]["index"]["pending"] + found["stages"]["index"]["running"])


class Seconds:
    """A clock that goes on by ten seconds whenever somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, _: float) -> None:
        self.now += 10


def waited(answers: Sequence[dict[str, Any]] | Iterator[dict[str, Any]], patience: float) -> float:
    seconds, following = Seconds(), iter(answers)
    wait_while(
        pending, lambda: next(following), patience=patience, clock=seconds, sleep=seconds.sleep
    )
    return seconds.now


def test_it_ends_when_nothing_waits_any_more() -> None:
    assert waited([stats(pending=2), stats(pending=1, done=1), stats(done=2)], 60) == 20


def test_where_nobody_works_it_says_so_and_ends() -> None:
    with pytest.raises(NothingMoves, match="for 60 seconds: no worker runs"):
        waited(repeat(stats(pending=2)), 60)


def test_new_work_is_no_sign_of_a_worker() -> None:
    with pytest.raises(NothingMoves):
        waited((stats(pending=n) for n in range(1, 100)), 60)


def test_however_slow_somebody_who_works_is_waited_for() -> None:
    slow = chain(repeat(stats(pending=1, running=1), 50), repeat(stats(pending=1, done=1), 5))

    assert waited(chain(slow, [stats(done=2)]), 60) == 550
