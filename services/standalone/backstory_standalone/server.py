"""Running the program: own the folder, bind the port, serve until told to stop."""

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import IO

import uvicorn

from backstory_shared.adapters.embedders import chosen
from backstory_shared.adapters.ledger import open_sqlite_ledger
from backstory_shared.adapters.qdrant_edge import EdgeGenerations
from backstory_shared.logging import LogFormat, LogLevel, configure_logging
from backstory_shared.settings import Embedding, Logs, Storage, Web, Work, load
from backstory_shared.stages import Stage
from backstory_shared.web import Stop, bound, end_in_order, put_readers_first, server_config
from backstory_standalone.client import client_of
from backstory_standalone.folder import Folder, announce, owned
from backstory_standalone.main import OpenLedger, standalone
from backstory_standalone.memory import keep_little
from backstory_standalone.sampling import fill, is_untouched
from backstory_standalone.welcome import welcome

_START_SECONDS = 30.0


def serve_forever(*, sample: bool, open_ledger: OpenLedger = open_sqlite_ledger) -> None:
    """Serve on the port of the settings until a signal comes. Raises CannotStart."""
    keep_little()
    end_in_order()
    storage, web, work, logs = load(Storage), load(Web), load(Work), load(Logs)
    configure_logging(logs.log_format, logs.log_level)
    folder = Folder(storage.data)
    with owned(folder) as ours, bound(web) as listener:
        stop, empty = Stop(), sample and is_untouched(open_ledger(folder.ledger))
        with standalone(
            folder, ours.machine_went_down, web, work, stopping=stop, open_ledger=open_ledger
        ) as app:
            put_readers_first()
            url = _announced(ours.lock_file, web, listener)
            server = stop.server = uvicorn.Server(server_config(app, host=web.host, port=web.port))
            threading.Thread(target=_greet, args=(server, url, folder, empty), daemon=True).start()
            server.run([listener])


@contextmanager
def serving(storage: Storage) -> Iterator[str]:
    """A server on a free loopback port for as long as the block; for one command."""
    configure_logging(LogFormat.CONSOLE, LogLevel.ERROR)
    folder = Folder(storage.data)
    web, work = Web(host="127.0.0.1", port=0), load(Work)
    with owned(folder) as ours, bound(web) as listener:
        stop = Stop()
        with standalone(folder, ours.machine_went_down, web, work, stopping=stop) as app:
            server = stop.server = uvicorn.Server(server_config(app, host=web.host, port=0))
            thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
            thread.start()
            wait_until_started(server)
            try:
                yield _announced(ours.lock_file, web, listener)
            finally:
                server.should_exit = True
                thread.join()


def discard_index(storage: Storage) -> None:
    """Remove the index of a folder that nobody uses; the ledger has all that is in it.

    The ledger learns of it first: killed in between, nothing is missing from search for good.
    Raises FolderLocked while a server runs.
    """
    folder = Folder(storage.data)
    with owned(folder):
        with closing(open_sqlite_ledger(folder.ledger)) as ledger:
            ledger.status.requeue_all(Stage.INDEX)
        EdgeGenerations(folder.path, chosen(load(Embedding))).discard_all()


def _greet(server: uvicorn.Server, url: str, folder: Folder, empty: bool) -> None:
    wait_until_started(server)
    if empty:
        with client_of(url) as client:
            fill(client)
    sys.stderr.write(welcome(url, folder.path, filled=empty))


def wait_until_started(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)


def _announced(lock: IO[str], web: Web, listener: socket.socket) -> str:
    """Write the address into the lock file; a wildcard address is reached by loopback."""
    host = "127.0.0.1" if web.host in ("0.0.0.0", "") else web.host  # noqa: S104 - compared only
    url = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    announce(lock, url)
    return url
