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
from backstory_search.editing import routes as editing_routes
from backstory_search.orders import MemoryOrders
from backstory_search.pages import add_pages
from backstory_search.service import reading_over
from backstory_shared.adapters.embedders import chosen, open_embedder
from backstory_shared.adapters.ledger import SqlLedger, open_sqlite_ledger
from backstory_shared.adapters.ledger.moving import export
from backstory_shared.adapters.ledger.schema import utc_now
from backstory_shared.adapters.local_queue import LocalQueue
from backstory_shared.adapters.qdrant_edge import RESERVE, EdgeGenerations
from backstory_shared.adapters.worker_processes import WorkerProcesses
from backstory_shared.openings import Openings, ServingEmbedder, ServingIndex
from backstory_shared.readers import Readers
from backstory_shared.settings import Embedding, Index, Web, Work, load
from backstory_shared.web import ArchiveMetrics, Check, key_guard, web_app
from backstory_shared.web.readers_first import ReadersFirst
from backstory_shared.web.steady import SteadyRequests
from backstory_standalone.admin import routes as admin_routes
from backstory_standalone.disk import Disk
from backstory_standalone.dispatcher import Dispatcher, maintenance
from backstory_standalone.folder import Folder
from backstory_standalone.model_change import routes as model_routes
from backstory_standalone.optimizing import Optimizer
from backstory_standalone.optimizing import routes as optimizing_routes
from backstory_summarize.change_model import ChangeModel, VerifyEveryIndex
from backstory_summarize.service import stage_runner
from backstory_summarize.verify import ReindexAll

OpenLedger = Callable[[Path], SqlLedger]


@contextmanager
def standalone(
    folder: Folder,
    machine_went_down: bool,
    web: Web,
    work: Work,
    *,
    stopping: Callable[[], bool],
    open_ledger: OpenLedger = open_sqlite_ledger,
    reserve: int = RESERVE,
) -> Iterator[FastAPI]:
    """All of Backstory over a data folder that the caller owns, working until the block ends.

    Whoever held the folder last may have gone down with the machine: then the index is compared
    with the ledger first. `stopping` says when streams should end by themselves. The index leaves
    the last `reserve` bytes of the disk alone.
    """
    queue, readers, disk = LocalQueue(), Readers(), Disk(folder.path, reserve)
    generations = EdgeGenerations(
        folder.path, chosen(load(Embedding)), readers.make_way, reserve=reserve
    )
    with (
        closing(open_ledger(folder.ledger)) as ledger,
        closing(Openings(generations, open_embedder)) as openings,
        WorkerProcesses(work.workers) as compute,
    ):
        # We own the folder, so no other program can hold a claim: whoever did is dead.
        ledger.working.void_claims()
        openings.refresh()
        verify = VerifyEveryIndex(ledger.status, ledger.reading, openings, queue)
        if machine_went_down:
            verify()
        runner = stage_runner(ledger, openings, compute, readers.make_way)
        with (
            ingesting(ledger, queue, compute, stopping, readers.make_way) as ingest,
            Dispatcher(runner, ledger.working, queue, threads=work.workers + 1).running(),
            maintenance(ledger.working, openings, folder.path),
            Optimizer(openings, load(Index).optimize_after).running() as optimizer,
        ):
            index, embedder = ServingIndex(openings), ServingEmbedder(openings)
            reading = reading_over(ledger, index, embedder, MemoryOrders(utc_now), folder.secret())
            reindex = ReindexAll(ledger.status, queue)
            change = ChangeModel(openings, verify, ledger.reading)
            guard = key_guard(web.api_key)
            app = web_app(
                "Backstory",
                web,
                [
                    Check("ledger", ledger.events.last_event),
                    Check("disk", disk.expect_room, required=False),
                ],
                [ArchiveMetrics(ledger.status.stats), disk],
                streamed={BULK_PATH},
            )
            app.add_middleware(SteadyRequests, openings=openings)
            app.add_middleware(ReadersFirst, readers=readers)
            app.include_router(ingest_routes(ingest, guard))
            app.include_router(search_routes(reading))
            app.include_router(editing_routes(ledger.reading, ledger.relations, guard))
            add_pages(app, reading)
            app.include_router(
                admin_routes(verify, reindex, partial(export, ledger.database), guard)
            )
            app.include_router(model_routes(change, guard))
            app.include_router(optimizing_routes(optimizer, guard))
            yield app
