"""What only the SQLite ledger promises: durability, migrations, and clear words when it cannot."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from backstory_shared.adapters.ledger import SqlLedger, open_sqlite_ledger
from backstory_shared.adapters.ledger.schema import metadata
from backstory_shared.errors import SchemaMismatch, StorageFull, StoreUnavailable
from backstory_shared.ports import Filters
from backstory_shared.stages import Lane, Stage
from support.drafts import ARTICLE, submission
from support.ledgers import accept, claim, finish, ids_of

FULL = 2


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(file: Path) -> Iterator[SqlLedger]:
    opened = open_sqlite_ledger(file)
    yield opened
    opened.close()


# --- durability -----------------------------------------------------------------------------------


def test_every_connection_syncs_each_commit_to_a_write_ahead_log(ledger: SqlLedger) -> None:
    for engine in (ledger.database.readers, ledger.database.writers):
        with engine.connect() as one:
            assert one.exec_driver_sql("PRAGMA synchronous").scalar_one() == FULL
            assert one.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"


def test_what_was_accepted_is_there_for_others_at_once(ledger: SqlLedger, file: Path) -> None:
    accept(ledger)

    with sqlite3.connect(file) as another:
        assert another.execute("SELECT id FROM articles").fetchall() == [(ARTICLE.id,)]


def test_readers_are_not_kept_waiting_by_a_writer(ledger: SqlLedger) -> None:
    accept(ledger)

    with ledger.database.write() as connection:
        connection.execute(sa.text("DELETE FROM articles"))
        assert ledger.reading.entry(ARTICLE.id).revision.article == ARTICLE
        connection.rollback()


def test_writers_that_know_nothing_of_each_other_take_turns(file: Path, ledger: SqlLedger) -> None:
    another = open_sqlite_ledger(file)

    def correct_it_often(writer: SqlLedger) -> None:
        for number in range(30):
            accept(writer, title=f"Correction {number} by {id(writer)}")

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(correct_it_often, (ledger, another)))

    assert another.reading.entry(ARTICLE.id).revision.revision == 60
    another.close()


def test_a_transaction_that_broke_off_leaves_nothing_behind(ledger: SqlLedger) -> None:
    with pytest.raises(RuntimeError):
        write_and_break_off(ledger)

    assert rows_in(ledger) == 0


def write_and_break_off(ledger: SqlLedger) -> None:
    with ledger.database.write() as connection:
        connection.execute(metadata.tables["labels"].insert().values(("tag", "x", "a")))
        raise RuntimeError


def rows_in(ledger: SqlLedger) -> int:
    with ledger.database.read() as connection:
        return sum(
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        )


# --- the schema -----------------------------------------------------------------------------------


def test_the_migrations_arrive_at_the_schema(ledger: SqlLedger) -> None:
    with ledger.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_migrations_make_the_very_indexes_of_the_schema(ledger: SqlLedger) -> None:
    made_at_once = sa.create_engine("sqlite://")
    metadata.create_all(made_at_once)

    with made_at_once.connect() as expected, ledger.database.read() as migrated:
        assert indexes_of(migrated) == indexes_of(expected)


def indexes_of(connection: sa.Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    )
    return {row.name: " ".join(row.sql.split()) for row in rows}


def test_opening_again_changes_nothing(ledger: SqlLedger, file: Path) -> None:
    accept(ledger)

    open_sqlite_ledger(file).close()

    assert ledger.reading.entry(ARTICLE.id).revision.article == ARTICLE


def test_a_ledger_of_a_newer_program_is_refused_and_left_as_it_is(
    ledger: SqlLedger, file: Path
) -> None:
    accept(ledger)
    with ledger.database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaMismatch, match="newer version"):
        open_sqlite_ledger(file)

    assert ledger.reading.entry(ARTICLE.id).revision.article == ARTICLE


# --- when the machine gives out -------------------------------------------------------------------


def keep_to_its_size(ledger: SqlLedger) -> None:
    """Leave the ledger no room to grow, as a full disk would."""
    with ledger.database.writers.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def let_it_grow(ledger: SqlLedger) -> None:
    with ledger.database.writers.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


def test_a_full_disk_is_said_so_and_nothing_is_half_written(ledger: SqlLedger) -> None:
    accept(ledger)
    before = rows_in(ledger)
    keep_to_its_size(ledger)

    with pytest.raises(StorageFull, match="disk is full"):
        ledger.accepting.accept(
            [submission(id=f"a{number}", text="long " * 9_000) for number in range(9)]
        )

    assert rows_in(ledger) == before


def test_a_ledger_on_a_full_disk_can_still_be_read(ledger: SqlLedger) -> None:
    accept(ledger)
    keep_to_its_size(ledger)
    with pytest.raises(StorageFull):
        accept(ledger, text="long " * 9_000)

    entries = ledger.reading.browse(Filters(), after=None, limit=9)

    assert [entry.revision.article for entry in entries] == [ARTICLE]


def test_once_there_is_room_again_the_work_goes_on(ledger: SqlLedger) -> None:
    keep_to_its_size(ledger)
    with pytest.raises(StorageFull):
        accept(ledger, text="long " * 9_000)

    let_it_grow(ledger)
    accept(ledger, text="long " * 9_000)

    assert finish(ledger, claim(ledger)) == {ARTICLE.id}


FILL_UP = """
import resource, sys
from pathlib import Path
from backstory_shared.adapters.ledger import open_sqlite_ledger
from backstory_shared.errors import Unavailable
from support.drafts import submission

ledger = open_sqlite_ledger(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
for number in range(1_000):
    try:
        ledger.accepting.accept([submission(id=f"a{number}", text=f"{number} " * 3_000)])
    except Unavailable:
        break
    print(number, flush=True)
"""


def test_whatever_was_accepted_before_the_disk_gave_out_is_there_after_a_restart(
    file: Path,
) -> None:
    filling = subprocess.run(
        [sys.executable, "-c", FILL_UP, str(file)],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    accepted = {f"a{number}" for number in filling.stdout.split()}

    ledger = open_sqlite_ledger(file)
    kept = ids_of(ledger.working.claim(Stage.INDEX, Lane.LIVE, 1_000))
    ledger.close()

    assert 0 < len(accepted) < 1_000
    assert kept == accepted


def test_a_missing_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="folder must exist"):
        open_sqlite_ledger(tmp_path / "missing" / "ledger.sqlite")


def test_a_folder_nobody_may_write_to_is_said_so() -> None:
    with pytest.raises(StoreUnavailable, match="folder must exist and be writable"):
        open_sqlite_ledger(Path("/proc/ledger.sqlite"))


def test_a_file_that_is_no_ledger_is_said_so_and_left_as_it_is(file: Path) -> None:
    file.write_text("The night ferry is back. " * 99)

    with pytest.raises(StoreUnavailable, match="not a ledger"):
        open_sqlite_ledger(file)

    assert file.read_text() == "The night ferry is back. " * 99


def test_a_damaged_ledger_is_said_so(ledger: SqlLedger, file: Path) -> None:
    accept(ledger)
    ledger.close()
    whole = file.read_bytes()
    file.write_bytes(whole[:8_192] + b"\xff" * (len(whole) - 8_192))

    with pytest.raises(StoreUnavailable, match="damaged"):
        ledger.reading.entry(ARTICLE.id)


def test_a_ledger_that_may_only_be_read_is_said_so(ledger: SqlLedger) -> None:
    with ledger.database.writers.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")

    with pytest.raises(StoreUnavailable, match="only be read"):
        accept(ledger)


def test_trouble_does_not_carry_the_article_into_the_logs(ledger: SqlLedger) -> None:
    keep_to_its_size(ledger)

    with pytest.raises(StorageFull) as trouble:
        accept(ledger, text="walrus " * 9_000, title="walrus")

    assert "walrus" not in f"{trouble.value}{trouble.value.__cause__}"
