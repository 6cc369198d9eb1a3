"""What SQLite does for one move of the ledger: its plan, and how many steps it takes."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import sqlalchemy as sa

from backstory_shared.adapters.ledger import SqlLedger

Move = Callable[[SqlLedger], object]


def plan_of(ledger: SqlLedger, move: Move) -> list[str]:
    """The lines of EXPLAIN QUERY PLAN of every statement of the move, made before each runs."""
    lines: list[str] = []

    def explain(_c: Any, cursor: sqlite3.Cursor, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            some = parameters[0] if isinstance(parameters, list) else parameters
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", some)
            lines.extend(line[3] for line in plan)

    with _listening(ledger, "before_cursor_execute", explain):
        move(ledger)
    return lines


def steps_of(ledger: SqlLedger, move: Move) -> int:
    """How many instructions SQLite's virtual machine needs for the move."""
    steps = count()

    def tick() -> int:
        next(steps)
        return 0

    def watch(connection: sqlite3.Connection, *_: Any) -> None:
        connection.set_progress_handler(tick, 1)

    def leave(connection: sqlite3.Connection, *_: Any) -> None:
        connection.set_progress_handler(None, 0)

    with _listening(ledger, "checkout", watch), _listening(ledger, "checkin", leave):
        move(ledger)
    return next(steps)


@contextmanager
def _listening(ledger: SqlLedger, name: str, listener: Callable[..., Any]) -> Iterator[None]:
    engines = (ledger.database.readers, ledger.database.writers)
    for engine in engines:
        sa.event.listen(engine, name, listener)
    try:
        yield
    finally:
        for engine in engines:
            sa.event.remove(engine, name, listener)
