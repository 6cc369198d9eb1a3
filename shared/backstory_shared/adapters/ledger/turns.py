"""Taking turns: what only one transaction at a time may look at and then write."""

from zlib import crc32

import sqlalchemy as sa


def take_turns(connection: sa.Connection, what: str) -> None:
    """Until this transaction ends no other takes the same turn.

    SQLite has one writer anyway; on PostgreSQL two could each miss what the other is writing.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_TAKE, {"turn": crc32(what.encode())})


_TAKE = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("turn", type_=sa.BigInteger)))
