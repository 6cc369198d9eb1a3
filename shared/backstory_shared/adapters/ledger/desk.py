"""SqlSummaryDesk: what people decide about summaries, and the history of it."""

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from backstory_shared.adapters.ledger.accepting import event_values
from backstory_shared.adapters.ledger.database import Database
from backstory_shared.adapters.ledger.database import again as anew
from backstory_shared.adapters.ledger.reading import absence
from backstory_shared.adapters.ledger.rows import Row, Values, entry_of, select_entry
from backstory_shared.adapters.ledger.schema import (
    articles,
    decisions,
    revisions,
    stages,
    summaries,
    summary_acts,
)
from backstory_shared.adapters.ledger.status import AGAIN
from backstory_shared.adapters.ledger.upserts import upsert
from backstory_shared.articles import Span
from backstory_shared.editing import WRITTEN, Edit, acts, decided
from backstory_shared.errors import NotReady
from backstory_shared.events import EventType
from backstory_shared.ports import Entry, SummaryAct
from backstory_shared.stages import Lane, Stage

_ONE = select_entry.where(articles.c.id == sa.bindparam("id"))
_MADE, _MADE_AGAIN = "made", "made again"


@dataclass(frozen=True)
class SqlSummaryDesk:
    """Implements SummaryDesk."""

    database: Database

    @anew
    def decide(self, article_id: str, edit: Edit, correlation_id: str) -> Entry:
        now = self.database.clock()
        with self.database.write() as connection:
            _hold(connection, article_id)
            entry = _entry(connection, article_id)
            revision, before = entry.revision.revision, entry.summary.decisions
            after = decided(before, edit, revision, now)
            if edit.approved and not after.holds(revision) and entry.summary.summary is None:
                raise NotReady("There is no summary yet that could be approved.")
            if after != before:
                upsert(connection, decisions, [{"article_id": article_id, **asdict(after)}])
                rows = [
                    _act(entry, act, after.text if act == WRITTEN else None, correlation_id, now)
                    for act in acts(before, after)
                ]
                _keep(connection, rows)
                self._tell(connection, entry, correlation_id, now)
            return _entry(connection, article_id)

    @anew
    def again(self, article_id: str, correlation_id: str) -> Entry:
        """What is there is kept in the history, and shown until the new one is made."""
        now = self.database.clock()
        with self.database.write() as connection:
            _hold(connection, article_id)
            entry = _entry(connection, article_id)
            if entry.summary.summary is not None:
                text = _text(entry.revision.article.text, entry.summary.summary.medium)
                _keep(connection, [_act(entry, _MADE_AGAIN, text, correlation_id, now)])
            connection.execute(
                stages.update()
                .where(stages.c.article_id == article_id, stages.c.stage == Stage.SUMMARIZE.value)
                .values(
                    **AGAIN,
                    lane=Lane.LIVE.value,
                    due_at=now,
                    queued_at=now,
                    correlation_id=correlation_id,
                )
            )
            return _entry(connection, article_id)

    def history(self, article_id: str) -> list[SummaryAct]:
        with self.database.read() as connection:
            _entry(connection, article_id)
            told = connection.execute(
                sa.select(summary_acts)
                .where(summary_acts.c.article_id == article_id)
                .order_by(summary_acts.c.sequence)
            )
            found = [_act_of(row) for row in told]
            made = connection.execute(_select_made.where(summaries.c.article_id == article_id))
            found += [_made_of(row) for row in made]
        return sorted(found, key=lambda act: act.at, reverse=True)

    def _tell(
        self, connection: sa.Connection, entry: Entry, correlation_id: str, now: datetime
    ) -> None:
        """To whoever shows it, a decision is a new summary."""
        article_id, revision = entry.revision.article.id, entry.revision.revision
        told = event_values(EventType.SUMMARIZED, article_id, revision, correlation_id, now)
        self.database.append_events(connection, [told])


#: What the machine made of every revision; kept as long as the article.
_select_made = sa.select(
    summaries.c.revision,
    summaries.c.medium,
    summaries.c.method,
    summaries.c.created_at,
    revisions.c.text,
).join(
    revisions,
    sa.and_(
        revisions.c.article_id == summaries.c.article_id,
        revisions.c.revision == summaries.c.revision,
    ),
)


def _hold(connection: sa.Connection, article_id: str) -> None:
    """Nobody changes or deletes the article before this is decided."""
    held = sa.select(articles.c.id).where(articles.c.id == article_id).with_for_update()
    connection.execute(held).one_or_none()


def _entry(connection: sa.Connection, article_id: str) -> Entry:
    row = connection.execute(_ONE, {"id": article_id}).first()
    if row is None:
        raise absence(connection, article_id)
    return entry_of(row)


def _act(entry: Entry, act: str, text: str | None, correlation_id: str, now: datetime) -> Values:
    summary = entry.summary.summary
    return {
        "article_id": entry.revision.article.id,
        "revision": entry.revision.revision,
        "act": act,
        "text": text,
        "method": summary.method if summary and act == _MADE_AGAIN else None,
        "correlation_id": correlation_id,
        "occurred_at": now,
    }


def _keep(connection: sa.Connection, rows: list[Values]) -> None:
    if rows:
        connection.execute(summary_acts.insert(), rows)


def _act_of(row: Row) -> SummaryAct:
    return SummaryAct(
        at=row.occurred_at,
        act=row.act,
        revision=row.revision,
        text=row.text,
        method=row.method,
        correlation_id=row.correlation_id,
    )


def _made_of(row: Row) -> SummaryAct:
    return SummaryAct(
        at=row.created_at,
        act=_MADE,
        revision=row.revision,
        text=_text(row.text, [Span(*span) for span in row.medium]),
        method=row.method,
        correlation_id=None,
    )


def _text(text: str, spans: tuple[Span, ...] | list[Span]) -> str:
    return " ".join(text[start:end] for start, end in spans)
