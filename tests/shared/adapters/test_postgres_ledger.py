"""What only the PostgreSQL ledger promises: many processes at once, migrations, and clear words."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from backstory_shared.adapters.ledger import (
    SqlLedger,
    migrate_postgres_ledger,
    open_postgres_ledger,
)
from backstory_shared.adapters.ledger.postgres import (
    FRESH_SECONDS,
    Patience,
    ServerClock,
    refuse_unfit,
)
from backstory_shared.adapters.ledger.schema import metadata, utc_now
from backstory_shared.articles import Outcome
from backstory_shared.errors import (
    CannotStart,
    Conflict,
    Overloaded,
    SchemaMismatch,
    StorageFull,
    StoreUnavailable,
    Unavailable,
)
from backstory_shared.events import EventType
from backstory_shared.ports import Filters, Link, Neighbours
from backstory_shared.stages import Lane, Stage
from support.clocks import START
from support.drafts import ARTICLE, submission
from support.ingest import newsroom
from support.ledgers import accept, accept_all, claim, finish, ids_of, work_off
from support.postgres import PASSWORD, PostgresServer, shared_server, url_of
from support.stories import eventually

THREADS = 16
POSTS = 1_000
IDS = [f"a{number}" for number in range(20)]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return url_of(tmp_path)


@pytest.fixture
def ledger(url: str) -> Iterator[SqlLedger]:
    with closing(open_postgres_ledger(url)) as opened:
        yield opened


@pytest.fixture
def another(url: str) -> Iterator[SqlLedger]:
    """The same ledger as another process has it."""
    with closing(open_postgres_ledger(url)) as opened:
        yield opened


def events_of(ledger: SqlLedger) -> list[tuple[EventType, str, int]]:
    events = ledger.events.events(after=0, limit=100_000)
    return [(event.type, event.article_id, event.revision) for event in events]


def deadlocks(ledger: SqlLedger) -> int:
    with ledger.database.write() as connection:
        connection.execute(sa.text("SELECT pg_stat_force_next_flush()"))
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        found: int = connection.execute(sa.text(query)).scalar_one()
        return found


# --- many at once ---------------------------------------------------------------------------------


def test_the_same_article_sent_by_many_at_once_is_stored_once(
    ledger: SqlLedger, another: SqlLedger
) -> None:
    def post(number: int) -> Outcome:
        return accept((ledger, another)[number % 2]).outcome

    with ThreadPoolExecutor(64) as threads:
        outcomes = Counter(threads.map(post, range(POSTS)))

    assert outcomes == {Outcome.CREATED: 1, Outcome.UNCHANGED: POSTS - 1}
    assert events_of(ledger) == [(EventType.ACCEPTED, ARTICLE.id, 1)]


def test_of_batches_that_overlap_in_any_order_none_is_lost_and_none_waits_in_a_circle(
    ledger: SqlLedger, another: SqlLedger
) -> None:
    def post_and_work(number: int) -> None:
        random = Random(number)
        mine = (ledger, another)[number % 2]
        for turn in range(12):
            chosen = random.sample(IDS, 8)
            mine.accepting.accept(
                [submission(id=id_, title=f"By {number}, {turn}") for id_ in chosen]
            )
            for stage in Stage:
                if batch := mine.working.claim(stage, Lane.LIVE, 64):
                    finish(mine, batch)
            mine.accepting.delete(chosen[0], "request-2")
            mine.status.requeue(chosen, random.choice(list(Stage)))
            mine.working.sweep()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(post_and_work, range(8)))

    accepted = Counter(event for event in events_of(ledger) if event[0] is EventType.ACCEPTED)
    assert accepted.total() == 8 * 12 * 8
    assert set(accepted.values()) == {1}
    assert deadlocks(ledger) == 0


def test_related_articles_that_are_changed_related_and_deleted_at_once_do_not_wait_in_a_circle(
    ledger: SqlLedger, another: SqlLedger
) -> None:
    """Each is in the lists of all the others."""
    accept_all(ledger, *IDS)
    work_off(ledger)
    for id_ in IDS:
        ledger.relations.keep_neighbours(id_, 1, all_but(id_))

    def relate_and_delete(id_: str) -> None:
        mine = (ledger, another)[IDS.index(id_) % 2]
        mine.relations.keep_neighbours(id_, 1, all_but(id_))
        mine.accepting.delete(id_, "request-2")

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(relate_and_delete, IDS))

    assert deadlocks(ledger) == 0


def all_but(article_id: str) -> Neighbours:
    return Neighbours(
        links=tuple(
            Link(id=id_, revision=1, score=0.9, same_event=1.0, because=())
            for id_ in IDS
            if id_ != article_id
        )
    )


def test_workers_that_claim_at_once_never_get_the_same_article(
    ledger: SqlLedger, another: SqlLedger
) -> None:
    ids = [f"a{number:03}" for number in range(300)]
    accept_all(ledger, *ids)

    def claim_all(number: int) -> list[str]:
        mine, got = (ledger, another)[number % 2], []
        while batch := mine.working.claim(Stage.INDEX, Lane.LIVE, 5):
            got += sorted(ids_of(batch))
        return got

    with ThreadPoolExecutor(THREADS) as threads:
        claimed = [id_ for got in threads.map(claim_all, range(THREADS)) for id_ in got]

    assert len(claimed) == len(set(claimed))
    left = ledger.working.waiting()
    assert sorted(claimed) == ids or left == {
        (Stage.INDEX, Lane.LIVE),
        (Stage.SUMMARIZE, Lane.LIVE),
    }


def test_a_claim_does_not_wait_for_rows_that_another_worker_is_claiming(
    ledger: SqlLedger, another: SqlLedger
) -> None:
    accept_all(ledger, "held", "free")

    with another.database.write() as connection:
        connection.execute(sa.text("SELECT 1 FROM stages WHERE article_id = 'held' FOR UPDATE"))
        assert ids_of(ledger.working.claim(Stage.INDEX, Lane.LIVE, 64)) == {"free"}


def test_an_article_whose_stages_end_at_once_is_ready_once(
    ledger: SqlLedger, another: SqlLedger
) -> None:
    accept_all(ledger, *IDS)
    batches = [(ledger, claim(ledger)), (another, claim(another, Stage.SUMMARIZE))]

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda held: finish(*held), batches))

    ready = [id_ for type_, id_, _ in events_of(ledger) if type_ is EventType.READY]
    assert sorted(ready) == sorted(IDS)


def test_a_transaction_that_gives_way_is_run_again(ledger: SqlLedger, another: SqlLedger) -> None:
    """Somebody creates the article after we looked for it, and commits after we tried to."""
    with ThreadPoolExecutor(1) as threads:
        with another.database.write() as connection:
            connection.execute(sa.text("LOCK TABLE articles IN SHARE ROW EXCLUSIVE MODE"))
            waiting = threads.submit(accept, ledger)
            wait_for_a_waiter(another)
            copy = metadata.tables["articles"]
            connection.execute(copy.insert().values(**bare_article(ARTICLE.id)))
        outcome = waiting.result()

    assert (outcome.outcome, outcome.revision) == (Outcome.UPDATED, 8)


def bare_article(article_id: str) -> dict[str, object]:
    return {
        "id": article_id,
        "revision": 7,
        "content_hash": "x",
        "copy_hash": "x",
        "sort_at": START,
        "first_accepted_at": START,
        "accepted_at": START,
    }


def wait_for_a_waiter(ledger: SqlLedger) -> None:
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while True:
        with ledger.database.read() as connection:
            if connection.execute(waiting).scalar_one():
                return


# --- the event log --------------------------------------------------------------------------------


def test_no_follower_skips_the_event_of_a_transaction_that_takes_long(
    ledger: SqlLedger, another: SqlLedger
) -> None:
    seen: list[str] = []

    with another.database.write() as connection:
        append(another, connection, "slow")
        accept(ledger, id="quick")
        seen += follow(ledger, seen)
        assert seen == []

    seen += follow(ledger, seen)
    assert seen == ["slow", "quick"]


def test_not_even_where_the_one_that_took_its_number_first_had_begun_last(
    ledger: SqlLedger, another: SqlLedger
) -> None:
    seen: list[str] = []

    with ledger.database.write() as older:
        older.execute(sa.text("SELECT pg_current_xact_id()"))
        with another.database.write() as younger:
            append(another, younger, "first-number")
            append(ledger, older, "second-number")
            older.commit()
            seen += follow(ledger, seen)
            assert seen == []

    seen += follow(ledger, seen)
    assert seen == ["first-number", "second-number"]


def test_a_transaction_that_broke_off_leaves_a_gap_that_nobody_waits_for(
    ledger: SqlLedger, another: SqlLedger
) -> None:
    with another.database.write() as connection:
        append(another, connection, "broken")
        connection.rollback()

    accept(ledger, id="quick")

    assert follow(ledger, []) == ["quick"]
    assert ledger.events.last_event() == 2


def test_followers_of_many_writers_see_every_event_once_and_in_order(
    ledger: SqlLedger, another: SqlLedger
) -> None:
    def write(number: int) -> None:
        for turn in range(20):
            accept((ledger, another)[number % 2], id=f"a{number}-{turn}")

    seen: list[int] = []
    with ThreadPoolExecutor(8) as threads:
        writing = [threads.submit(write, number) for number in range(8)]
        while not all(one.done() for one in writing):
            seen += sequences(ledger, after=seen[-1] if seen else 0)
    seen += sequences(ledger, after=seen[-1] if seen else 0)

    assert seen == sorted(set(seen))
    assert len(seen) == 8 * 20


def append(ledger: SqlLedger, connection: sa.Connection, article_id: str) -> None:
    connection.execute(sa.text("SELECT pg_current_xact_id()"))
    row = {
        "type": EventType.ACCEPTED.value,
        "article_id": article_id,
        "revision": 1,
        "correlation_id": "request-1",
        "occurred_at": ledger.database.clock(),
    }
    ledger.database.append_events(connection, [row])


def follow(ledger: SqlLedger, seen: list[str]) -> list[str]:
    """What comes after the events that were seen, by the number of the last of them."""
    after = 0
    if seen:
        events = ledger.events.events(after=0, limit=100)
        after = next(event.sequence for event in events if event.article_id == seen[-1])
    return [event.article_id for event in ledger.events.events(after=after, limit=100)]


def sequences(ledger: SqlLedger, after: int) -> list[int]:
    return [event.sequence for event in ledger.events.events(after=after, limit=1_000)]


# --- the schema -----------------------------------------------------------------------------------


@pytest.fixture
def empty() -> Iterator[str]:
    """A database without tables."""
    url = shared_server().new_database()
    yield url
    shared_server().drop(url)


def test_the_migrations_arrive_at_the_schema(ledger: SqlLedger) -> None:
    with ledger.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_words_are_in_the_order_that_sqlite_has_them_in(ledger: SqlLedger) -> None:
    query = (
        "SELECT DISTINCT collation_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'text'"
    )
    with ledger.database.read() as connection:
        assert connection.execute(sa.text(query)).scalars().all() == ["C"]


def test_two_migrations_at_once_do_no_harm(empty: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(migrate_postgres_ledger, [empty] * 4))

    with closing(open_postgres_ledger(empty)) as ledger:
        accept(ledger)


def test_a_ledger_without_tables_is_refused_with_the_command_that_makes_them(empty: str) -> None:
    with pytest.raises(SchemaMismatch, match="backstory migrate"):
        open_postgres_ledger(empty)


def test_a_ledger_of_a_newer_program_is_refused(ledger: SqlLedger, url: str) -> None:
    with ledger.database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaMismatch, match="newer version"):
        open_postgres_ledger(url)
    with pytest.raises(SchemaMismatch, match="newer version"):
        migrate_postgres_ledger(url)


# --- a server that cannot be used -----------------------------------------------------------------


def test_a_wrong_password_is_said_so_and_not_repeated() -> None:
    with pytest.raises(CannotStart, match="refuses the user or the password") as refused:
        open_postgres_ledger(shared_server().url(password="walrus-7"))

    assert "walrus-7" not in refused.value.detail


def test_a_server_that_is_not_there_is_said_so_with_its_place() -> None:
    with pytest.raises(CannotStart, match=r"No PostgreSQL answers at 127\.0\.0\.1:1;"):
        open_postgres_ledger(f"postgresql://postgres:{PASSWORD}@127.0.0.1:1/postgres")


def test_a_database_that_is_not_there_is_said_so() -> None:
    with pytest.raises(CannotStart, match="no such database"):
        open_postgres_ledger(shared_server().url("missing"))


@pytest.mark.parametrize(
    "url", ["", "walrus", "mysql://a:walrus@b/c", "postgresql://a:b@c:x/walrus"]
)
def test_what_is_no_address_of_postgresql_is_said_so_and_not_repeated(url: str) -> None:
    with pytest.raises(CannotStart, match="must look like postgresql://") as refused:
        open_postgres_ledger(url)

    assert "walrus" not in refused.value.detail


def test_a_server_that_is_too_old_is_said_so_with_the_version_it_takes() -> None:
    refuse_unfit(140_000, "UTF8")

    with pytest.raises(CannotStart, match="is PostgreSQL 13; Backstory needs PostgreSQL 14"):
        refuse_unfit(130_014, "UTF8")


def test_a_database_of_another_encoding_is_refused() -> None:
    with pytest.raises(CannotStart, match="encoding UTF8"):
        refuse_unfit(180_000, "SQL_ASCII")


def test_every_connection_waits_for_the_disk_whatever_the_user_is_set_to(
    ledger: SqlLedger, url: str
) -> None:
    database = url.rpartition("/")[2]
    shared_server().execute(f"ALTER DATABASE {database} SET synchronous_commit = off")
    ledger.close()

    for engine in (ledger.database.readers, ledger.database.writers):
        with engine.connect() as connection:
            assert connection.execute(sa.text("SHOW synchronous_commit")).scalar_one() == "on"


# --- when the machine gives out -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("53100", StorageFull),
        ("53200", Overloaded),
        ("53300", Overloaded),
        ("55P03", Overloaded),
        ("57014", Overloaded),
        ("57P01", StoreUnavailable),
        ("40P01", Overloaded),
        ("40001", Overloaded),
        ("25006", StoreUnavailable),
        ("58030", StoreUnavailable),
        ("42501", StoreUnavailable),
        ("XX001", StoreUnavailable),
    ],
)
def test_what_the_server_complains_of_is_said_in_our_words(
    ledger: SqlLedger, code: str, kind: type[Unavailable]
) -> None:
    complain = f"DO $$ BEGIN RAISE EXCEPTION 'walrus' USING ERRCODE = '{code}'; END $$"

    with pytest.raises(kind) as told, ledger.database.write() as connection:
        connection.execute(sa.text(complain))

    assert "walrus" not in told.value.detail


@pytest.mark.parametrize(
    ("code", "kind"), [("40P01", Conflict), ("53100", StorageFull), ("57P01", StoreUnavailable)]
)
def test_so_is_what_it_complains_of_in_many_statements_at_once(
    ledger: SqlLedger, code: str, kind: type[Unavailable]
) -> None:
    complain = f"DO $$ BEGIN RAISE EXCEPTION 'walrus' USING ERRCODE = '{code}'; END $$"

    with pytest.raises(kind) as told:
        write_at_once(ledger, "SELECT 1", complain, "SELECT 2")

    assert "walrus" not in told.value.detail
    assert accept(ledger).outcome is Outcome.CREATED


def test_a_connection_that_breaks_among_many_statements_costs_the_next_one_nothing(
    ledger: SqlLedger,
) -> None:
    with pytest.raises(StoreUnavailable):
        write_at_once(ledger, "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1")

    assert accept(ledger).outcome is Outcome.CREATED


def write_at_once(ledger: SqlLedger, *statements: str) -> None:
    with ledger.database.write() as connection, ledger.database.at_once(connection):
        for statement in statements:
            connection.execute(sa.text(statement))


def test_a_fault_of_the_program_is_not_put_down_to_the_machine(ledger: SqlLedger) -> None:
    with pytest.raises(sa.exc.ProgrammingError), ledger.database.write() as connection:
        connection.execute(sa.text("SELECT walrus"))


def test_more_than_there_are_connections_for_is_told_to_wait(url: str) -> None:
    with ExitStack() as stack:
        ledger = stack.enter_context(closing(open_postgres_ledger(url, connections=2)))
        ledger.database.writers.pool._timeout = 0.1  # type: ignore[attr-defined]  # not ours to name
        for _ in range(2):
            stack.enter_context(ledger.database.read())

        with pytest.raises(Overloaded, match="waiting for the ledger"):
            ledger.events.last_event()


def test_machines_whose_clocks_disagree_take_no_work_away_from_each_other(url: str) -> None:
    def machine(ahead: timedelta) -> SqlLedger:
        return open_postgres_ledger(url, ServerClock(lambda: utc_now() + ahead))

    with (
        closing(machine(-timedelta(hours=1))) as slow,
        closing(machine(timedelta(hours=1))) as fast,
    ):
        accept(slow, id="a")
        batch = claim(slow)

        assert fast.working.sweep() == 0
        assert finish(slow, batch) == {"a"}
        assert ids_of(fast.working.claim(Stage.SUMMARIZE, Lane.LIVE, 1)) == {"a"}


def test_a_row_that_somebody_holds_for_long_is_a_503_that_says_to_try_again(
    url: str, another: SqlLedger
) -> None:
    hasty = open_postgres_ledger(url, patience=Patience(lock="200ms"))
    article = {"id": ARTICLE.id, "title": "Held", "text": "Somebody holds it."}
    accept(another)

    with closing(hasty), newsroom(ledger=hasty.accepting) as room, room.client() as client:
        with another.database.write() as connection:
            connection.execute(sa.text("SELECT 1 FROM articles FOR UPDATE"))
            refused = client.post("/v1/articles", json=article)
        taken = client.post("/v1/articles", json=article)

    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/overloaded")
    assert "try again" in refused.json()["detail"]
    assert int(refused.headers["retry-after"]) > 0
    assert (taken.status_code, taken.json()["revision"]) == (202, 2)


def test_a_process_that_stopped_in_a_transaction_does_not_hold_up_the_event_log(
    url: str, another: SqlLedger
) -> None:
    def stop_in_a_transaction(stopped: SqlLedger) -> None:
        with stopped.database.write() as connection:
            append(stopped, connection, "never")
            accept(another, id="quick")
            eventually(lambda: follow(another, []), lambda seen: seen == ["quick"])

    hasty = open_postgres_ledger(url, patience=Patience(idle="500ms"))
    with closing(hasty) as stopped, pytest.raises(Unavailable):
        stop_in_a_transaction(stopped)


def test_nobody_waits_without_end(ledger: SqlLedger) -> None:
    limits = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")

    for engine in (ledger.database.readers, ledger.database.writers):
        with engine.connect() as connection:
            shown = [connection.execute(sa.text(f"SHOW {name}")).scalar_one() for name in limits]
        assert shown == ["10s", "5min", "1min"]


@pytest.mark.serial
def test_a_server_that_was_killed_and_came_back_costs_nobody_more_than_the_time_it_was_away() -> (
    None
):
    with PostgresServer(options=()) as server:
        url = server.new_database()
        migrate_postgres_ledger(url)
        with closing(open_postgres_ledger(url)) as ledger:
            accept_all(ledger, *IDS)
            work_off(ledger)

            server.kill()
            with pytest.raises(StoreUnavailable):
                accept(ledger)
            server.start()

            accept(ledger)
            entries = ledger.reading.browse(Filters(), after=None, limit=100)
            assert {entry.revision.article.id for entry in entries} == {*IDS, ARTICLE.id}


def test_a_server_that_came_back_while_nobody_asked_costs_nobody_anything() -> None:
    with PostgresServer(options=()) as server:
        url = server.new_database()
        migrate_postgres_ledger(url)
        with closing(open_postgres_ledger(url)) as ledger:
            accept(ledger)

            server.kill()
            server.start()
            time.sleep(2 * FRESH_SECONDS)

            assert accept(ledger).outcome is Outcome.UNCHANGED
