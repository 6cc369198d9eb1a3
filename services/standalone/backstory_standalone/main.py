"""The composition root of one machine: everything Backstory is, in one program."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from backstory_ingest.api import BULK_PATH
from backstory_ingest.api import routes as ingest_routes
from backstory_ingest.service import ingesting
from backstory_search.api import routes as search_routes
from backstory_search.orders import MemoryOrders
from backstory_search.pages import routes as page_routes
from backstory_search.service import reading_over
from backstory_shared.adapters.embedders import chosen, open_embedder
from backstory_shared.adapters.ledger import SqlLedger, open_sqlite_ledger
from backstory_shared.adapters.ledger.moving import export
from backstory_shared.adapters.ledger.schema import utc_now
from backstory_shared.adapters.local_queue import LocalQueue
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.worker_processes import WorkerProcesses
from backstory_shared.ports import Compute, ModelChoice
from backstory_shared.settings import Embedding, Web, Work, load
from backstory_shared.web import ArchiveMetrics, Check, key_guard, web_app
from backstory_standalone.admin import routes as admin_routes
from backstory_standalone.dispatcher import Dispatcher, maintenance
from backstory_standalone.folder import Folder
from backstory_summarize.service import stage_runner
from backstory_summarize.verify import ReindexAll, VerifyIndex

OpenLedger = Callable[[Path], SqlLedger]


@contextmanager
def standalone(
    folder: Folder,
    web: Web,
    work: Work,
    *,
    stopping: Callable[[], bool],
    open_ledger: OpenLedger = open_sqlite_ledger,
) -> Iterator[FastAPI]:
    """All of Backstory over a data folder that the caller owns, working until the block ends.

    `stopping` says when streams should end by themselves.
    """
    model, queue = chosen(load(Embedding)), LocalQueue()
    embedder = open_embedder(model)
    with (
        closing(open_ledger(folder.ledger)) as ledger,
        closing(EdgeIndex.open(folder.index, embedder.model)) as index,
        WorkerProcesses(work.workers) as compute,
    ):
        # We own the folder, so no other program can hold a claim: whoever did is dead.
        ledger.working.void_claims()
        with (
            ingesting(ledger, queue, compute, stopping) as ingest,
            _dispatcher(ledger, index, compute, queue, work.workers, model).running(),
            maintenance(ledger.working, index),
        ):
            reading = reading_over(ledger, index, embedder, MemoryOrders(utc_now), folder.secret())
            verify = VerifyIndex(ledger.status, ledger.reading, index, queue)
            reindex = ReindexAll(ledger.status, queue)
            guard = key_guard(web.api_key)
            app = web_app(
                "Backstory",
                [Check("ledger", ledger.events.last_event)],
                [ArchiveMetrics(ledger.status.stats)],
                streamed={BULK_PATH},
            )
            app.include_router(ingest_routes(ingest, guard))
            app.include_router(search_routes(reading))
            app.include_router(page_routes(reading))
            app.include_router(
                admin_routes(verify, reindex, partial(export, ledger.database), guard)
            )
            yield app


def _dispatcher(
    ledger: SqlLedger,
    index: EdgeIndex,
    compute: Compute,
    queue: LocalQueue,
    workers: int,
    model: ModelChoice,
) -> Dispatcher:
    runner = stage_runner(ledger, index, compute, model)
    return Dispatcher(runner, ledger.working, queue, threads=workers + 1)
