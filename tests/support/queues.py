"""The queues a contract is tested on, each with somebody who answers its rings."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from backstory_shared.adapters.broker import open_broker
from backstory_shared.adapters.celery_queue import celery_queue
from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.ledger.schema import utc_now
from backstory_shared.adapters.local_queue import LocalQueue
from backstory_shared.ports import Queue
from backstory_shared.stages import Stage
from backstory_standalone.dispatcher import Dispatcher
from backstory_summarize.runner import StageRunner
from support.ledgers import sqlite_ledger
from support.toy_worker import Toy, toy_process
from support.valkey import running_valkey


@dataclass(frozen=True)
class Staffed:
    """A queue, and the ledger that whoever hears it works on."""

    queue: Queue
    ledger: SqlLedger


Staff = Callable[[Path], AbstractContextManager[Staffed]]


@contextmanager
def local(folder: Path) -> Iterator[Staffed]:
    with sqlite_ledger(folder, utc_now) as ledger:
        queue = LocalQueue()
        runner = StageRunner(ledger.working, {stage: Toy() for stage in Stage})
        with Dispatcher(runner, ledger.working, queue, threads=2).running():
            yield Staffed(queue, ledger)


@contextmanager
def celery(folder: Path) -> Iterator[Staffed]:
    file = folder / "ledger.sqlite"
    with (
        sqlite_ledger(folder, utc_now) as ledger,
        running_valkey(folder / "valkey") as valkey,
        toy_process("worker", valkey.url, file),
        toy_process("beat", valkey.url, file),
        open_broker(valkey.url) as broker,
        celery_queue(valkey.url, broker) as queue,
    ):
        yield Staffed(queue, ledger)


QUEUES: dict[str, Staff] = {"celery": celery, "local": local}
