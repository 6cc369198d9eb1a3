"""BulkExchange: an HTTP answer that is written while its request is still being read.

Many clients send everything before they read anything. So reading never waits for writing: results
that cannot be sent yet wait in a spool.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from backstory_ingest.bulk import MAX_LINE_BYTES, result_line
from backstory_ingest.lines import Line, LineSplitter
from backstory_ingest.spool import Spool
from backstory_shared.errors import BackstoryError

_GROUP_LINES = 64
_GROUP_BYTES = 4 * 1024 * 1024
#: How long a few lines wait for more before they are stored.
_LINGER_SECONDS = 0.05
#: How long a client may take nothing of the results that are left, once it has sent everything.
_STALL_SECONDS = 60.0

Store = Callable[[Sequence[Line]], Awaitable[bytes]]


class BulkExchange(Response):
    """Stores lines as they come; ends when the client has sent all, or goes away.

    A client that goes away in the middle of a line has sent every line before it.
    """

    media_type = "application/x-ndjson"

    def __init__(self, store: Store) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - named by ASGI
        outbox = _Outbox(send, self.status_code, self.raw_headers)
        sending = asyncio.create_task(outbox.send_all())
        try:
            await self._take_in(receive, outbox)
            await _finish(sending, outbox)
        finally:
            sending.cancel()
            outbox.close()

    async def _take_in(self, receive: Receive, outbox: "_Outbox") -> None:
        splitter = LineSplitter(MAX_LINE_BYTES)
        try:
            async for group in _groups(receive, splitter):
                outbox.put(await self._store(group))
        except BackstoryError as error:
            if not outbox.started:
                raise
            outbox.put(result_line(splitter.number + 1, error))


class _Outbox:
    """What is still to be sent; the answer begins with the first result."""

    def __init__(self, send: Send, status: int, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._head: Message = {
            "type": "http.response.start",
            "status": status,
            "headers": list(headers),
        }
        self._spool = Spool()
        self._filled = asyncio.Event()
        self._complete = False
        self.started = False
        self.sent = 0

    def put(self, data: bytes) -> None:
        self._spool.put(data)
        self._filled.set()

    def complete(self) -> None:
        self._complete = True
        self._filled.set()

    def close(self) -> None:
        self._spool.close()

    async def send_all(self) -> None:
        await self._filled.wait()
        self.started = True
        await self._send(self._head)
        while True:
            self._filled.clear()
            while piece := self._spool.take():
                await self._body(piece, more=True)
            if self._complete and not self._filled.is_set():
                return await self._body(b"", more=False)
            await self._filled.wait()

    async def _body(self, piece: bytes, *, more: bool) -> None:
        await self._send({"type": "http.response.body", "body": piece, "more_body": more})
        self.sent += len(piece)


async def _finish(sending: "asyncio.Task[None]", outbox: _Outbox) -> None:
    """Wait for the client to take the results, as long as it takes any."""
    outbox.complete()
    before = -1
    while not sending.done() and before < outbox.sent:
        before = outbox.sent
        await asyncio.wait([sending], timeout=_STALL_SECONDS)
    if sending.done():
        sending.result()


async def _groups(receive: Receive, splitter: LineSplitter) -> AsyncIterator[list[Line]]:
    """Lines in groups worth a commit; a few lines do not wait long for others."""
    group = _Group()
    async for chunk in _chunks(receive):
        for line in splitter.feed(chunk or b""):
            group.add(line)
            if group.full:
                yield group.taken()
        if chunk is None and group.lines:
            yield group.taken()
    for line in splitter.finish():
        group.add(line)
    if group.lines:
        yield group.taken()


class _Group:
    """Lines that will be stored together."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._bytes = 0

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self._bytes += line.size

    @property
    def full(self) -> bool:
        return len(self.lines) >= _GROUP_LINES or self._bytes >= _GROUP_BYTES

    def taken(self) -> list[Line]:
        lines, self.lines, self._bytes = self.lines, [], 0
        return lines


async def _chunks(receive: Receive) -> AsyncIterator[bytes | None]:
    """The chunks of the body, and None whenever the client pauses. Raises ClientDisconnect."""
    message: Message = {"more_body": True}
    while message.get("more_body", False):
        coming = asyncio.ensure_future(receive())
        # Not wait_for: a receive that is cancelled may take its message with it.
        if not (await asyncio.wait([coming], timeout=_LINGER_SECONDS))[0]:
            yield None
        message = await coming
        if message["type"] == "http.disconnect":
            yield None
            raise ClientDisconnect
        yield message.get("body", b"")
