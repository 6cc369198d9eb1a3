"""Serving: uvicorn as every root of Backstory runs it, on a port that is bound before."""

import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.types import ASGIApp

from backstory_shared.errors import CannotStart
from backstory_shared.settings import Web


def server_config(app: ASGIApp, *, host: str, port: int) -> uvicorn.Config:
    """httptools refuses what could smuggle a request; logging is ours, set up before.

    `timeout_graceful_shutdown` is for requests under way; streams are told to end by their routes.
    """
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http="httptools",
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
        raise CannotStart(
            f"Port {web.port} of {web.host} cannot be used ({error.strerror}). "
            "Stop what listens there, or choose another one with BACKSTORY_PORT."
        ) from error
    with listener:
        yield listener


def serve(app: ASGIApp, web: Web, stop: Stop) -> None:
    """Serve until a signal comes; what the caller holds open is then closed in order."""
    # uvicorn raises the signal once more when it is done; by default that would end us at once.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with bound(web) as listener:
        server = stop.server = uvicorn.Server(server_config(app, host=web.host, port=web.port))
        server.run([listener])
