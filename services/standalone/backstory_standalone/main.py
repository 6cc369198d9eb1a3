"""The composition root of one machine: everything Backstory is, in one program."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from backstory_ingest.accept import AcceptArticles, KeepArticles
from backstory_ingest.api import BULK_PATH, Ingest
from backstory_ingest.api import routes as ingest_routes
from backstory_ingest.drafting import Drafting
from backstory_ingest.events import FollowEvents
from backstory_ingest.group_commit import GroupCommit
from backstory_ingest.removal import DeleteArticle
from backstory_ingest.retries import RetryArticles
from backstory_search.api import Reading
from backstory_search.api import routes as search_routes
from backstory_search.browse import BrowseArticles
from backstory_search.cursors import Cursors
from backstory_search.highlighting import HighlightWords
from backstory_search.orders import MemoryOrders
from backstory_search.pages import routes as page_routes
from backstory_search.related import RelatedArticles
from backstory_search.search import SearchArticles
from backstory_search.summaries import ReadSummary
from backstory_shared.adapters.embedders import chosen, open_embedder
from backstory_shared.adapters.ledger import SqlLedger, open_sqlite_ledger
from backstory_shared.adapters.ledger.schema import utc_now
from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.local_queue import LocalQueue
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.worker_processes import WorkerProcesses
from backstory_shared.ports import Compute, Embedder, ModelChoice, Queue
from backstory_shared.settings import Embedding, Web, Work, load
from backstory_shared.stages import Stage
from backstory_shared.text.languages import LanguageDetector
from backstory_shared.urls import canonical_url
from backstory_shared.web import (
    ArchiveMetrics,
    Check,
    HttpMetrics,
    Limits,
    add_web_basics,
    health_routes,
    key_guard,
    metrics_routes,
)
from backstory_standalone.admin import routes as admin_routes
from backstory_standalone.dispatcher import Dispatcher, maintenance
from backstory_standalone.folder import Folder
from backstory_summarize.index import IndexStage
from backstory_summarize.runner import StageRunner
from backstory_summarize.summarize import SummarizeStage
from backstory_summarize.verify import ReindexAll, VerifyIndex
from backstory_summarize.work import StageWork

VERSION = version("backstory")

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
        keep = KeepArticles(ledger.accepting, queue)
        with (
            GroupCommit(keep) as commits,
            _dispatcher(ledger, index, compute, queue, work.workers, model).running(),
            maintenance(ledger.working, index),
        ):
            accept = AcceptArticles(Drafting(compute, LanguageDetector()), keep, commits)
            ingest = _ingest(ledger, queue, accept, stopping)
            reading = _reading(ledger, index, embedder, folder.secret())
            verify = VerifyIndex(ledger.status, ledger.reading, index, queue)
            reindex = ReindexAll(ledger.status, queue)
            guard = key_guard(web.api_key)
            app = _app(ledger)
            app.include_router(ingest_routes(ingest, guard))
            app.include_router(search_routes(reading))
            app.include_router(page_routes(reading))
            app.include_router(admin_routes(verify, reindex, guard))
            yield app


def _ingest(
    ledger: SqlLedger, queue: Queue, accept: AcceptArticles, stopping: Callable[[], bool]
) -> Ingest:
    return Ingest(
        accept=accept,
        delete=DeleteArticle(ledger.accepting, queue),
        retry=RetryArticles(ledger.status, queue),
        status=ledger.status,
        events=FollowEvents(ledger.events, stopping),
    )


def _reading(ledger: SqlLedger, index: EdgeIndex, embedder: Embedder, secret: bytes) -> Reading:
    cursors, terms = Cursors(secret, utc_now), Bm25TermEncoder()
    return Reading(
        articles=ledger.reading,
        browser=ledger.reading,
        search=SearchArticles(
            articles=ledger.reading,
            index=index,
            embedder=embedder,
            terms=terms,
            orders=MemoryOrders(utc_now),
            cursors=cursors,
        ),
        related=RelatedArticles(ledger.reading, ledger.reading, index, embedder.model.floor),
        browse=BrowseArticles(ledger.reading, cursors),
        summary=ReadSummary(ledger.reading),
        highlight=HighlightWords(terms),
        canonical_url=canonical_url,
    )


def _app(ledger: SqlLedger) -> FastAPI:
    """The application with everything that is not Backstory's own business."""
    registry = CollectorRegistry()
    registry.register(ArchiveMetrics(ledger.status.stats))
    app = FastAPI(title="Backstory", version=VERSION)
    add_web_basics(
        app, limits=Limits(), metrics=HttpMetrics(registry), streamed=frozenset({BULK_PATH})
    )
    app.include_router(health_routes([Check("ledger", ledger.events.last_event)], VERSION))
    app.include_router(metrics_routes(registry))
    return app


def _dispatcher(
    ledger: SqlLedger,
    index: EdgeIndex,
    compute: Compute,
    queue: LocalQueue,
    workers: int,
    model: ModelChoice,
) -> Dispatcher:
    stages: dict[Stage, StageWork] = {
        Stage.SUMMARIZE: SummarizeStage(ledger.reading, compute),
        Stage.INDEX: IndexStage(ledger.reading, index, compute, model),
    }
    runner = StageRunner(ledger.working, stages)
    return Dispatcher(runner, ledger.working, queue, threads=workers + 1)
