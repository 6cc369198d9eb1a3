"""The ledger on SQL: one source of truth, SQLite on one machine, PostgreSQL on many."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from backstory_shared.adapters.ledger.accepting import SqlAcceptLedger
from backstory_shared.adapters.ledger.database import Database, sqlite_database
from backstory_shared.adapters.ledger.desk import SqlSummaryDesk
from backstory_shared.adapters.ledger.events import SqlEventLog
from backstory_shared.adapters.ledger.migrate import check_schema, migrate
from backstory_shared.adapters.ledger.postgres import (
    PATIENCE,
    Patience,
    check_server,
    postgres_database,
)
from backstory_shared.adapters.ledger.profiles import SqlProfiles
from backstory_shared.adapters.ledger.reading import SqlArticleReader
from backstory_shared.adapters.ledger.relations import SqlRelations
from backstory_shared.adapters.ledger.schema import Clock, utc_now
from backstory_shared.adapters.ledger.status import SqlStatusLedger
from backstory_shared.adapters.ledger.stories import SqlStories
from backstory_shared.adapters.ledger.working import SqlWorkLedger

__all__ = ["SqlLedger", "migrate_postgres_ledger", "open_postgres_ledger", "open_sqlite_ledger"]


@dataclass(frozen=True)
class SqlLedger:
    """The ledger's faces over one database."""

    database: Database
    accepting: SqlAcceptLedger
    working: SqlWorkLedger
    reading: SqlArticleReader
    status: SqlStatusLedger
    events: SqlEventLog
    profiles: SqlProfiles
    relations: SqlRelations
    stories: SqlStories
    desk: SqlSummaryDesk

    @classmethod
    def over(cls, database: Database) -> "SqlLedger":
        return cls(
            database=database,
            accepting=SqlAcceptLedger(database),
            working=SqlWorkLedger(database),
            reading=SqlArticleReader(database),
            status=SqlStatusLedger(database),
            events=SqlEventLog(database),
            profiles=SqlProfiles(database),
            relations=SqlRelations(database),
            stories=SqlStories(database),
            desk=SqlSummaryDesk(database),
        )

    def close(self) -> None:
        self.database.close()


def open_sqlite_ledger(file: Path, clock: Clock = utc_now) -> SqlLedger:
    """Open or create the ledger and bring it to this schema; the caller owns the folder's lock."""
    database = sqlite_database(file, clock)
    migrate(database)
    return SqlLedger.over(database)


def open_postgres_ledger(
    url: str, clock: Clock | None = None, *, connections: int = 16, patience: Patience = PATIENCE
) -> SqlLedger:
    """Connect to a ledger that many processes share. Raises CannotStart, SchemaMismatch.

    The tables are made by `migrate_postgres_ledger`, once, not by whoever comes first.
    """
    database = postgres_database(url, clock, connections=connections, patience=patience)
    with _closed_on_error(database):
        check_server(database)
        check_schema(database)
    return SqlLedger.over(database)


def migrate_postgres_ledger(url: str) -> None:
    """Make or bring up to date the tables; any number at once. Raises CannotStart."""
    database = postgres_database(url, connections=2)
    with closing(database):
        check_server(database)
        migrate(database)


@contextmanager
def _closed_on_error(database: Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        database.close()
        raise
