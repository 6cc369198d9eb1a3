"""Insert, or insert or replace, by primary key, in the dialect at hand.

PostgreSQL gets all rows as the one JSON parameter of a statement that reads the same however many
rows there are: no row costs a message of its own, and the server plans the statement once.
"""

from collections.abc import Sequence
from enum import Enum, auto
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backstory_shared.adapters.ledger.rows import Values
from backstory_shared.adapters.ledger.schema import Instant, microseconds

#: The parameter with the rows.
GIVEN = "given"


class _There(Enum):
    """What becomes of a row that is there already."""

    FORBIDDEN = auto()
    KEPT = auto()
    REPLACED = auto()


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Values]) -> None:
    """Here and below every row must have the same keys, and no two the same primary key."""
    _execute(connection, table, rows, _There.FORBIDDEN)


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Values]) -> bool:
    """Insert rows that are not there; False if one of them is there after all."""
    return _execute(connection, table, rows, _There.KEPT).rowcount == len(rows)


def upsert(connection: sa.Connection, table: sa.Table, rows: Sequence[Values]) -> None:
    """All of the keys are written; the primary key decides where."""
    _execute(connection, table, rows, _There.REPLACED)


def rows_given(table: sa.Table, names: Sequence[str]) -> sa.Select[Any]:
    """For PostgreSQL: the rows of the parameter, in their order, as if such a table had them."""
    columns = [sa.column(name, table.c[name].type) for name in names]
    given = sa.func.json_to_recordset(sa.bindparam(GIVEN, type_=sa.JSON))
    return sa.select(*given.table_valued(*columns).render_derived(with_types=True).c)


def as_given(table: sa.Table, rows: Sequence[Values]) -> list[Values]:
    """For PostgreSQL: the rows as JSON can say them."""
    instants = [name for name in rows[0] if isinstance(table.c[name].type, Instant)]
    return [{**row, **{name: microseconds(row[name]) for name in instants}} for row in rows]


def _execute(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Values], there: _There
) -> sa.CursorResult[Any]:
    dialect = connection.dialect.name
    return connection.execute(
        _statement(dialect, table, tuple(rows[0]), there),
        {GIVEN: as_given(table, rows)} if dialect == "postgresql" else list(rows),
        execution_options={"preserve_rowcount": there is _There.KEPT},
    )


@cache
def _statement(
    dialect: str, table: sa.Table, names: tuple[str, ...], there: _There
) -> sa.Executable:
    statement: postgresql.Insert | sqlite.Insert
    if dialect == "postgresql":
        given = rows_given(table, names)
        statement = postgresql.insert(table).from_select(names, given, include_defaults=False)
    else:
        statement = sqlite.insert(table)
    if there is _There.KEPT:
        return statement.on_conflict_do_nothing()
    if there is _There.REPLACED:
        keys = [column.name for column in table.primary_key]
        replaced = {name: statement.excluded[name] for name in names if name not in keys}
        return statement.on_conflict_do_update(index_elements=keys, set_=replaced)
    return statement
