"""A real server on a free port, in a thread of the test's own process."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from backstory_shared.web import server_config
from backstory_shared.web.server import HEAD_SECONDS
from support import patience


@dataclass(frozen=True)
class RunningServer:
    port: int
    uvicorn: uvicorn.Server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def raw(self, request: bytes, *, seconds: float = patience.SECONDS) -> bytes:
        """Send these bytes as they are; whatever comes back until the server is done."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))


@contextmanager
def serving(app: ASGIApp, *, head_seconds: float = HEAD_SECONDS) -> Iterator[RunningServer]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = server_config(app, host="127.0.0.1", port=0, head_seconds=head_seconds)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield RunningServer(listener.getsockname()[1], server)
    finally:
        server.should_exit = True
        thread.join(patience.SECONDS)
        listener.close()
