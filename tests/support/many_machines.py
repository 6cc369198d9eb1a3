"""Many machines as a site that faults are tried on, and the faults."""

import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from redis.exceptions import RedisError

from backstory_shared.adapters.ledger import open_postgres_ledger
from backstory_shared.adapters.local_queue import LocalQueue
from backstory_shared.adapters.qdrant_server import QdrantServerIndex, connect
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_summarize.verify import VerifyIndex
from support.checker import Witness
from support.machines import Machines, Service

QUICK = Path(__file__).parents[1] / "faults" / "quick.py"

Injury = Callable[[Machines, random.Random], None]


@dataclass
class ManyMachines:
    """A deck of faults is dealt anew when it is used up, so that each comes often enough."""

    machines: Machines
    deck: Sequence[Injury] = ()
    _dealt: list[Injury] = field(default_factory=list)

    def ingest(self) -> httpx.Client:
        return self.machines.ingest()

    def witness(self) -> Witness:
        self.machines.wait_until_ready("ingest", "search")
        return Witness(
            self.machines.ingest,
            self.machines.search,
            self._index_differences,
            self.upkeep,
        )

    def hurt(self, chance: random.Random) -> str:
        if not self._dealt:
            self._dealt = chance.sample(self.deck, len(self.deck))
        injury = self._dealt.pop()
        injury(self.machines, chance)
        self.machines.restart_the_ended()
        return injury.__name__

    def workers(self) -> list[psutil.Process]:
        """The processes of both pools."""
        return [
            process
            for name in ("worker-1", "worker-2")
            for process in self.machines.services[name].pool()
        ]

    def upkeep(self) -> None:
        self.machines.restart_the_ended()

    def _index_differences(self) -> int:
        """By our own connections, not by the programs under test."""
        settings = self.machines.qdrant_settings()
        index = QdrantServerIndex.open(connect(settings), settings, StaticEmbedder.open().model)
        ledger = open_postgres_ledger(self.machines.ledger_url)
        try:
            found = VerifyIndex(ledger.status, ledger.reading, index, LocalQueue())()
        finally:
            ledger.close()
            index.close()
        return found.requeued + found.removed


@contextmanager
def site(
    machines: Machines, *, deck: Sequence[Injury] = (), working: str = "", accepting: str = ""
) -> Iterator[ManyMachines]:
    """Quick programs over an empty ledger; `working` and `accepting` take a safeguard out."""
    machines.kill_programs()
    machines.empty()
    services = [
        machines.service("ingest", "ingest", _quick("ingest", accepting)),
        machines.service("search", "search"),
        machines.service("beat", "beat", _quick("beat")),
        machines.service("worker-1", "worker", _quick("worker", working)),
        machines.service("worker-2", "worker", _quick("worker", working)),
    ]
    try:
        for service in services:
            service.start()
        for service in services[:2]:
            service.wait_until_ready()
        machines.wait_for_workers(2)
        yield ManyMachines(machines, deck)
    finally:
        machines.kill_programs()


def _quick(program: str, safeguard: str = "") -> list[str]:
    return [sys.executable, str(QUICK), program, *([safeguard] if safeguard else [])]


def a_worker(machines: Machines, chance: random.Random) -> Service:
    return machines.services[chance.choice(["worker-1", "worker-2"])]


# --- the faults -----------------------------------------------------------------------------------


def kill_a_worker(machines: Machines, chance: random.Random) -> None:
    worker = a_worker(machines, chance)
    worker.kill()
    worker.start()


def kill_a_process_of_a_pool(machines: Machines, chance: random.Random) -> None:
    if pool := a_worker(machines, chance).pool():
        with suppress(psutil.NoSuchProcess):  # one that was killed just before may be gone
            chance.choice(pool).kill()


def kill_ingest(machines: Machines, chance: random.Random) -> None:
    machines.services["ingest"].kill()
    machines.services["ingest"].start()
    machines.wait_until_ready("ingest")


def kill_search(machines: Machines, chance: random.Random) -> None:
    machines.services["search"].kill()
    machines.services["search"].start()


def kill_beat(machines: Machines, chance: random.Random) -> None:
    machines.services["beat"].kill()
    machines.services["beat"].start()


def kill_redis(machines: Machines, chance: random.Random) -> None:
    machines.valkey.kill()
    time.sleep(chance.uniform(0, 2))
    machines.valkey.start()


def kill_and_wipe_redis(machines: Machines, chance: random.Random) -> None:
    machines.valkey.kill()
    machines.valkey.wipe()
    machines.valkey.start()


def flush_redis(machines: Machines, chance: random.Random) -> None:
    with machines.valkey.client() as client:
        client.flushall()


def hang_redis(machines: Machines, chance: random.Random) -> None:
    machines.valkey.hang()
    time.sleep(chance.uniform(0.5, 3))
    machines.valkey.wake()


def pause_redis(machines: Machines, chance: random.Random) -> None:
    with machines.valkey.client() as client:
        client.client_pause(chance.randint(500, 2_000))


def fill_redis(machines: Machines, chance: random.Random) -> None:
    with machines.valkey.client() as client:
        client.config_set("maxmemory", "1")
        time.sleep(chance.uniform(0.5, 2))
        client.config_set("maxmemory", "0")


def change_the_password_of_redis(machines: Machines, chance: random.Random) -> None:
    """Everybody else is thrown out and cannot come in until it is changed back."""
    with machines.valkey.client() as client:
        client.config_set("requirepass", "another")
        client.client_kill_filter(_type="normal", skipme=True)
        time.sleep(chance.uniform(0.5, 2))
        client.config_set("requirepass", "")


def kill_postgres(machines: Machines, chance: random.Random) -> None:
    machines.postgres.kill()
    machines.postgres.start()


def kill_qdrant(machines: Machines, chance: random.Random) -> None:
    machines.qdrant.kill()
    machines.restart_qdrant()


def stop_a_worker_past_its_lease(machines: Machines, chance: random.Random) -> None:
    worker = a_worker(machines, chance)
    worker.signal(signal.SIGSTOP)
    time.sleep(10)
    worker.signal(signal.SIGCONT)


DECK: tuple[Injury, ...] = (
    *(kill_a_worker, kill_a_process_of_a_pool, kill_ingest) * 2,
    kill_search,
    kill_beat,
    kill_redis,
    kill_and_wipe_redis,
    flush_redis,
    hang_redis,
    pause_redis,
    fill_redis,
    change_the_password_of_redis,
    kill_postgres,
    kill_qdrant,
    stop_a_worker_past_its_lease,
)


def is_degraded(client: httpx.Client, name: str) -> bool:
    try:
        return name in client.get("/readyz").json()["degraded"]
    except (httpx.TransportError, RedisError):
        return False
