"""WorkerProcesses: pure functions in processes that can be killed, and that die with their parent.

Each process has a pipe of its own. A pool that shares one (as the standard library's does) breaks
as a whole when a process is killed while it holds the pipe's lock; here a kill costs one call.
"""

import contextlib
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from backstory_shared.errors import OutOfTime, Overloaded, StageError, WorkerDied
from backstory_shared.priority import one_thread_each, step_back
from backstory_shared.stages import TIME_LIMIT

P = ParamSpec("P")
T = TypeVar("T")

_LOOK_AGAIN_SECONDS = 0.5
#: So many processes in a row may die before they begin, until nothing can be done at the moment.
_STARTS = 3
#: What a process says once it has all that it needs to begin.
_TAKEN = True


@dataclass(frozen=True)
class _Call:
    """What goes down the pipe."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True)
class _Raised:
    """What comes back when the function raised: where, but not the words it was working on."""

    where: str


class _NeverTaken(Exception):
    """The process died while it started: that says nothing about the work, and is no loss."""


@dataclass
class _Watch:
    """Ends a process whose call takes too long.

    On a machine with too much to do the clock says little: a call that has not had its `seconds` of
    a processor yet goes on, until `most` have passed by the clock.
    """

    process: SpawnProcess
    seconds: float
    most: float
    ran_out: bool = False
    _done: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "_Watch":
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._done.set()

    def _watch(self) -> None:
        before, ends = _processor_seconds(self.process), time.monotonic() + self.most
        wait = self.seconds
        while not self._done.wait(wait):
            left = ends - time.monotonic()
            had = _processor_seconds(self.process) - before
            if left <= 0 or not had < self.seconds:  # it is no number where nobody can say
                self.ran_out = True
                self.process.kill()
                return
            wait = min(left, _LOOK_AGAIN_SECONDS)


@dataclass
class _Worker:
    """One process and our end of its pipe; started on first use, and again after a death."""

    process: SpawnProcess | None = None
    pipe: Connection | None = None
    ended: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def call(self, seconds: float, most: float, call: _Call) -> Any:
        for _ in range(_STARTS):
            with contextlib.suppress(_NeverTaken):  # then nothing is begun: once more
                return self._try(seconds, most, call)
        raise Overloaded("The worker processes die before they begin.")

    def _try(self, seconds: float, most: float, call: _Call) -> Any:
        taken = False
        pipe, process = self._running()
        with _Watch(process, seconds, max(seconds, most)) as watch:
            try:
                pipe.send(call)
                taken = pipe.recv()
                return pipe.recv()
            except (EOFError, OSError) as error:
                self.stop()
                if self.ended:
                    raise _stopping() from error
                if watch.ran_out:
                    raise OutOfTime(f"It took longer than {seconds:.0f} seconds.") from error
                if not taken:
                    raise _NeverTaken from error
                raise WorkerDied("The worker process died while it was working on this.") from error

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
        if self.pipe is not None:
            self.pipe.close()
        self.process = self.pipe = None

    def end(self) -> None:
        """Kill the process for good, whatever it does; from whichever thread."""
        with self._lock:
            self.ended, process = True, self.process
            if process is not None:
                process.kill()

    def _running(self) -> tuple[Connection, SpawnProcess]:
        with self._lock:
            if self.ended:
                raise _stopping()
            if self.process is None or self.pipe is None or not self.process.is_alive():
                self.stop()
                self.pipe, self.process = _start()
            return self.pipe, self.process


@dataclass(frozen=True)
class WorkerProcesses:
    """Implements Compute with `count` processes at a lower priority than ours.

    The seconds of a call are those of a processor; by the clock it may take `most` as well.
    """

    count: int
    most: float = TIME_LIMIT.total_seconds()
    _workers: list[_Worker] = field(default_factory=list)
    _idle: SimpleQueue[_Worker] = field(default_factory=SimpleQueue)
    _callers: list[ThreadPoolExecutor] = field(default_factory=list)

    def __enter__(self) -> "WorkerProcesses":
        self._workers.extend(_Worker() for _ in range(self.count))
        for worker in self._workers:
            self._idle.put(worker)
        self._callers.append(ThreadPoolExecutor(self.count, "compute"))
        return self

    def __exit__(self, *exception: object) -> None:
        """Stop at once; a caller that still waits gets Overloaded or a cancelled future."""
        for caller in self._callers:
            caller.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.end()
        for _ in self._workers:
            self._idle.get().stop()  # a busy one comes back as soon as its call has failed

    def submit(
        self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        return self._callers[0].submit(self._call, seconds, function, args, kwargs)

    def rest(self) -> None:
        """End the processes that have nothing to do; the next call starts them again."""
        for worker in self._without_work():
            worker.stop()
            self._idle.put(worker)

    def _without_work(self) -> list[_Worker]:
        found: list[_Worker] = []
        with contextlib.suppress(Empty):  # those that work come back later
            while True:
                found.append(self._idle.get_nowait())
        return found

    def _call(
        self, seconds: float, function: Callable[..., T], args: Any, kwargs: dict[str, Any]
    ) -> T:
        worker = self._idle.get()
        try:
            reply = worker.call(seconds, self.most, _Call(function, args, kwargs))
        finally:
            self._idle.put(worker)
        if isinstance(reply, _Raised):
            raise StageError(reply.where)
        result: T = reply
        return result


def _stopping() -> Overloaded:
    """No loss: nobody died of the work, so it must not count against the article."""
    return Overloaded("The program is about to stop.")


def _start() -> tuple[Connection, SpawnProcess]:
    one_thread_each()
    # Spawn, not fork: a fork copies locks that other threads hold at that moment.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), name="backstory-worker", daemon=True)
    process.start()
    theirs.close()  # else the death of the process would never reach us as the end of the pipe
    return ours, process


def _processor_seconds(process: SpawnProcess) -> float:
    """How long it has computed; not a number where the system has no /proc."""
    try:
        # The name in parentheses may hold anything; the fields are counted from its end.
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return math.nan
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _serve(pipe: Connection) -> None:
    """The life of a worker process: answer calls until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    step_back()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    while True:
        try:
            call: _Call = pipe.recv()
        except EOFError:
            return
        pipe.send(_TAKEN)
        pipe.send(_answer(call))


def _answer(call: _Call) -> Any:
    try:
        return call.function(*call.args, **call.kwargs)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the caller's to judge
        return _Raised(_where(error))


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(sys.exc_info()[2])[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])  # it also ends when the parent is killed with SIGKILL
        os._exit(1)
