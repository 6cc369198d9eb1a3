"""A server for one command: ledger and index of many machines, for whoever looks after them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn
from fastapi import FastAPI

from backstory_ingest.api import routes as ingest_routes
from backstory_ingest.service import ingesting
from backstory_shared import engines, index_engine
from backstory_shared.adapters.celery_queue import celery_queue
from backstory_shared.adapters.ledger.moving import export
from backstory_shared.adapters.worker_processes import WorkerProcesses
from backstory_shared.settings import Web
from backstory_shared.web import Stop, bound, key_guard, server_config, web_app
from backstory_standalone.admin import routes as admin_routes
from backstory_standalone.client import Client, client_of
from backstory_standalone.model_change import routes as model_routes
from backstory_standalone.server import wait_until_started
from backstory_summarize.change_model import ChangeModel, VerifyEveryIndex
from backstory_summarize.verify import ReindexAll


@contextmanager
def administering() -> Iterator[Client]:
    """By connections of our own: of the services none has both and nothing else to do.

    What is to be done anew is done by the workers, in the low lane.
    """
    web, stop = Web(host="127.0.0.1", port=0), Stop()
    with _app(web, stop) as app, bound(web) as listener:
        server = stop.server = uvicorn.Server(server_config(app, host=web.host, port=0))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        wait_until_started(server)
        try:
            with client_of(f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def _app(web: Web, stop: Stop) -> Iterator[FastAPI]:
    with (
        engines.ledger() as ledger,
        index_engine.openings() as openings,
        engines.broker() as broker,
        celery_queue(engines.redis_url(), broker) as queue,
        WorkerProcesses(1) as compute,
        ingesting(ledger, queue, compute, stop) as ingest,
    ):
        verify = VerifyEveryIndex(ledger.status, ledger.reading, openings, queue)
        reindex = ReindexAll(ledger.status, queue)
        guard = key_guard(web.api_key)
        app = web_app("Backstory", web, [engines.ledger_check(ledger)], [])
        app.include_router(ingest_routes(ingest, guard))
        app.include_router(admin_routes(verify, reindex, partial(export, ledger.database), guard))
        app.include_router(model_routes(ChangeModel(openings, verify, ledger.reading), guard))
        yield app
