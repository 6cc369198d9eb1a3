"""GroupCommit: many callers, few commits, and nobody pays for another's mistake."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future

import pytest

from backstory_ingest.group_commit import GroupCommit
from backstory_shared.errors import Overloaded
from support import patience


class Slow:
    """Commits in its own time: the first commit lasts until the test lets it go."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.began = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, items: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(items))
        self.began.set()
        self.go_on.wait(patience.SECONDS)
        return [item * 10 for item in items]


def _doubled(items: Sequence[int]) -> list[int | Exception]:
    return [item * 2 if item else ValueError("zero") for item in items]


def _broken(items: Sequence[int]) -> list[int | Exception]:
    raise OSError("no disk")


def test_one_item_is_committed_at_once() -> None:
    with GroupCommit(_doubled) as commits:
        assert commits.submit(4).result(patience.SECONDS) == 8


def test_what_waits_while_a_commit_runs_shares_the_next() -> None:
    slow = Slow()
    with GroupCommit(slow) as commits:
        first = commits.submit(0)
        slow.began.wait(patience.SECONDS)
        others = [commits.submit(number) for number in range(1, 21)]
        slow.go_on.set()
        results = [future.result(patience.SECONDS) for future in [first, *others]]

    assert slow.groups == [[0], list(range(1, 21))]
    assert results == [number * 10 for number in range(21)]


def test_a_group_has_a_largest_size() -> None:
    slow = Slow()
    with GroupCommit(slow, largest=8) as commits:
        commits.submit(0)
        slow.began.wait(patience.SECONDS)
        for number in range(1, 21):
            commits.submit(number)
        slow.go_on.set()

    assert [len(group) for group in slow.groups] == [1, 8, 8, 4]


def test_too_many_waiting_are_turned_away() -> None:
    slow = Slow()
    with GroupCommit(slow, capacity=2) as commits:
        commits.submit(0)
        slow.began.wait(patience.SECONDS)
        commits.submit(1)
        commits.submit(2)

        with pytest.raises(Overloaded):
            commits.submit(3)

        slow.go_on.set()


def test_an_item_that_cannot_be_kept_fails_alone() -> None:
    with GroupCommit(_doubled) as commits:
        good, bad = commits.submit(1), commits.submit(0)

        assert good.result(patience.SECONDS) == 2
        assert isinstance(bad.exception(patience.SECONDS), ValueError)


def test_a_commit_that_breaks_is_learned_by_everyone_and_the_next_one_runs() -> None:
    with GroupCommit(_broken) as commits:
        assert isinstance(commits.submit(1).exception(patience.SECONDS), OSError)
        assert isinstance(commits.submit(2).exception(patience.SECONDS), OSError)


def test_who_gave_up_waiting_stops_nobody() -> None:
    slow = Slow()
    with GroupCommit(slow) as commits:
        commits.submit(0)
        slow.began.wait(patience.SECONDS)
        given_up, other = commits.submit(1), commits.submit(2)
        given_up.cancel()
        slow.go_on.set()

        assert other.result(patience.SECONDS) == 20


def test_closing_commits_what_is_waiting() -> None:
    slow = Slow()
    futures: list[Future[int]] = []
    with GroupCommit(slow) as commits:
        futures += [commits.submit(number) for number in range(5)]
        slow.go_on.set()

    assert all(future.done() for future in futures)
