"""The programs of many machines with shorter times, and if wanted with one safeguard taken out.

python quick.py worker|beat|ingest [SAFEGUARD]
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

from celery import Celery
from celery.signals import worker_process_init

from backstory_ingest import main as ingest
from backstory_shared import engines
from backstory_shared.adapters.broker import Broker
from backstory_shared.adapters.celery_queue import (
    CeleryQueue,
    Doorbell,
    Timing,
    celery_queue,
    publishing_app,
)
from backstory_shared.adapters.embedders import chosen, open_embedder
from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.ledger.accepting import SqlAcceptLedger
from backstory_shared.adapters.ledger.schema import stages
from backstory_shared.adapters.ledger.working import SqlWorkLedger
from backstory_shared.adapters.qdrant_server import QdrantServerGenerations, QdrantServerIndex
from backstory_shared.adapters.qdrant_server.points import point
from backstory_shared.articles import Tombstone
from backstory_shared.errors import StoreUnavailable
from backstory_shared.generations import Generation, Roles
from backstory_shared.openings import Openings
from backstory_shared.ports import Batch, IndexEntry, ModelCard
from backstory_shared.settings import Embedding, Logs, Qdrant, load
from backstory_shared.stages import Lane, Stage, State
from backstory_shared.summaries import Summary
from backstory_summarize import worker
from backstory_summarize.processes import log_as_we_do, run_beat, run_worker
from backstory_summarize.runner import StageRunner
from backstory_summarize.tasks import Hands, worker_app
from support.dangerous import LINGER, Dangerous, wait_to_be_stopped_and_woken
from support.early import AnswersEarly

TIMING = Timing(
    turn=timedelta(seconds=1),
    computing=timedelta(seconds=3),
    clock=timedelta(seconds=4.5),
    task=timedelta(seconds=6),
    lease=timedelta(seconds=8),
    visibility=timedelta(seconds=14),
    sweep=timedelta(seconds=0.5),
)


class LingeringIndex(QdrantServerIndex):
    """Lingers over some articles when all has been looked at, and nothing is written yet."""

    def write(self, entries: Sequence[IndexEntry]) -> None:
        if any(LINGER in (entry.section or "") for entry in entries):
            wait_to_be_stopped_and_woken()
        super().write(entries)


class LingeringGenerations(QdrantServerGenerations):
    kind: type[LingeringIndex] = LingeringIndex

    def open(self, generation: Generation, model: ModelCard) -> LingeringIndex:
        safe = super().open(generation, model)
        return self.kind(safe._client, safe.collection, model)


# --- one safeguard less ---------------------------------------------------------------------------


@dataclass(frozen=True)
class NeverSweeps(SqlWorkLedger):
    """Takes nothing back from the dead, and knows of nothing that waits."""

    def sweep(self) -> int:
        return 0

    def waiting(self) -> set[tuple[Stage, Lane]]:
        return set()


@dataclass(frozen=True)
class NeverCounts(SqlWorkLedger):
    """Takes work back as often as it is lost."""

    def sweep(self) -> int:
        lost = super().sweep()
        with self.database.write() as connection:
            connection.execute(stages.update().values(lost=0))
        return lost


@dataclass(frozen=True)
class FinishesAnyway(SqlWorkLedger):
    """Takes a claim back to itself before it finishes, whoever has the row by now."""

    def finish(self, batch: Batch, results: Mapping[str, Summary | None]) -> set[str]:
        with self.database.write() as connection:
            for item in batch.items:
                connection.execute(
                    stages.update()
                    .where(stages.c.article_id == item.article_id, stages.c.stage == batch.stage)
                    .values(state=State.RUNNING.value, token=batch.token, revision=item.revision)
                )
        return super().finish(batch, results)


@dataclass(frozen=True)
class ForgetsDeletions(SqlAcceptLedger):
    """Says that an article is gone, and leaves it where it is."""

    def delete(self, article_id: str, correlation_id: str) -> Tombstone:
        return Tombstone(id=article_id, revision=1, deleted_at=self.database.clock())


class WritesAnyway(LingeringIndex):
    """Writes over whatever is there, newer or not."""

    def _send(self, revision: int, entries: Sequence[IndexEntry]) -> None:
        self._client.upsert(self._collection, [point(entry) for entry in entries], wait=True)


class Unconditional(LingeringGenerations):
    kind = WritesAnyway


class NeverHears(LingeringIndex):
    """Takes every write for done, also with nobody there to take it."""

    def write(self, entries: Sequence[IndexEntry]) -> None:
        with suppress(StoreUnavailable):
            super().write(entries)


class NeverAsks(LingeringGenerations):
    """Believes that the server is there, and as it was."""

    kind = NeverHears

    def roles(self) -> Roles:
        if not hasattr(self, "_known"):
            self._known = super().roles()
        return self._known


class RingsAtOnce(CeleryQueue):
    """Publishes in the request, and lets it fail with Redis."""

    def ring(self, stage: Stage, lane: Lane, ids: Sequence[str] = ()) -> None:
        self.doorbell.ring(stage, lane, ids)


WORKING: dict[str, type[SqlWorkLedger]] = {
    "never-sweeps": NeverSweeps,
    "never-counts": NeverCounts,
    "finishes-anyway": FinishesAnyway,
}
INDEXING: dict[str, type[LingeringGenerations]] = {
    "writes-anyway": Unconditional,
    "never-hears": NeverAsks,
}
ACCEPTING: dict[str, type[SqlAcceptLedger]] = {
    "answers-early": AnswersEarly,
    "forgets-deletions": ForgetsDeletions,
}


@contextmanager
def ledger() -> Iterator[SqlLedger]:
    with engines.ledger() as made:
        kind = ACCEPTING.get(safeguard(), SqlAcceptLedger)
        yield replace(made, accepting=kind(made.database))


@contextmanager
def openings() -> Iterator[Openings]:
    kind = INDEXING.get(safeguard(), LingeringGenerations)
    generations = kind(load(Qdrant), chosen(load(Embedding)))
    with closing(generations), closing(Openings(generations, open_embedder)) as opened:
        opened.refresh()
        yield opened


@contextmanager
def ringing_at_once(redis_url: str, broker: Broker) -> Iterator[CeleryQueue]:
    with publishing_app(redis_url) as app, RingsAtOnce(Doorbell(app, broker)) as queue:
        yield queue


# --- the programs ---------------------------------------------------------------------------------


def safeguard() -> str:
    return (sys.argv[2:] or [""])[0]


@contextmanager
def hands() -> Iterator[Hands]:
    with worker.hands(TIMING, openings) as made:
        kind = WORKING.get(safeguard(), SqlWorkLedger)
        ledger = kind(made.ledger.database, TIMING.lease)
        works = {
            stage: replace(work, compute=Dangerous(work.compute))
            for stage, work in cast(Mapping[Stage, Any], made.runner.stages).items()
        }
        yield replace(made, ledger=ledger, runner=StageRunner(ledger, works))


_KEPT = ExitStack()
_OPENED: list[Hands] = []


def open_early(**_: object) -> None:
    """On a busy machine opening takes longer than these quick tasks may."""
    _OPENED.append(_KEPT.enter_context(hands()))


@contextmanager
def opened() -> Iterator[Hands]:
    """Again, if what it needs was down then."""
    if not _OPENED:
        open_early()
    yield _OPENED[0]


def app() -> Celery:
    log_as_we_do(load(Logs))
    worker_process_init.connect(open_early, weak=False)
    return worker_app(engines.redis_url(), opened, app, concurrency=2, timing=TIMING)


def work() -> None:
    with engines.broker() as broker:
        run_worker(app(), broker)


def beat() -> None:
    with engines.broker() as broker:
        run_beat(app(), broker)


def accept() -> None:
    ingest.run(
        open_ledger=ledger,
        open_queue=ringing_at_once if safeguard() == "rings-at-once" else celery_queue,
    )


PROGRAMS: dict[str, Callable[[], None]] = {"worker": work, "beat": beat, "ingest": accept}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]]()
