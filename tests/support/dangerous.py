"""Work that kills, stops or stalls whoever does it, by the words an article has."""

import os
import re
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backstory_shared.ports import Compute
from backstory_summarize.compute import embed

POISON = "poison"
STALL = "stalling"
DEAF = "deaf"
LINGER = "lingering"

_LINGER_SECONDS = 5.0
#: Blocked for as long as a process lingers, so that others see it.
_SIGN = signal.SIGUSR2


@dataclass(frozen=True)
class Dangerous:
    """Implements Compute: as the one beneath it, but for the articles that are dangerous."""

    safe: Compute

    def submit(
        self, seconds: float, function: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> "Future[Any]":
        done = self.safe.submit(seconds, _risk, function, *args, **kwargs)
        # Whoever embeds goes on to write, and lingers there: see `LingeringIndex`.
        if function is not embed and any(LINGER in title for title in _titles(args)):
            wait_to_be_stopped_and_woken()
        return done


def wait_to_be_stopped_and_woken() -> None:
    """Not for longer than a task may take, if nobody does."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCONT, _SIGN})
    signal.sigtimedwait({signal.SIGCONT}, _LINGER_SECONDS)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCONT, _SIGN})


def lingers(process_id: int) -> bool:
    """Whether that process waits to be stopped and woken."""
    try:
        said = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    except OSError:  # it ended while we looked
        return False
    blocked = re.search(r"^SigBlk:\s+(\w+)$", said, re.M)
    return blocked is not None and bool(int(blocked[1], 16) >> (_SIGN - 1) & 1)


def _risk(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    for title in _titles(args):
        if POISON in title:
            os.kill(os.getpid(), signal.SIGKILL)
        if DEAF in title:  # as a library that hangs and takes no signal
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
            time.sleep(600)
        if STALL in title:
            time.sleep(600)
    return function(*args, **kwargs)


def _titles(args: Sequence[Any]) -> list[str]:
    *_, stories = args
    return [story.title for story in stories]
