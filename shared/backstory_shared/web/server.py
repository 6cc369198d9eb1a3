"""Serving: uvicorn as every root of Backstory runs it, on a port that is bound before."""

import asyncio
import errno
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from backstory_shared.errors import CannotStart, RequestTooSlow
from backstory_shared.settings import Web
from backstory_shared.web.problem import PROBLEM_JSON, problem_of

HEAD_SECONDS = 15.0
#: What looking up a name may fail with: `create_server` keeps the number and not the class.
_NO_SUCH_NAME = (socket.EAI_NONAME, socket.EAI_AGAIN, socket.EAI_FAIL)
#: Past what the limits refuse with a problem of its own, a head is not even collected.
_MOST_HEAD_BYTES = 256 * 1024


def server_config(
    app: ASGIApp, *, host: str, port: int, head_seconds: float = HEAD_SECONDS
) -> uvicorn.Config:
    """httptools refuses what could smuggle a request; logging is ours, set up before.

    `timeout_graceful_shutdown` is for requests under way; streams are told to end by their routes.
    """
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_punctual(head_seconds),
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=20,
    )


@dataclass
class Stop:
    """Tells the streams to end once the server has been asked to stop."""

    server: uvicorn.Server | None = field(default=None)

    def __call__(self) -> bool:
        return self.server is not None and self.server.should_exit


@contextmanager
def bound(web: Web) -> Iterator[socket.socket]:
    """A socket that listens where the settings say. Raises CannotStart."""
    try:
        listener = socket.create_server((web.host, web.port), backlog=2048)
    except OSError as error:
        raise CannotStart(_why_not(web, error)) from error
    with listener:
        yield listener


def _why_not(web: Web, error: OSError) -> str:
    """In words of the settings; Python's own repeat the address as a tuple."""
    if error.errno in (errno.EADDRNOTAVAIL, *_NO_SUCH_NAME):
        return f"{web.host} is no address of this machine: set BACKSTORY_HOST to one."
    port = f"Port {web.port} of {web.host}"
    if error.errno == errno.EADDRINUSE:
        return f"{port} is taken: stop what listens there, or choose another with BACKSTORY_PORT."
    if error.errno == errno.EACCES:
        return f"{port} is for the administrator: choose one above 1023 with BACKSTORY_PORT."
    why = os.strerror(error.errno) if error.errno else error
    return f"{port} cannot be used ({why}): choose another with BACKSTORY_PORT."


def end_in_order() -> None:
    """Let SIGTERM close what the program holds open.

    uvicorn raises the signal once more when it is done; by default that would end us at once.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def put_readers_first() -> None:
    """Whoever waits for the interpreter gets it after half a millisecond, not five, and no garbage
    collection looks again through what was loaded at the start. Call it just before serving."""
    sys.setswitchinterval(0.0005)
    gc.freeze()
    gc.enable()


def serve(app: ASGIApp, web: Web, stop: Stop) -> None:
    """Serve until a signal comes; what the caller holds open is then closed in order."""
    end_in_order()
    with bound(web) as listener:
        server = stop.server = uvicorn.Server(server_config(app, host=web.host, port=web.port))
        put_readers_first()
        server.run([listener])


def _punctual(seconds: float) -> type[asyncio.Protocol]:
    """HTTP by httptools, with what uvicorn lacks: a deadline and a size for a request's head."""

    class Punctual(HttpToolsProtocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
            super().connection_made(transport)
            self._begun, self._head_bytes = False, 0
            self._deadline = self.loop.call_later(seconds, self._late)

        def connection_lost(self, exc: Exception | None) -> None:
            self._deadline.cancel()
            super().connection_lost(exc)

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._begun, self._head_bytes = True, 0
            self._deadline.cancel()
            self._deadline = self.loop.call_later(seconds, self._late)

        def on_header(self, name: bytes, value: bytes) -> None:
            self._head_bytes += len(name) + len(value)
            if self._head_bytes > _MOST_HEAD_BYTES:
                raise ValueError("The head is too large.")  # becomes a plain 400
            super().on_header(name, value)

        def on_headers_complete(self) -> None:
            self._deadline.cancel()
            super().on_headers_complete()

        def _late(self) -> None:
            """Whoever sent nothing at all is not answered."""
            if self._begun and not self.transport.is_closing():
                self.transport.write(_too_slow())
            self.transport.close()

    return Punctual


def _too_slow() -> bytes:
    problem = problem_of(RequestTooSlow("The rest of the request did not come; try again."))
    body = json.dumps(problem.body())
    head = {
        "Content-Type": PROBLEM_JSON,
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {problem.status} Request Timeout", *(f"{n}: {v}" for n, v in head.items())]
    return "\r\n".join([*lines, "", body]).encode()
