"""Database: the connections to one ledger, and its errors in the product's words."""

import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningUpdate

from backstory_shared.adapters.ledger.rows import Values
from backstory_shared.adapters.ledger.schema import Clock, events, utc_now
from backstory_shared.adapters.ledger.upserts import insert
from backstory_shared.errors import Conflict, Overloaded, StorageFull, StoreUnavailable, Unavailable

P = ParamSpec("P")
T = TypeVar("T")

AnyUpdate = sa.Update | ReturningUpdate[Any]

#: How often a transaction that met another one is run. Many, since a batch of new articles may
#: come second to a different batch with each of them; every time one more of them is known.
_TRIES = 70


@dataclass(frozen=True)
class Database(ABC):
    """What the two engines have in common, and as methods the little in which they differ."""

    readers: sa.Engine
    writers: sa.Engine
    clock: Clock = utc_now

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One snapshot: whatever the block reads, it reads as of one moment."""
        with self._in_our_words(), self.readers.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction; when the block has ended without an error it is on disk."""
        with self._in_our_words(), self.writers.begin() as connection:
            yield connection

    def close(self) -> None:
        self.readers.dispose()
        self.writers.dispose()

    @abstractmethod
    def update(self, connection: sa.Connection, statement: AnyUpdate) -> sa.CursorResult[Any]:
        """Update many rows of a table; two such updates never wait for each other in a circle."""

    @abstractmethod
    def lock(
        self, connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]
    ) -> None:
        """Hold these rows until the transaction ends, taken in the order of their keys."""

    @abstractmethod
    def append_events(self, connection: sa.Connection, rows: Sequence[Values]) -> None:
        """Write events in this order, after everything else that the transaction writes."""

    @abstractmethod
    def newest_event(self, connection: sa.Connection) -> int:
        """The event up to which no earlier one can still appear; 0 without any."""

    @contextmanager
    def at_once(self, connection: sa.Connection) -> Iterator[None]:  # noqa: ARG002 - for PostgreSQL
        """What the block writes may go out together; nothing in it may ask for a result."""
        yield

    def count_on(self, connection: sa.Connection, table: sa.Table) -> None:  # noqa: B027 - SQLite needs nothing
        """Where the engine numbers the rows of a table, go on after those it was given."""

    def take_time(self, connection: sa.Connection) -> None:  # noqa: B027 - SQLite needs nothing
        """Let this transaction last as long as it must."""

    def take_turn(self, connection: sa.Connection) -> None:  # noqa: B027 - SQLite needs nothing
        """Wait until nobody else changes the tables."""

    def complete_migration(self, connection: sa.Connection) -> None:  # noqa: B027 - SQLite needs nothing
        """After the tables were made or changed, in the same transaction."""

    @abstractmethod
    def cause(self, error: sa.exc.DBAPIError) -> Unavailable | None:
        """None where the fault is the program's and not the machine's."""

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.TimeoutError as error:
            raise Overloaded("Too many are waiting for the ledger.") from error
        except sa.exc.DBAPIError as error:
            if (cause := self.cause(error)) is None:
                raise
            raise cause from error


def again(move: Callable[P, T]) -> Callable[P, T]:
    """Run a move of the ledger anew where another transaction came first; Overloaded in the end.

    Harmless: a transaction that met a conflict has left nothing behind.
    """

    @wraps(move)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(_TRIES - 1):
            with suppress(Conflict):  # said above
                return move(*args, **kwargs)
        return move(*args, **kwargs)

    return tried


@dataclass(frozen=True)
class SqliteDatabase(Database):
    """Reads run side by side on snapshots; writes run one at a time.

    The lock is not for safety (BEGIN IMMEDIATE is): waiting on it is fair and quick, while SQLite's
    own waiting polls.
    """

    _writing: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        with self._writing, super().write() as connection:
            yield connection

    def update(self, connection: sa.Connection, statement: AnyUpdate) -> sa.CursorResult[Any]:
        return connection.execute(statement)

    def lock(
        self, connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]
    ) -> None:
        """Whoever writes has the whole file."""

    def append_events(self, connection: sa.Connection, rows: Sequence[Values]) -> None:
        insert(connection, events, rows)

    def newest_event(self, connection: sa.Connection) -> int:
        newest = sa.select(sa.func.max(events.c.sequence))
        return connection.execute(newest).scalar_one() or 0

    def cause(self, error: sa.exc.DBAPIError) -> Unavailable | None:
        said = str(error.orig)
        for words, kind, detail in _CAUSES:
            if words in said:
                return kind(detail)
        if isinstance(error, sa.exc.OperationalError):
            return StoreUnavailable("The ledger cannot be read or written.")
        return None


def sqlite_database(file: Path, clock: Clock = utc_now) -> Database:
    """Connect to a SQLite ledger; a commit is on disk before it returns (WAL, synchronous=FULL)."""
    return SqliteDatabase(
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
