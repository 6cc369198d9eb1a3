"""The ingest API over a ledger in memory, served for real."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

import httpx
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from backstory_ingest.accept import AcceptArticles, KeepArticles
from backstory_ingest.api import BULK_PATH, Ingest, routes
from backstory_ingest.drafting import Drafting
from backstory_ingest.editing import EditSummary, SummarizeAgain, SummarizeText
from backstory_ingest.events import FollowEvents
from backstory_ingest.group_commit import GroupCommit
from backstory_ingest.removal import DeleteArticle
from backstory_ingest.retries import RetryArticles
from backstory_shared.ports import Accepted, AcceptLedger, Submission
from backstory_shared.stages import Lane, Stage
from backstory_shared.web import HttpMetrics, Limits, add_web_basics, key_guard
from support import patience
from support.memory_ledger import MemoryLedger
from support.server import RunningServer, serving

P = ParamSpec("P")
T = TypeVar("T")

KEY = "opensesame"


@dataclass
class Bell:
    """A queue that remembers who rang."""

    rung: list[tuple[Stage, Lane]] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)

    def ring(self, stage: Stage, lane: Lane, ids: Sequence[str] = ()) -> None:
        self.rung.append((stage, lane))
        self.hints.extend(ids)


class AtOnce:
    """Compute in the caller's own thread."""

    def submit(
        self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class English:
    """Takes every text for English."""

    def detect(self, text: str) -> str | None:
        return "en"


@dataclass(frozen=True)
class Newsroom:
    """A running ingest API and what is behind it."""

    server: RunningServer
    ledger: MemoryLedger
    bell: Bell
    stop: threading.Event

    def client(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.server.url,
            headers={"Authorization": f"Bearer {KEY}"},
            timeout=patience.SECONDS,
        )


@contextmanager
def newsroom(
    *, limits: Limits | None = None, ledger: AcceptLedger | None = None
) -> Iterator[Newsroom]:
    memory, bell, stop = MemoryLedger(), Bell(), threading.Event()
    keep = KeepArticles(ledger or memory, bell)
    with GroupCommit[Submission, Accepted](keep) as commits:
        app = FastAPI()
        add_web_basics(
            app,
            limits=limits or Limits(),
            metrics=HttpMetrics(CollectorRegistry()),
            streamed=[BULK_PATH],
        )
        ingest = Ingest(
            accept=AcceptArticles(Drafting(AtOnce(), English()), keep, commits),
            delete=DeleteArticle(memory, bell),
            retry=RetryArticles(memory, bell),
            status=memory,
            events=FollowEvents(memory, stop.is_set),
            edit_summary=EditSummary(memory),
            summarize_again=SummarizeAgain(memory, bell),
            summarize_text=SummarizeText(AtOnce(), English()),
        )
        app.include_router(routes(ingest, key_guard(SecretStr(KEY))))
        with serving(app) as server:
            try:
                yield Newsroom(server, memory, bell, stop)
            finally:
                stop.set()
