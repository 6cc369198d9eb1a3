"""Moving house: the whole ledger as lines of JSON, from either engine into either engine.

The first line says what follows: the format, the schema, and each table's columns and number of
rows. Then comes one line a row, and a last one that says that nothing is missing. All tables of
`schema.metadata` are in it, those that could be derived too: nothing has to be computed again, and
a table that is added moves by itself. Left out is only what belongs to a place and not to the
archive: the index (it is made again), and which programs hold which work.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice
from typing import Any

import sqlalchemy as sa

from backstory_shared.adapters.ledger.database import Database
from backstory_shared.adapters.ledger.migrate import schema_version
from backstory_shared.adapters.ledger.schema import IS_RUNNING, Instant, Several, metadata, stages
from backstory_shared.errors import BrokenExport, NotEmpty
from backstory_shared.stages import State

FORMAT = 1
_PORTION = 200

Report = Callable[[int], None]
Line = tuple[int, bytes]


@dataclass(frozen=True)
class Heading:
    """The first line."""

    schema: str
    columns: dict[str, list[str]]
    rows: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.rows.values())

    def line(self) -> bytes:
        return _line({"backstory_export": FORMAT, **vars(self)})


def export(database: Database) -> Iterator[bytes]:
    """The ledger as of one moment, line by line; others go on writing meanwhile."""
    with database.read() as connection:
        database.take_time(connection)
        heading = _heading(connection)
        yield heading.line()
        for table in _tables():
            for row in connection.execution_options(yield_per=_PORTION).execute(
                sa.select(*map(_as_stored, table.columns)).order_by(*table.primary_key)
            ):
                yield _line([table.name, *row])
        yield _line({"end": heading.total})


def restore(database: Database, lines: Iterable[bytes], report: Report) -> Heading:
    """Fill an empty ledger, all of it or nothing. Raises BrokenExport, NotEmpty.

    What somebody was working on is to be done again; `report` is told how many rows are in.
    """
    numbered = enumerate(lines, 1)
    heading = read_heading(next(numbered, (1, b"")))
    with database.write() as connection:
        database.take_time(connection)
        database.take_turn(connection)
        _refuse_another_schema(connection, heading)
        _refuse_unless_empty(connection)
        done = 0
        for table, rows in _portions(numbered, heading):
            _put(connection, table, rows, done + 2)
            done += len(rows)
            report(done)
        connection.execute(
            stages.update()
            .where(IS_RUNNING)
            .values(state=State.PENDING.value, token=None, lease_until=None)
        )
        for table in _tables():
            database.count_on(connection, table)
    return heading


def read_heading(line: Line) -> Heading:
    """Raises BrokenExport if this is not the first line of an export that we understand."""
    match _read(line):
        case {
            "backstory_export": int(format_),
            "schema": str(schema),
            "columns": dict(columns),
            "rows": dict(rows),
        }:
            if format_ != FORMAT:
                raise BrokenExport(
                    f"The export has format {format_}, and this program knows format {FORMAT} only."
                )
            return Heading(schema=schema, columns=columns, rows=rows)
    raise BrokenExport("Line 1 is not the beginning of an export of Backstory.")


def is_end(line: bytes) -> bool:
    """Whether this line says that the export is whole."""
    return line.startswith(b'{"end":')


def _heading(connection: sa.Connection) -> Heading:
    counts = {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in _tables()
    }
    return Heading(
        schema=schema_version(connection),
        columns={table.name: [column.name for column in table.columns] for table in _tables()},
        rows=counts,
    )


def _tables() -> Sequence[sa.Table]:
    return metadata.sorted_tables


def _refuse_another_schema(connection: sa.Connection, heading: Heading) -> None:
    ours = {table.name: [column.name for column in table.columns] for table in _tables()}
    if heading.schema != schema_version(connection) or heading.columns != ours:
        raise BrokenExport(
            "The export was made by another version of Backstory; "
            "export again with the version that restores."
        )


def _refuse_unless_empty(connection: sa.Connection) -> None:
    for table in _tables():
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            raise NotEmpty("There are articles in this ledger already; restore into an empty one.")


def _portions(
    lines: Iterator[Line], heading: Heading
) -> Iterator[tuple[sa.Table, list[dict[str, Any]]]]:
    """Some rows of one table at a time, until the line that says that it is all."""
    for name, rows in groupby(_rows(lines, heading), key=lambda row: row[0]):
        values = (row[1] for row in rows)
        while portion := list(islice(values, _PORTION)):
            yield metadata.tables[name], portion


def _rows(lines: Iterator[Line], heading: Heading) -> Iterator[tuple[str, dict[str, Any]]]:
    left = dict(heading.rows)
    number = 1
    for line in lines:
        number = line[0]
        match _read(line):
            case [str(name), *values] if left.get(name, 0) and len(values) == len(
                heading.columns[name]
            ):
                left[name] -= 1
                yield name, dict(zip(heading.columns[name], values, strict=True))
            case {"end": int(total)} if total == heading.total and not any(left.values()):
                return
            case _:
                raise BrokenExport(f"Line {number} of the export is not what belongs there.")
    raise BrokenExport(f"The export breaks off after line {number}.")


def _read(line: Line) -> Any:
    number, text = line
    try:
        return json.loads(text)
    except ValueError as error:
        raise BrokenExport(f"Line {number} of the export is not whole.") from error


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _as_stored(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Times as the numbers they are kept as."""
    return sa.type_coerce(column, _stored_type(column)).label(column.name)


def _stored_type(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    if isinstance(column.type, Instant):
        return sa.BigInteger()
    if isinstance(column.type, Several):
        return sa.Text()
    if isinstance(column.type, sa.JSON):
        return sa.JSON(none_as_null=bool(column.nullable))
    return column.type


def _put(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]], line: int) -> None:
    try:
        connection.execute(_insert(table), rows)
    except (sa.exc.IntegrityError, sa.exc.DataError) as error:
        raise BrokenExport(
            f"Lines {line} to {line + len(rows) - 1} of the export have a row that cannot be, "
            f"or that was there before."
        ) from error


def _insert(table: sa.Table) -> sa.Insert:
    stored = sa.table(
        table.name, *(sa.column(column.name, _stored_type(column)) for column in table.columns)
    )
    return sa.insert(stored)


def first_and_rest(lines: Iterator[bytes]) -> tuple[Heading, Iterator[bytes]]:
    """What the first line says, and the lines as if nobody had looked."""
    first = next(lines, b"")
    return read_heading((1, first)), chain([first], lines)
