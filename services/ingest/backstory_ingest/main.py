"""The composition root of the ingest API on many machines."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from backstory_ingest.api import BULK_PATH, routes
from backstory_ingest.service import ingesting
from backstory_shared import engines
from backstory_shared.adapters.broker import Broker
from backstory_shared.adapters.celery_queue import CeleryQueue, celery_queue
from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.worker_processes import WorkerProcesses
from backstory_shared.logging import configure_logging
from backstory_shared.settings import Logs, Web, Work, load
from backstory_shared.web import ArchiveMetrics, Stop, key_guard, serve, web_app
from backstory_shared.web.broker_metrics import BrokerMetrics

OpenLedger = Callable[[], AbstractContextManager[SqlLedger]]
OpenQueue = Callable[[str, Broker], AbstractContextManager[CeleryQueue]]


def run(*, open_ledger: OpenLedger = engines.ledger, open_queue: OpenQueue = celery_queue) -> None:
    """Accept articles until a signal comes. Raises CannotStart."""
    logs, web, stop = load(Logs), load(Web), Stop()
    configure_logging(logs.log_format, logs.log_level)
    with (
        open_ledger() as ledger,
        engines.broker() as broker,
        open_queue(engines.redis_url(), broker) as queue,
        WorkerProcesses(load(Work).workers) as compute,
        ingesting(ledger, queue, compute, stop) as ingest,
    ):
        app = web_app(
            "Backstory ingest",
            web,
            [engines.ledger_check(ledger), *engines.broker_checks(broker)],
            [ArchiveMetrics(ledger.status.stats), BrokerMetrics(broker, queue)],
            streamed={BULK_PATH},
        )
        app.include_router(routes(ingest, key_guard(web.api_key)))
        serve(app, web, stop)
