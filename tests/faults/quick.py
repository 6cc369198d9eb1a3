"""The programs of many machines with shorter times, and if wanted with one safeguard taken out.

python quick.py worker|beat|ingest [SAFEGUARD]
"""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from celery import Celery

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
from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.ledger.accepting import SqlAcceptLedger
from backstory_shared.adapters.ledger.schema import stages
from backstory_shared.adapters.ledger.working import SqlWorkLedger
from backstory_shared.articles import Outcome
from backstory_shared.ports import Accepted, Batch, Submission
from backstory_shared.settings import Logs, load
from backstory_shared.stages import ArticleStatus, Lane, Stage, State
from backstory_shared.summaries import Summary
from backstory_summarize import worker
from backstory_summarize.processes import log_as_we_do, run_beat, run_worker
from backstory_summarize.runner import StageRunner
from backstory_summarize.tasks import Hands, worker_app
from support.dangerous import Dangerous

TIMING = Timing(
    turn=timedelta(seconds=1),
    computing=timedelta(seconds=2),
    task=timedelta(seconds=4),
    lease=timedelta(seconds=6),
    visibility=timedelta(seconds=10),
    sweep=timedelta(seconds=0.5),
)
_LATE_SECONDS = 0.5


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
class AnswersEarly(SqlAcceptLedger):
    """Says that articles are kept, and keeps them half a second later."""

    def accept(self, submissions: Sequence[Submission]) -> list[Accepted]:
        threading.Timer(_LATE_SECONDS, super().accept, (submissions,)).start()
        return [
            Accepted(
                id=submission.draft.article.id,
                revision=1,
                outcome=Outcome.CREATED,
                status=ArticleStatus.ACCEPTED,
            )
            for submission in submissions
        ]


class RingsAtOnce(CeleryQueue):
    """Publishes in the request, and lets it fail with Redis."""

    def ring(self, stage: Stage, lane: Lane) -> None:
        self.doorbell.ring(stage, lane)


WORKING: dict[str, type[SqlWorkLedger]] = {
    "never-sweeps": NeverSweeps,
    "never-counts": NeverCounts,
    "finishes-anyway": FinishesAnyway,
}


@contextmanager
def answering_early() -> Iterator[SqlLedger]:
    with engines.ledger() as ledger:
        yield replace(ledger, accepting=AnswersEarly(ledger.database))


@contextmanager
def ringing_at_once(redis_url: str, broker: Broker) -> Iterator[CeleryQueue]:
    with publishing_app(redis_url) as app, RingsAtOnce(Doorbell(app, broker)) as queue:
        yield queue


# --- the programs ---------------------------------------------------------------------------------


def safeguard() -> str:
    return (sys.argv[2:] or [""])[0]


@contextmanager
def hands() -> Iterator[Hands]:
    with worker.hands(TIMING) as made:
        kind = WORKING.get(safeguard(), SqlWorkLedger)
        ledger = kind(made.ledger.database, TIMING.lease)
        works = {
            stage: replace(work, compute=Dangerous(work.compute))  # type: ignore[type-var, attr-defined]
            for stage, work in made.runner.stages.items()
        }
        yield replace(made, ledger=ledger, runner=StageRunner(ledger, works))


def app() -> Celery:
    log_as_we_do(load(Logs))
    return worker_app(engines.redis_url(), hands, app, concurrency=2, timing=TIMING)


def work() -> None:
    with engines.broker() as broker:
        run_worker(app(), broker)


def beat() -> None:
    run_beat(app())


def accept() -> None:
    ingest.run(
        open_ledger=answering_early if safeguard() == "answers-early" else engines.ledger,
        open_queue=ringing_at_once if safeguard() == "rings-at-once" else celery_queue,
    )


PROGRAMS: dict[str, Callable[[], None]] = {"worker": work, "beat": beat, "ingest": accept}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]]()
