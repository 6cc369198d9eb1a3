"""Insert, or insert or replace, by primary key, in the dialect at hand."""

from collections.abc import Sequence
from types import ModuleType

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backstory_shared.adapters.ledger.rows import Values


def upsert(connection: sa.Connection, table: sa.Table, rows: Sequence[Values]) -> None:
    """Every row must have the same keys: all of them are written, the primary key decides where."""
    statement = _dialect(connection).insert(table)
    keys = [column.name for column in table.primary_key]
    replaced = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=replaced), list(rows)
    )


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Values]) -> bool:
    """Insert rows that are not there; False if one of them is there after all."""
    inserted = connection.execute(
        _dialect(connection).insert(table).on_conflict_do_nothing(),
        list(rows),
        execution_options={"preserve_rowcount": True},
    )
    return inserted.rowcount == len(rows)


def _dialect(connection: sa.Connection) -> ModuleType:
    return postgresql if connection.dialect.name == "postgresql" else sqlite
