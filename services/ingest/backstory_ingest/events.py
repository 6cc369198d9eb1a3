"""FollowEvents: what happens to the articles, told to whoever listens."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from backstory_shared.events import Event, EventType
from backstory_shared.ports import EventLog

_PAGE = 256
_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class FollowEvents:
    """Reads the log after a place in it, and then on, until the program stops.

    The log is the truth: a listener that comes back with the last number it saw misses nothing.
    """

    log: EventLog
    stopping: Callable[[], bool]

    def now(self) -> int:
        """The place from which on everything is new."""
        return self.log.last_event()

    async def follow(self, after: int, types: Collection[EventType]) -> AsyncIterator[Event]:
        while not self.stopping():
            page = await run_in_threadpool(self.log.events, after=after, limit=_PAGE)
            for event in page:
                after = event.sequence
                if event.type in types:
                    yield event
            if len(page) < _PAGE:
                await asyncio.sleep(_POLL_SECONDS)
