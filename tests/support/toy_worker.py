"""A worker over a SQLite ledger, with stages that take no time: `python toy_worker.py worker`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from celery import Celery

from backstory_shared.adapters.broker import open_broker
from backstory_shared.adapters.celery_queue import Doorbell, Timing, publishing_app
from backstory_shared.adapters.ledger import open_sqlite_ledger
from backstory_shared.ports import Batch
from backstory_shared.settings import Logs, load
from backstory_shared.stages import Stage
from backstory_summarize.processes import log_as_we_do, run_beat, run_worker
from backstory_summarize.runner import StageRunner
from backstory_summarize.tasks import Hands, worker_app
from backstory_summarize.work import Work
from support.drafts import SUMMARY

REDIS = os.environ.get("BACKSTORY_REDIS_URL", "")
LEDGER = Path(os.environ.get("TOY_LEDGER", ""))


class Toy:
    """Does a batch by saying that it is done."""

    def do(self, batch: Batch) -> Work:
        made = SUMMARY if batch.stage is Stage.SUMMARIZE else None
        return Work(results={work.article_id: made for work in batch.items})


@contextmanager
def hands() -> Iterator[Hands]:
    with (
        closing(open_sqlite_ledger(LEDGER)) as ledger,
        publishing_app(REDIS) as app,
        open_broker(REDIS) as broker,
    ):
        runner = StageRunner(ledger.working, {stage: Toy() for stage in Stage})
        yield Hands(runner, ledger.working, broker, Doorbell(app, broker))


def app() -> Celery:
    log_as_we_do(load(Logs))
    return worker_app(REDIS, hands, app, concurrency=1, timing=Timing(sweep=timedelta(seconds=1)))


@contextmanager
def toy_process(what: str, redis_url: str, ledger: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`what` is worker or beat; killed when the block ends."""
    environment = {
        **os.environ,
        "BACKSTORY_REDIS_URL": redis_url,
        "BACKSTORY_LOG_LEVEL": "warning",
        "TOY_LEDGER": str(ledger),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    process = subprocess.Popen([sys.executable, __file__, what], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    with open_broker(REDIS) as broker:
        {"beat": run_beat, "worker": run_worker}[sys.argv[1]](app(), broker)
