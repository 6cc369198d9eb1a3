"""The composition root of one machine: everything Backstory is, in one program."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import IO

from fastapi import Depends, FastAPI
from prometheus_client import CollectorRegistry

from backstory_ingest.accept import AcceptArticles
from backstory_ingest.api import routes as ingest_routes
from backstory_search.api import routes as search_routes
from backstory_search.pages import routes as page_routes
from backstory_shared.adapters.ledger import SqlLedger, open_sqlite_ledger
from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.local_queue import LocalQueue
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.static_embedder import BUNDLED_MODEL, StaticEmbedder
from backstory_shared.adapters.worker_processes import WorkerProcesses
from backstory_shared.settings import Storage, Web, Work
from backstory_shared.stages import Stage
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
from backstory_standalone.folder import Folder, owned
from backstory_summarize.index import IndexStage
from backstory_summarize.runner import StageRunner
from backstory_summarize.summarize import SummarizeStage
from backstory_summarize.verify import ReindexAll, VerifyIndex
