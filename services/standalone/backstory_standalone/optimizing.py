"""Optimizing the index beside everything else: when enough has come, or when somebody asks."""

import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from fastapi import APIRouter, Depends

from backstory_shared.adapters.worker_processes import WorkerProcesses
from backstory_shared.openings import Openings
from backstory_shared.web.parameters import KNOWN_PARAMETERS

log = structlog.get_logger()

_LOOK_SECONDS = 60.0
_LOOK_AFTER_FAILURE_SECONDS = 3_600.0


@dataclass(frozen=True)
class Optimizer:
    """A thread that waits for a child process; `after` is how many articles are enough, 0 for none.

    The index is copied, so that for a while the disk holds it twice, and memory the child's copy.
    """

    openings: Openings
    after: int
    _asked: threading.Event = field(default_factory=threading.Event)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _resting: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator["Optimizer"]:
        self._resting.set()
        with WorkerProcesses(1) as compute:
            thread = threading.Thread(target=self._look, args=(compute,), name="optimize")
            thread.daemon = True
            thread.start()
            try:
                yield self
            finally:
                self._stopping.set()
                self._asked.set()
        thread.join()

    def ask(self) -> None:
        self._resting.clear()
        self._asked.set()

    def report(self) -> dict[str, Any]:
        left = sum(one.index.unoptimized() for one in self.openings.kept())
        running = self._asked.is_set() or not self._resting.is_set()
        return {"unoptimized": left, "running": running}

    def _look(self, compute: WorkerProcesses) -> None:
        seconds = _LOOK_SECONDS
        while not self._stopping.is_set():
            enough = 1 if self._asked.wait(seconds) else self.after
            self._resting.clear()
            self._asked.clear()
            if enough and not self._stopping.is_set():
                done = self._optimize(compute, enough)
                seconds = _LOOK_SECONDS if done else _LOOK_AFTER_FAILURE_SECONDS
            self._resting.set()

    def _optimize(self, compute: WorkerProcesses, enough: int) -> bool:
        try:
            for one in self.openings.kept():
                if one.index.unoptimized() >= enough:
                    one.index.optimize(compute)
                    log.info("index_optimized", generation=one.generation.name)
        except Exception as error:  # noqa: BLE001 - what serves goes on serving
            if not self._stopping.is_set():  # a child that is ended then has not failed
                log.warning("optimizing_failed", reason=type(error).__name__)
            return False
        finally:
            compute.rest()
        return True


def routes(optimizer: Optimizer, guard: Callable[..., Awaitable[None]]) -> APIRouter:
    router = APIRouter(
        prefix="/v1/admin", tags=["admin"], dependencies=[Depends(guard), *KNOWN_PARAMETERS]
    )

    @router.get("/optimize")
    def look() -> dict[str, Any]:
        """How many articles were written since the index was optimized, and if it is just now."""
        return optimizer.report()

    @router.post("/optimize", status_code=202)
    def optimize() -> dict[str, Any]:
        """Make the index quick to search and small; search and imports go on meanwhile."""
        optimizer.ask()
        return optimizer.report()

    return router
