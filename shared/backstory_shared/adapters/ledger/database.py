"""Database: the connections to one ledger, and its errors in the product's words."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from backstory_shared.adapters.ledger.schema import Clock, utc_now
from backstory_shared.errors import Overloaded, StorageFull, StoreUnavailable, Unavailable


@dataclass(frozen=True)
class Database:
    """Reads run side by side on snapshots; writes run one at a time.

    The lock is not for safety (BEGIN IMMEDIATE is): waiting on it is fair and quick, while SQLite's
    own waiting polls.
    """

    readers: sa.Engine
    writers: sa.Engine
    clock: Clock = utc_now
    _writing: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        with _in_our_words(), self.readers.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction; when the block has ended without an error it is on disk."""
        with self._writing, _in_our_words(), self.writers.begin() as connection:
            yield connection

    def close(self) -> None:
        self.readers.dispose()
        self.writers.dispose()


def sqlite_database(file: Path, clock: Clock = utc_now) -> Database:
    """Connect to a SQLite ledger; a commit is on disk before it returns (WAL, synchronous=FULL)."""
    return Database(
        readers=_sqlite_engine(file, begin="BEGIN", connections=16),
        writers=_sqlite_engine(file, begin="BEGIN IMMEDIATE", connections=1),
        clock=clock,
    )


def _sqlite_engine(file: Path, *, begin: str, connections: int) -> sa.Engine:
    engine = sa.create_engine(
        f"sqlite:///{file}",
        pool_size=connections,
        max_overflow=0,
        pool_use_lifo=True,  # a quiet hour keeps one connection's pages warm, not sixteen's
        connect_args={"check_same_thread": False, "timeout": 30},
        hide_parameters=True,  # an error must not carry an article into the logs
    )

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # else the driver begins by itself, and deferred
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-1000"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


#: What SQLite says, and what that means to the person who runs the program.
_CAUSES: tuple[tuple[str, type[Unavailable], str], ...] = (
    ("is full", StorageFull, "The ledger's disk is full; nothing was stored."),
    (
        "unable to open",
        StoreUnavailable,
        "The ledger cannot be opened; its folder must exist and be writable.",
    ),
    ("readonly", StoreUnavailable, "The ledger may only be read; its file must be writable."),
    ("not a database", StoreUnavailable, "The ledger's file is not a ledger."),
    ("malformed", StoreUnavailable, "The ledger's file is damaged."),
)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except sa.exc.TimeoutError as error:
        raise Overloaded("Too many readers are waiting for the ledger.") from error
    except sa.exc.DatabaseError as error:
        if (cause := _cause(error)) is None:
            raise
        raise cause from error


def _cause(error: sa.exc.DatabaseError) -> Unavailable | None:
    """None where the fault is the program's and not the machine's."""
    said = str(error.orig)
    for words, kind, detail in _CAUSES:
        if words in said:
            return kind(detail)
    if isinstance(error, sa.exc.OperationalError):
        return StoreUnavailable("The ledger cannot be read or written.")
    return None
