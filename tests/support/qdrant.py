"""Qdrant servers for tests: a real one where there is one, and the small program everywhere."""

import atexit
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

import httpx
from qdrant_client import QdrantClient

from backstory_shared.settings import Qdrant
from support import patience
from support.ports import free_port

REAL_URL = "BACKSTORY_TEST_QDRANT_URL"
_PROGRAM_URL = "BACKSTORY_TEST_QDRANT_PROGRAM_URL"


@dataclass(frozen=True)
class QdrantProcess:
    """A server of our own: the small program or the real one."""

    process: subprocess.Popen[bytes]
    url: str

    def kill(self) -> None:
        """As the kernel does when memory runs out: no time for a last word."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def start_program(
    folder: Path, *, port: int | None = None, key: str = "", version: str = "1.19.2"
) -> QdrantProcess:
    """The small program over a folder; what is in it is there again."""
    port = port or free_port()
    command = [sys.executable, "-m", "support.qdrant_program", str(folder), str(port)]
    paths = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
    return _started([*command, key, version], port, {"PYTHONPATH": paths})


def start_real(folder: Path) -> QdrantProcess:
    """The `qdrant` program of this machine."""
    port = free_port()
    settings = {
        "QDRANT__STORAGE__STORAGE_PATH": str(folder / "storage"),
        "QDRANT__STORAGE__SNAPSHOTS_PATH": str(folder / "snapshots"),
        "QDRANT__SERVICE__HOST": "127.0.0.1",
        "QDRANT__SERVICE__HTTP_PORT": str(port),
        "QDRANT__SERVICE__GRPC_PORT": str(free_port()),
        "QDRANT__TELEMETRY_DISABLED": "true",
    }
    folder.mkdir(parents=True, exist_ok=True)
    return _started(["qdrant"], port, settings, folder)


@contextmanager
def running_program(folder: Path, *, key: str = "", version: str = "1.19.2") -> Iterator[str]:
    """The small program for as long as the block; its address."""
    server = start_program(folder, key=key, version=version)
    try:
        yield server.url
    finally:
        server.kill()


def shared_program() -> str:
    """One small program for this whole test process and the programs it starts; its address."""
    return os.environ.get(_PROGRAM_URL) or _for_life(_PROGRAM_URL, start_program)


def real_server() -> str:
    return os.environ.get(REAL_URL) or _for_life(REAL_URL, start_real)


def has_real_server() -> bool:
    return bool(os.environ.get(REAL_URL) or shutil.which("qdrant"))


def settings_of(url: str, folder: Path, **more: Any) -> Qdrant:
    """Settings for a collection of its own; the same folder means the same collection."""
    name = hashlib.blake2b(str(folder).encode(), digest_size=8).hexdigest()
    said = {"qdrant_url": url, "qdrant_collection": f"test-{name}"}
    return Qdrant.model_validate(said | more)


class OneAtATime:
    """The client's in-memory mode, which is not for threads, kept open from test to test step."""

    def __init__(self) -> None:
        self._client, self._lock = QdrantClient(":memory:"), RLock()

    def close(self) -> None:
        """What is in memory would be gone."""

    def create_payload_index(self, *_: Any, **__: Any) -> None:
        """In memory there are none, as the client would warn."""

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def locked(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                return method(*args, **kwargs)

        return locked


def _for_life(variable: str, start: Any) -> str:
    folder = tempfile.mkdtemp(prefix="backstory-qdrant-")
    server: QdrantProcess = start(Path(folder))
    os.environ[variable] = server.url
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.kill)
    return server.url


def _started(
    command: list[str], port: int, environment: dict[str, str], folder: Path | None = None
) -> QdrantProcess:
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + patience.SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx.HTTPError):  # not up yet
            httpx.get(url, trust_env=False)
            return QdrantProcess(process, url)
        time.sleep(0.05)
    process.kill()
    raise RuntimeError("The Qdrant server for the tests did not start.")
