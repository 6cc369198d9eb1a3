"""PostgresDatabase: connections to a PostgreSQL ledger, and what it does otherwise than SQLite."""

import json
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from backstory_shared.adapters.ledger.database import AnyUpdate, Database
from backstory_shared.adapters.ledger.rows import Values
from backstory_shared.adapters.ledger.schema import (
    IS_RELATE,
    Clock,
    events,
    metadata,
    stages,
    utc_now,
)
from backstory_shared.adapters.ledger.upserts import GIVEN, as_given, rows_given
from backstory_shared.errors import (
    CannotStart,
    Conflict,
    Overloaded,
    StorageFull,
    StoreUnavailable,
    Unavailable,
)

OLDEST = 14
_PORTS_OWN = 5432


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """What the server ends for us, in its own units of time."""

    #: Waiting for rows that somebody else holds. Batches hold theirs for milliseconds, and whoever
    #: called us has a timeout too: better an answer that says to try again than none.
    lock: str = "10s"
    #: A single statement. The longest go over a page of an archive, never over all of it.
    statement: str = "300s"
    #: A transaction that does nothing: its process was stopped or swapped out. It holds its rows,
    #: and every reader of the event log waits for it.
    idle: str = "60s"

    def session(self) -> dict[str, str]:
        return {
            "synchronous_commit": "on",
            "lock_timeout": self.lock,
            "statement_timeout": self.statement,
            "idle_in_transaction_session_timeout": self.idle,
        }


PATIENCE = Patience()
#: A server that vanished without a word is noticed within half a minute.
_CONNECT = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
    "application_name": "backstory",
}
_POOL_SECONDS = 10
#: A connection that was used this lately needs no greeting; one that lay longer is asked first
#: whether the server is still there.
FRESH_SECONDS = 0.5
_USED = "backstory_used"
_CLOCK_SECONDS = 60.0
#: Stronger is welcome: it waits for a standby too.
_SYNCHRONOUS = ("on", "remote_apply")


@dataclass
class ServerClock:
    """What time it is where the ledger is.

    A lease that one machine gives is judged by another, and their clocks may be minutes apart: then
    one would take away what the other is at work on, until its articles had failed.
    """

    machine: Clock = utc_now
    _ahead: timedelta = timedelta()
    _asked: float = -math.inf

    def __call__(self) -> datetime:
        return self.machine() + self._ahead

    def follow(self, engine: sa.Engine) -> None:
        """Ask once a minute, since clocks drift and are set."""

        @sa.event.listens_for(engine, "checkout")
        def _ask(connection: Any, _record: Any, _proxy: Any) -> None:
            if time.monotonic() - self._asked > _CLOCK_SECONDS:
                try:
                    self._learn(connection)
                except engine.dialect.loaded_dbapi.Error as error:
                    raise sa.exc.InvalidatePoolError from error

    def _learn(self, connection: Any) -> None:
        """Taken to be the time in the middle between question and answer."""
        asked = self.machine()
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            said = cursor.fetchone()[0]
        connection.autocommit = False
        self._ahead = said - asked - (self.machine() - asked) / 2
        self._asked = time.monotonic()


@dataclass(frozen=True)
class PostgresDatabase(Database):
    """Many processes read and write at once; rows are locked in the order of their keys."""

    def lock(
        self, connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]
    ) -> None:
        connection.execute(_in_order(table).where(condition))

    def update(self, connection: sa.Connection, statement: AnyUpdate) -> sa.CursorResult[Any]:
        """In one statement, so that it touches no row that has come in after it took its locks."""
        table = cast(sa.Table, statement.table)
        taken = _in_order(table)
        if statement.whereclause is not None:
            taken = taken.where(statement.whereclause)
        held = taken.cte("held")
        return connection.execute(
            statement.where(sa.tuple_(*table.primary_key).in_(sa.select(held)))
        )

    @contextmanager
    def at_once(self, connection: sa.Connection) -> Iterator[None]:
        """One trip to the server and back, not one for each statement."""
        driver = cast(Any, connection.connection.driver_connection)
        try:
            with driver.pipeline():
                yield
        except connection.dialect.loaded_dbapi.Error as error:
            # What comes with the answer has passed by SQLAlchemy, which words errors for us.
            raise _as_if_executed(connection.dialect, error) from error

    def append_events(self, connection: sa.Connection, rows: Sequence[Values]) -> None:
        """Number them first, then write them in a savepoint, which has a transaction id of its own.

        That id is then higher than the id of any transaction that was given a lower number, because
        every one of those had written something before it asked for its numbers.
        """
        connection.exec_driver_sql("SAVEPOINT appending")
        connection.execute(_APPEND, {GIVEN: as_given(events, rows)})
        connection.exec_driver_sql("RELEASE SAVEPOINT appending")

    def newest_event(self, connection: sa.Connection) -> int:
        """The newest event below the oldest running transaction: all before it are decided."""
        newest = (
            sa.select(events.c.sequence)
            .where(_IS_SETTLED)
            .order_by(events.c.sequence.desc())
            .limit(1)
        )
        return connection.execute(newest).scalar_one_or_none() or 0

    def count_on(self, connection: sa.Connection, table: sa.Table) -> None:
        if (numbered := table.autoincrement_column) is not None:
            newest = sa.func.max(numbered)
            sequence = sa.func.pg_get_serial_sequence(table.name, numbered.name)
            connection.execute(
                sa.select(sa.func.setval(sequence, newest)).having(newest.is_not(None))
            )

    def take_time(self, connection: sa.Connection) -> None:
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(sa.select(sa.func.set_config(name, "0", True)))

    def take_turn(self, connection: sa.Connection) -> None:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION)))

    def complete_migration(self, connection: sa.Connection) -> None:
        """Let words be ordered by their characters, as in SQLite, whatever the database's own order
        is: cursors and pages depend on it."""
        for table, column in connection.execute(_ORDERED_OTHERWISE).all():
            connection.execute(
                sa.text(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE text COLLATE "C"')
            )

    def cause(self, error: sa.exc.DBAPIError) -> Unavailable | None:
        state = getattr(error.orig, "sqlstate", None)
        if state is None:
            # No answer from the server at all; what is wrong with a statement has a state.
            lost = isinstance(error, sa.exc.OperationalError)
            return StoreUnavailable("The ledger's server cannot be reached.") if lost else None
        for prefix, kind, detail in _CAUSES:
            if state.startswith(prefix):
                return kind(detail)
        return None


def _as_if_executed(dialect: sa.Dialect, error: Exception) -> Exception:
    return sa.exc.DBAPIError.instance(
        None, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
    )


def _in_order(table: sa.Table) -> sa.Select[Any]:
    """By their keys, but relating after the first stages: of those rows some may come in while
    somebody waits for the others (`lock_stages`)."""
    last = [IS_RELATE] if table is stages else []
    return sa.select(*table.primary_key).order_by(*last, *table.primary_key).with_for_update()


#: PostgreSQL's codes, and what they mean to the person who runs the program.
_CAUSES: tuple[tuple[str, type[Unavailable], str], ...] = (
    ("40", Conflict, "Others changed the same articles at the same moment; try again."),
    ("53100", StorageFull, "The ledger's disk is full; nothing was stored."),
    ("53", Overloaded, "The ledger's server has no room for more connections or memory."),
    ("55P03", Overloaded, "Somebody else held the same articles for too long; try again."),
    ("57014", Overloaded, "The ledger's server took too long; try again."),
    ("57P", StoreUnavailable, "The ledger's server is going down or coming up."),
    ("25P03", Overloaded, "The program was stopped in the middle of a transaction."),
    ("25006", StoreUnavailable, "The ledger may only be read; its server is a standby."),
    ("58", StoreUnavailable, "The ledger's server cannot read or write its files."),
    ("XX00", StoreUnavailable, "The ledger is damaged."),
    ("08", StoreUnavailable, "The connection to the ledger's server broke."),
    ("28", StoreUnavailable, "The ledger's server does not let this user in."),
    ("42501", StoreUnavailable, "The ledger's user may not read or write its tables."),
)

#: The ledger's own number among the advisory locks of a database.
_MIGRATION = 0x6261636B73746F72
_ORDERED_OTHERWISE = sa.text(
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = current_schema() AND data_type = 'text'"
    " AND collation_name IS DISTINCT FROM 'C' AND table_name = ANY(:tables)"
).bindparams(sa.bindparam("tables", list(metadata.tables), type_=postgresql.ARRAY(sa.Text)))


def _appending() -> sa.Insert:
    """Sorting has all the numbers drawn before the first row is written, and with it the savepoint
    given its transaction id."""
    names = [column.name for column in events.c if column.name != "sequence"]
    given = rows_given(events, names).subquery()
    number = sa.func.nextval(sa.literal_column("'events_sequence_seq'::regclass"))
    numbered = sa.select(number.label("sequence"), *given.c).subquery()
    return events.insert().from_select(
        numbered.c.keys(), sa.select(numbered).order_by(numbered.c.sequence)
    )


_APPEND = _appending()
#: By the row's own transaction id, not by a stored one, which a restored dump would carry over from
#: another server. `age` compares them around their wrap; a row that we see and that seems to lie
#: ahead has only been there for very long.
_IS_SETTLED = sa.text(
    "age(events.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid) OR age(events.xmin) < 0"
)


def postgres_database(
    url: str, clock: Clock | None = None, *, connections: int = 16, patience: Patience = PATIENCE
) -> Database:
    """Connect to a PostgreSQL ledger; a commit is on the server's disk before it returns.

    The time is the server's, unless another clock is given.
    """
    engine = _engine(parsed(url), connections, patience)
    clock = clock or ServerClock()
    if isinstance(clock, ServerClock):
        clock.follow(engine)
    readers = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return PostgresDatabase(readers=readers, writers=engine, clock=clock)


def parsed(url: str) -> sa.URL:
    """Raises CannotStart, which does not repeat the address: it may contain a password."""
    try:
        found = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise CannotStart(_NO_ADDRESS) from None
    if found.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise CannotStart(_NO_ADDRESS)
    return found.set(drivername="postgresql+psycopg")


_NO_ADDRESS = "BACKSTORY_LEDGER_URL must look like postgresql://user:password@host:5432/database."


def place(url: sa.URL) -> str:
    """Where that is, for a person; without user and password."""
    host = url.host or url.query.get("host", "localhost")
    return f"{host}:{url.port or _PORTS_OWN}"


def _engine(url: sa.URL, connections: int, patience: Patience) -> sa.Engine:
    try:
        engine = sa.create_engine(
            url,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=_POOL_SECONDS,
            pool_use_lifo=True,  # the one used last has its statements planned
            isolation_level="READ COMMITTED",
            json_serializer=_as_text,
            connect_args=_CONNECT,
            hide_parameters=True,  # an error must not carry an article into the logs
        )
    except ImportError as error:
        raise CannotStart(
            "The PostgreSQL ledger needs psycopg: pip install 'backstory[distributed]'."
        ) from error

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            for name, value in patience.session().items():
                cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
            cursor.execute("SHOW synchronous_commit")
            if cursor.fetchone()[0] not in _SYNCHRONOUS:
                raise CannotStart("The ledger's server does not let a commit wait for the disk.")
        connection.commit()

    @sa.event.listens_for(engine, "checkin")
    def _note(_connection: Any, record: Any) -> None:
        record.info[_USED] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def _ask(connection: Any, record: Any, _proxy: Any) -> None:
        """A server that died and came back costs nobody an error."""
        if time.monotonic() - record.info.get(_USED, math.inf) > FRESH_SECONDS:
            _greet(engine.dialect, connection)

    return engine


def _as_text(value: object) -> str:
    """Letters as they are: an escape takes up to three times as much."""
    return json.dumps(value, ensure_ascii=False)


def _greet(dialect: sa.Dialect, connection: Any) -> None:
    """Raises what makes the pool throw all its connections away and make new ones."""
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise sa.exc.InvalidatePoolError from error


def check_server(database: Database) -> None:
    """Raises CannotStart if the server is not there or cannot keep a ledger."""
    url = database.writers.url
    try:
        with database.read() as connection:
            version = connection.execute(sa.text("SHOW server_version_num")).scalar_one()
            encoding = connection.execute(sa.text("SHOW server_encoding")).scalar_one()
    except Unavailable as error:
        raise CannotStart(_why_not(url, str(error.__cause__))) from error
    refuse_unfit(int(version), encoding)


def refuse_unfit(version: int, encoding: str) -> None:
    """`version` as PostgreSQL counts: 140005 is 14.5. Raises CannotStart."""
    if version // 10_000 < OLDEST:
        raise CannotStart(
            f"The ledger's server is PostgreSQL {version // 10_000}; "
            f"Backstory needs PostgreSQL {OLDEST} or newer."
        )
    if encoding != "UTF8":
        raise CannotStart("The ledger's database must have the encoding UTF8.")


def _why_not(url: sa.URL, said: str) -> str:
    """What the server said, without its words: they may repeat what is secret."""
    if "password" in said or "authentication" in said or "role" in said:
        return (
            f"PostgreSQL at {place(url)} refuses the user or the password in BACKSTORY_LEDGER_URL."
        )
    if "database" in said and "does not exist" in said:
        return (
            f"PostgreSQL at {place(url)} has no such database; create the one that "
            "BACKSTORY_LEDGER_URL names."
        )
    if "starting up" in said or "shutting down" in said:
        return f"PostgreSQL at {place(url)} is going down or coming up; try again."
    return f"No PostgreSQL answers at {place(url)}; check BACKSTORY_LEDGER_URL and the server."
