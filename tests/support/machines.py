"""Backstory on many machines, all of them this one: the servers and the programs of one test."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from backstory_shared.adapters.broker import open_broker
from backstory_shared.settings import Qdrant
from support import patience
from support.compose import ENV, command_of, environment_of
from support.ports import free_port
from support.postgres import PostgresServer
from support.program import pool_of
from support.qdrant import QdrantProcess, start_program
from support.valkey import Valkey

_TESTS = Path(__file__).parents[1]


@dataclass
class Service:
    """One program; it comes back on the same port when it is started again."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment, "BACKSTORY_PORT": str(self.port)},
                stdout=output,
                stderr=output,
            )

    def kill(self) -> None:
        """As the kernel does when memory runs out: no time for a last word."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = patience.SECONDS) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(seconds)

    def signal(self, number: signal.Signals) -> None:
        """To the program and everything it has started."""
        for process in self.family():
            with suppress(psutil.Error):  # it may have ended by itself
                process.send_signal(number)

    def family(self) -> list[psutil.Process]:
        assert self.process is not None
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def pool(self) -> list[psutil.Process]:
        """The processes that do the work of a worker."""
        assert self.process is not None
        return pool_of(psutil.Process(self.process.pid))

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + patience.SECONDS
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"{self.name} ended:\n{self.log.read_text()}")
            if self.is_ready():
                return
            time.sleep(0.05)
        raise AssertionError(f"{self.name} was not ready in time:\n{self.log.read_text()}")

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False


@dataclass
class Machines:
    """The servers and the programs; whatever is in `environment` overrules docker-compose.yml."""

    folder: Path
    valkey: Valkey
    postgres: PostgresServer
    ledger_url: str
    qdrant: QdrantProcess
    environment: Mapping[str, str] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)

    def service(self, name: str, of: str, command: Sequence[str] | None = None) -> Service:
        """A program as `of` is started there, or by another command."""
        environment = {**environment_of(of), **self._here(), **self.environment}
        made = Service(name, command or command_of(of), environment, self.folder / f"{name}.log")
        self.services[name] = made
        return made

    def start(self, *names: str) -> None:
        for name in names:
            self.services[name].start()

    def ingest(self) -> httpx.Client:
        return self.client("ingest")

    def search(self) -> httpx.Client:
        return self.client("search")

    @property
    def collection(self) -> str:
        return self.ledger_url.rpartition("/")[2]

    def qdrant_settings(self) -> Qdrant:
        """For a connection of the test's own."""
        return Qdrant.model_validate(
            {
                "qdrant_url": self.qdrant.url,
                "qdrant_api_key": ENV["QDRANT_API_KEY"],
                "qdrant_collection": self.collection,
            }
        )

    def empty(self) -> None:
        """Begin anew on the same servers: another database, another collection, no messages."""
        self.ledger_url = self.postgres.new_database()
        with self.valkey.client() as client:
            client.flushall()
        migrate = self.service("migrate", "migrate")
        migrate.start()
        assert migrate.process is not None
        assert migrate.process.wait(patience.SECONDS) == 0, migrate.log.read_text()

    def restart_the_ended(self) -> None:
        """As `restart: unless-stopped` does: a worker ends by itself when Redis has no room."""
        for service in self.services.values():
            ended = service.process is not None and service.process.poll() is not None
            if ended and service.name != "migrate":
                service.start()

    def wait_until_ready(self, *names: str) -> None:
        """Also of those that end because what they need is not there yet."""
        deadline = time.monotonic() + patience.SECONDS
        while not all(self.services[name].is_ready() for name in names):
            assert time.monotonic() < deadline, f"{names} were not ready in time"
            self.restart_the_ended()
            time.sleep(0.05)

    def wait_for_workers(self, count: int) -> None:
        """Until so many are known to Redis: on a busy machine they take their time to start."""
        deadline = time.monotonic() + patience.SECONDS
        with open_broker(self.valkey.url) as broker:
            while len(broker.silences()) < count:
                assert time.monotonic() < deadline, "the workers were not up in time"
                time.sleep(0.05)

    def kill_programs(self) -> None:
        for service in self.services.values():
            if service.process is not None and service.process.poll() is None:
                # Also what was stopped; the pool of a killed worker ends with it.
                service.signal(signal.SIGCONT)
                service.kill()

    def restart_qdrant(self) -> None:
        port = int(self.qdrant.url.rpartition(":")[2])
        self.qdrant = start_program(self.folder / "qdrant", port=port, key=ENV["QDRANT_API_KEY"])

    def client(self, name: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.services[name].url,
            headers={"Authorization": f"Bearer {ENV['BACKSTORY_API_KEY']}"},
            timeout=patience.SECONDS,
            trust_env=False,
            verify=False,
        )

    def _here(self) -> dict[str, str]:
        """The addresses of the servers, which Compose knows by name."""
        return {
            "BACKSTORY_HOST": "127.0.0.1",
            "BACKSTORY_LEDGER_URL": self.ledger_url,
            "BACKSTORY_REDIS_URL": self.valkey.url,
            "BACKSTORY_QDRANT_URL": self.qdrant.url,
            "BACKSTORY_QDRANT_COLLECTION": self.collection,
            "BACKSTORY_EMBEDDING_MODEL": "",
            "BACKSTORY_WORKERS": patience.WORKERS,
            "PYTHONPATH": str(_TESTS),
        }


@contextmanager
def machines(
    folder: Path, *, options: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> Iterator[Machines]:
    """The three servers, running, and no program yet; all of it is killed in the end."""
    with ExitStack() as stack:
        postgres = stack.enter_context(PostgresServer(options=tuple(options)))
        valkey = Valkey(folder / "valkey")
        valkey.start()
        stack.callback(valkey.kill)
        qdrant = start_program(folder / "qdrant", key=ENV["QDRANT_API_KEY"])
        made = Machines(folder, valkey, postgres, postgres.url(), qdrant, environment or {})
        stack.callback(lambda: made.qdrant.kill())
        stack.callback(made.kill_programs)
        made.empty()
        yield made
