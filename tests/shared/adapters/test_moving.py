"""Moving house: a ledger that went from one engine into another is the same ledger."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.ledger.moving import export, restore
from backstory_shared.adapters.ledger.schema import Instant, Several, metadata, stages
from backstory_shared.errors import BrokenExport, NotEmpty
from backstory_shared.stages import Lane, Stage, State
from support.clocks import FakeClock
from support.drafts import ARTICLE
from support.ledgers import (
    LEDGERS,
    accept,
    accept_all,
    claim,
    fail,
    finish,
    ids_of,
    lose,
    work_off,
)

Make = Callable[[str], SqlLedger]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def make(tmp_path: Path, clock: FakeClock) -> Iterator[Make]:
    """Makes empty ledgers on the engine of this name."""
    with ExitStack() as stack:

        def made(engine: str) -> SqlLedger:
            folder = tmp_path / f"{engine}-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            return stack.enter_context(LEDGERS[engine](folder, clock))

        yield made


def lived_in(ledger: SqlLedger, clock: FakeClock) -> SqlLedger:
    """An archive with something of everything, also what few tests would think of."""
    accept(
        ledger,
        title="Zażółć\u2028 “gęślą” 🛥",
        authors=("Ana\tLu",),
        tags=("ferries", "ämter"),
        metadata={"n": 1e308, "deep": [None, {"k": False}]},
        url="https://ellery.example/ferry?a=1",
        published_at=clock.now,
    )
    accept_all(ledger, *(f"a{number:03}" for number in range(450)))
    work_off(ledger)
    accept(ledger, title="Changed")
    accept(ledger, title="Changed again", lane=Lane.BACKFILL)
    for _ in range(3):
        fail(ledger, claim(ledger, lane=Lane.BACKFILL))
        clock.tick(3_600)
    ledger.accepting.delete("a001", "request-2")
    accept_all(ledger, "lost")
    lose(ledger, claim(ledger, Stage.SUMMARIZE))
    return ledger


def rows_of(ledger: SqlLedger) -> dict[str, list[Any]]:
    with ledger.database.read() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(sa.select(table).order_by(*table.primary_key))
            ]
            for table in metadata.sorted_tables
        }


def move(source: SqlLedger, target: SqlLedger) -> None:
    restore(target.database, export(source.database), lambda _done: None)


def test_a_ledger_comes_back_row_by_row_from_a_journey_through_the_other_engine(
    make: Make, clock: FakeClock
) -> None:
    at_home = lived_in(make("sqlite"), clock)
    abroad, back = make("postgres"), make("sqlite")

    move(at_home, abroad)
    move(abroad, back)

    assert rows_of(at_home)["summaries"]
    assert rows_of(at_home) == rows_of(abroad) == rows_of(back)


@pytest.mark.parametrize("engine", LEDGERS)
def test_work_in_progress_is_to_be_done_again_and_counts_against_nobody(
    make: Make, engine: str
) -> None:
    source, target = make("sqlite"), make(engine)
    accept(source)
    held = claim(source)

    move(source, target)

    index = target.status.status(ARTICLE.id).stages[1]
    assert (index.state, index.errors, index.lost) == (State.PENDING, 0, 0)
    assert finish(target, held) == set()
    assert ids_of(claim(target)) == {ARTICLE.id}


@pytest.mark.parametrize("engine", LEDGERS)
def test_life_goes_on_after_the_move(make: Make, engine: str, clock: FakeClock) -> None:
    target = make(engine)
    move(lived_in(make("sqlite"), clock), target)
    last = target.events.last_event()

    accept(target, id="new")

    assert target.events.last_event() == last + 1
    assert accept(target, title="Once more").revision == 4
    assert target.status.status("a001").revision == 2


@pytest.mark.parametrize("engine", LEDGERS)
def test_a_ledger_with_anything_in_it_is_not_restored_into(make: Make, engine: str) -> None:
    source, target = make("sqlite"), make(engine)
    accept(source)
    accept(target, id="mine")
    before = rows_of(target)

    with pytest.raises(NotEmpty, match="restore into an empty one"):
        move(source, target)

    assert rows_of(target) == before


def broken_off(lines: list[bytes]) -> list[bytes]:
    return lines[:-1]


def broken_off_early(lines: list[bytes]) -> list[bytes]:
    return lines[:5]


def torn(lines: list[bytes]) -> list[bytes]:
    return [*lines[:4], lines[4][:-9]]


def without_a_row(lines: list[bytes]) -> list[bytes]:
    return [*lines[:4], *lines[5:]]


def with_a_row_twice(lines: list[bytes]) -> list[bytes]:
    return [*lines[:5], *lines[4:]]


def with_one_row_twice_instead_of_two(lines: list[bytes]) -> list[bytes]:
    return [*lines[:4], lines[3], *lines[5:]]


def with_a_strange_row(lines: list[bytes]) -> list[bytes]:
    return [*lines[:4], b'["passwords", "x"]\n', *lines[4:]]


@pytest.mark.parametrize("engine", LEDGERS)
@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (broken_off, "breaks off after line"),
        (broken_off_early, "breaks off after line 5"),
        (torn, "Line 5 of the export is not whole"),
        (without_a_row, "is not what belongs there"),
        (with_a_row_twice, "is not what belongs there"),
        (with_one_row_twice_instead_of_two, "a row that cannot be, or that was there before"),
        (with_a_strange_row, "Line 5 of the export is not what belongs there"),
    ],
)
def test_an_export_that_is_not_whole_is_refused_with_its_line_and_leaves_nothing(
    make: Make, engine: str, spoil: Callable[[list[bytes]], list[bytes]], where: str
) -> None:
    source, target = make("sqlite"), make(engine)
    accept_all(source, "a", "b", "c", "d", "e", "f")
    lines = list(export(source.database))

    with pytest.raises(BrokenExport, match=where):
        restore(target.database, spoil(lines), lambda _done: None)

    assert not any(rows_of(target).values())


@pytest.mark.parametrize("first", [b"", b"{}\n", b"[1]\n", b"walrus", b"\xff\xfe"])
def test_what_is_no_export_is_refused(make: Make, first: bytes) -> None:
    with pytest.raises(BrokenExport, match="ine 1"):
        restore(make("sqlite").database, [first], lambda _done: None)


def test_an_export_of_another_schema_is_refused(make: Make) -> None:
    first, *rest = export(make("sqlite").database)
    heading = json.loads(first) | {"schema": "9999"}

    with pytest.raises(BrokenExport, match="another version"):
        restore(make("sqlite").database, [json.dumps(heading).encode(), *rest], lambda _done: None)


def test_an_export_of_another_format_is_refused(make: Make) -> None:
    first, *rest = export(make("sqlite").database)
    heading = json.loads(first) | {"backstory_export": 2}

    with pytest.raises(BrokenExport, match="format 2"):
        restore(make("sqlite").database, [json.dumps(heading).encode(), *rest], lambda _done: None)


@pytest.mark.parametrize("engine", LEDGERS)
def test_an_export_shows_one_moment_and_keeps_nobody_waiting(make: Make, engine: str) -> None:
    source, target = make(engine), make("sqlite")
    accept_all(source, "a", "b")
    lines = export(source.database)
    beginning = next(lines)

    accept_all(source, "c")
    restore(target.database, [beginning, *lines], lambda _done: None)

    assert set(target.reading.revisions(["a", "b", "c"])) == {"a", "b"}


def test_every_type_of_column_is_one_that_moves_unchanged() -> None:
    moving = (sa.Text, sa.Integer, sa.BigInteger, sa.Float, sa.Boolean, sa.JSON, Instant, Several)

    for table in metadata.sorted_tables:
        for column in table.columns:
            assert isinstance(column.type, moving), f"{table.name}.{column.name}"


def test_only_a_stage_is_ever_in_progress() -> None:
    """Whatever else is held under a lease must be let go by a restore too."""
    held = {
        table.name
        for table in metadata.sorted_tables
        if {"lease_until", "token"} & {*table.c.keys()}
    }

    assert held == {stages.name}
