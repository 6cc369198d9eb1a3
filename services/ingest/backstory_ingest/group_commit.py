"""GroupCommit: whatever arrives while one commit runs goes into the next one, together."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, Full, Queue
from types import TracebackType
from typing import Generic, Self, TypeVar

from backstory_shared.errors import Overloaded

T = TypeVar("T")
R = TypeVar("R")


class GroupCommit(Generic[T, R]):
    """One thread that commits for many callers; each learns its own result once it is on disk.

    `commit` returns one result or one exception per item. Under little load an item is committed
    at once and alone; the group grows with the load and only then.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[T]], Sequence[R | Exception]],
        *,
        capacity: int = 1024,
        largest: int = 64,
    ) -> None:
        self._commit = commit
        self._largest = largest
        self._queue: Queue[tuple[T, Future[R]] | None] = Queue(capacity)
        self._thread = threading.Thread(target=self._run, name="group-commit")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit what is still waiting, then stop."""
        self._queue.put(None)
        self._thread.join()

    def submit(self, item: T) -> Future[R]:
        """Raises Overloaded if too many are waiting already."""
        future: Future[R] = Future()
        try:
            self._queue.put_nowait((item, future))
        except Full:
            raise Overloaded("Too many articles are waiting to be stored; try again.") from None
        return future

    def _run(self) -> None:
        going_on = True
        while going_on:
            waiting, going_on = self._next_group()
            group = [pair for pair in waiting if pair[1].set_running_or_notify_cancel()]
            if group:
                self._commit_group(group)

    def _next_group(self) -> tuple[list[tuple[T, Future[R]]], bool]:
        first = self._queue.get()
        if first is None:
            return [], False
        group = [first]
        while len(group) < self._largest:
            try:
                following = self._queue.get_nowait()
            except Empty:
                break
            if following is None:
                return group, False
            group.append(following)
        return group, True

    def _commit_group(self, group: Sequence[tuple[T, Future[R]]]) -> None:
        try:
            results = self._commit([item for item, _ in group])
        except BaseException as error:  # noqa: BLE001 - whoever waits must learn of it
            results = [_as_exception(error)] * len(group)
        for (_, future), result in zip(group, results, strict=True):
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)


def _as_exception(error: BaseException) -> Exception:
    return error if isinstance(error, Exception) else RuntimeError(type(error).__name__)
