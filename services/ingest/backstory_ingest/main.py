"""The composition root of the ingest API on many machines."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from backstory_ingest.api import BULK_PATH, routes
from backstory_ingest.service import ingesting
from backstory_shared import engines
from backstory_shared.adapters.celery_queue import celery_queue
from backstory_shared.adapters.worker_processes import WorkerProcesses
from backstory_shared.logging import configure_logging
from backstory_shared.settings import Logs, Web, Work, load
from backstory_shared.web import ArchiveMetrics, Stop, key_guard, serve, web_app
from backstory_shared.web.broker_metrics import BrokerMetrics


def run() -> None:
    """Accept articles until a signal comes. Raises CannotStart."""
    logs, web, stop = load(Logs), load(Web), Stop()
    configure_logging(logs.log_format, logs.log_level)
    with ingest_app(web, load(Work), stopping=stop) as app:
        serve(app, web, stop)


@contextmanager
def ingest_app(web: Web, work: Work, *, stopping: Callable[[], bool]) -> Iterator[FastAPI]:
    with (
        engines.ledger() as ledger,
        engines.broker() as broker,
        celery_queue(engines.redis_url(), broker) as queue,
        WorkerProcesses(work.workers) as compute,
        ingesting(ledger, queue, compute, stopping) as ingest,
    ):
        app = web_app(
            "Backstory ingest",
            [engines.ledger_check(ledger), *engines.broker_checks(broker)],
            [ArchiveMetrics(ledger.status.stats), BrokerMetrics(broker, queue)],
            streamed={BULK_PATH},
        )
        app.include_router(routes(ingest, key_guard(web.api_key)))
        yield app
