"""The ledgers a contract is tested on, and the moves that many of the tests begin with."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from backstory_shared.adapters.ledger import SqlLedger, open_sqlite_ledger
from backstory_shared.adapters.ledger.schema import Clock
from backstory_shared.ports import Accepted, Batch, Neighbours, Result
from backstory_shared.stages import Lane, Reason, Stage
from support.drafts import SUMMARY, submission
from support.postgres import postgres_ledger

#: Opens the ledger that lives in this folder, or makes it.
Opener = Callable[[Path, Clock], AbstractContextManager[SqlLedger]]

BROKEN = Reason(type="stage-failed", detail="The stage raised.")
WORKER_LOST = Reason(type="worker-lost", detail="The worker died.")


@contextmanager
def sqlite_ledger(folder: Path, clock: Clock) -> Iterator[SqlLedger]:
    ledger = open_sqlite_ledger(folder / "ledger.sqlite", clock)
    for engine in (ledger.database.readers, ledger.database.writers):
        engine.dispose()
        sa.event.listen(engine, "connect", _as_everywhere)
    try:
        yield ledger
    finally:
        ledger.close()


def _as_everywhere(connection: sqlite3.Connection, _record: object) -> None:
    """Debian's SQLite takes 250,000 variables in a statement, the others 32,766."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)


LEDGERS: dict[str, Opener] = {"postgres": postgres_ledger, "sqlite": sqlite_ledger}


def accept(ledger: SqlLedger, **fields: Any) -> Accepted:
    return ledger.accepting.accept([submission(**fields)])[0]


def accept_all(ledger: SqlLedger, *ids: str, **fields: Any) -> None:
    ledger.accepting.accept([submission(id=id_, **fields) for id_ in ids])


def claim(
    ledger: SqlLedger, stage: Stage = Stage.INDEX, lane: Lane = Lane.LIVE, limit: int = 64
) -> Batch:
    """A claim that must not come back empty."""
    batch = ledger.working.claim(stage, lane, limit)
    assert batch is not None
    return batch


def ids_of(batch: Batch | None) -> set[str]:
    return set() if batch is None else {work.article_id for work in batch.items}


MADE: dict[Stage, Result] = {
    Stage.SUMMARIZE: SUMMARY,
    Stage.INDEX: None,
    Stage.RELATE: Neighbours(links=()),
}


def results_of(batch: Batch) -> dict[str, Result]:
    return {work.article_id: MADE[batch.stage] for work in batch.items}


def finish(ledger: SqlLedger, batch: Batch) -> set[str]:
    return ledger.working.finish(batch, results_of(batch))


def fail(ledger: SqlLedger, batch: Batch, reason: Reason = BROKEN) -> None:
    ledger.working.fail(batch, dict.fromkeys(ids_of(batch), reason))


def lose(ledger: SqlLedger, batch: Batch, reason: Reason = WORKER_LOST) -> None:
    ledger.working.lose(batch, ids_of(batch), reason)


def release(ledger: SqlLedger, batch: Batch) -> None:
    ledger.working.release(batch)


def work_off(ledger: SqlLedger) -> None:
    """Do all that is due now, as workers without trouble would."""
    while waiting := ledger.working.waiting():
        for stage, lane in waiting:
            finish(ledger, claim(ledger, stage, lane))
