"""SqlEventLog: what happened, in order."""

from dataclasses import dataclass

import sqlalchemy as sa

from backstory_shared.adapters.ledger.database import Database
from backstory_shared.adapters.ledger.schema import events
from backstory_shared.events import Event, EventType


@dataclass(frozen=True)
class SqlEventLog:
    """Implements EventLog. Readers see an event only once none before it can appear any more."""

    database: Database

    def events(self, *, after: int, limit: int) -> list[Event]:
        with self.database.read() as connection:
            settled = self.database.newest_event(connection)
            rows = connection.execute(
                sa.select(events)
                .where(events.c.sequence > after, events.c.sequence <= settled)
                .order_by(events.c.sequence)
                .limit(limit)
            )
            return [
                Event(
                    sequence=row.sequence,
                    type=EventType(row.type),
                    article_id=row.article_id,
                    revision=row.revision,
                    correlation_id=row.correlation_id,
                    occurred_at=row.occurred_at,
                )
                for row in rows
            ]

    def last_event(self) -> int:
        with self.database.read() as connection:
            return self.database.newest_event(connection)
