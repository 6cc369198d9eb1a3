"""SqlAcceptLedger: where articles become facts, a whole batch in one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backstory_shared.adapters.ledger.copies import Copies, leave_copies, take_turns_at_copies
from backstory_shared.adapters.ledger.database import Database, again
from backstory_shared.adapters.ledger.relations import leave_relations, lists_with
from backstory_shared.adapters.ledger.rows import Values, revision_values
from backstory_shared.adapters.ledger.schema import (
    HELD_UNTIL,
    IS_FIRST,
    IS_RELATE,
    articles,
    decisions,
    labels,
    revisions,
    stages,
    summaries,
    summary_acts,
)
from backstory_shared.adapters.ledger.stories import recount_stories
from backstory_shared.adapters.ledger.upserts import insert, insert_new, upsert
from backstory_shared.articles import Current, Draft, Outcome, Tombstone, decide
from backstory_shared.errors import Conflict, NotFound
from backstory_shared.events import EventType
from backstory_shared.ports import Accepted, Facet, Submission
from backstory_shared.stages import FIRST_STAGES, ArticleStatus, Lane, Stage, State, status_of

_CHANGING = (Outcome.CREATED, Outcome.UPDATED)
#: What `articles` repeats of the publisher's words.
_SAID = ("canonical_url", "section", "source", "language", "modified_at")


@dataclass(frozen=True)
class _Change:
    """A submission that becomes a revision."""

    submission: Submission
    revision: int
    first_accepted_at: datetime

    @property
    def draft(self) -> Draft:
        return self.submission.draft

    @property
    def id(self) -> str:
        return self.submission.draft.article.id


def _id(change: _Change) -> str:
    return change.id


@dataclass(frozen=True)
class SqlAcceptLedger:
    """Implements AcceptLedger."""

    database: Database

    @again
    def accept(self, submissions: Sequence[Submission]) -> list[Accepted]:
        now = self.database.clock()
        drafts = [submission.draft for submission in submissions]
        with self.database.write() as connection:
            known, first_accepted = _current(connection, [d.article.id for d in drafts])
            there = set(known)
            decisions = _decide_all(drafts, known)
            changes = [
                _Change(submission, revision, first_accepted.get(submission.draft.article.id, now))
                for submission, (outcome, revision) in zip(submissions, decisions, strict=True)
                if outcome in _CHANGING
            ]
            self._keep(connection, changes, there, now)
            _touch(connection, known, _touched(drafts, decisions))
            statuses = _statuses(connection, _resting(drafts, decisions))
        return [
            Accepted(
                id=draft.article.id,
                revision=revision,
                outcome=outcome,
                status=statuses.get(draft.article.id, ArticleStatus.ACCEPTED),
            )
            for draft, (outcome, revision) in zip(drafts, decisions, strict=True)
        ]

    @again
    def delete(self, article_id: str, correlation_id: str) -> Tombstone:
        now = self.database.clock()
        with self.database.write() as connection:
            row = connection.execute(
                sa.select(articles.c.revision, articles.c.deleted_at)
                .where(articles.c.id == article_id)
                .with_for_update()
            ).one_or_none()
            if row is None:
                raise NotFound("No article has this id.")
            if row.deleted_at is not None:
                return Tombstone(id=article_id, revision=row.revision, deleted_at=row.deleted_at)
            self._bury(connection, article_id, row.revision + 1, correlation_id, now)
        return Tombstone(id=article_id, revision=row.revision + 1, deleted_at=now)

    def _keep(
        self,
        connection: sa.Connection,
        changes: Sequence[_Change],
        there: Collection[str],
        now: datetime,
    ) -> None:
        if not changes:
            return
        newest = sorted({change.id: change for change in changes}.values(), key=_id)
        replaced = [change.id for change in newest if change.id in there]
        drafts = [change.draft for change in newest]
        _keep_articles(connection, newest, there, now)
        waiting = self._held(connection, replaced, now)
        with self.database.at_once(connection):
            insert(connection, revisions, [_revision_values(change, now) for change in changes])
            _relabel(connection, drafts, replaced)
            _restage(connection, newest, replaced, waiting, now)
            take_turns_at_copies(connection)
        copies = Copies.of(connection, drafts, replaced)
        if replaced:
            recount_stories(connection, replaced)
        with self.database.at_once(connection):
            copies.write(connection)
            self.database.append_events(
                connection, [_accepted_event(change, now) for change in changes]
            )

    def _held(
        self, connection: sa.Connection, replaced: Sequence[str], now: datetime
    ) -> dict[str, Values]:
        if not replaced:
            return {}
        lock_stages(self.database, connection, replaced)
        return _behind(connection, replaced, now)

    def _bury(
        self,
        connection: sa.Connection,
        article_id: str,
        revision: int,
        correlation_id: str,
        now: datetime,
    ) -> None:
        """Take the words away and leave the number; the index stage then empties the index.

        That waits for whoever is at work on it: see `stages.behind`.
        """
        connection.execute(
            articles.update()
            .where(articles.c.id == article_id)
            .values(revision=revision, deleted_at=now, **dict.fromkeys(_SAID))
        )
        around = lists_with(connection, article_id)
        lock_stages(self.database, connection, [article_id], around)
        waiting = _behind(connection, [article_id], now)
        for table in (stages, revisions, labels, summaries, decisions, summary_acts):
            connection.execute(table.delete().where(table.c.article_id == article_id))
        leave_copies(connection, [article_id])
        leave_relations(connection, article_id, around, now)
        pending = pending_values(article_id, revision, Stage.INDEX, Lane.LIVE, correlation_id, now)
        connection.execute(stages.insert(), pending | waiting.get(article_id, {}))
        deleted = event_values(EventType.DELETED, article_id, revision, correlation_id, now)
        self.database.append_events(connection, [deleted])


def _restage(
    connection: sa.Connection,
    newest: Sequence[_Change],
    replaced: Sequence[str],
    waiting: Mapping[str, Values],
    now: datetime,
) -> None:
    """All begins anew; in the index behind whoever is still at work there."""
    if replaced:
        _unrelate(connection, replaced)
    rows = [_stage_values(change, stage, now) for change in newest for stage in FIRST_STAGES]
    for row in rows:
        if row["stage"] == Stage.INDEX.value:
            row |= waiting.get(row["article_id"], {})
    upsert(connection, stages, rows)


def lock_stages(
    database: Database,
    connection: sa.Connection,
    article_ids: Sequence[str],
    around: Sequence[str] = (),
) -> None:
    """The stages of these articles, and relating of those around them.

    The rows of relating in a statement of its own: who held those of the first stages may have
    added some while this one waited, and it only sees what was there when it began.
    """
    database.lock(connection, stages, sa.and_(IS_FIRST, stages.c.article_id.in_(article_ids)))
    related = stages.c.article_id.in_([*article_ids, *around])
    database.lock(connection, stages, sa.and_(IS_RELATE, related))


def _behind(
    connection: sa.Connection, article_ids: Sequence[str], now: datetime
) -> dict[str, Values]:
    """What `stages.behind` says of those whose index stage somebody may still be at work on."""
    rows = connection.execute(_select_held, {"ids": list(article_ids), "_now": now})
    return {row.article_id: {"token": row.token, "due_at": row.until} for row in rows}


_select_held = sa.select(stages.c.article_id, stages.c.token, HELD_UNTIL.label("until")).where(
    stages.c.article_id.in_(sa.bindparam("ids", expanding=True)),
    stages.c.stage == Stage.INDEX.value,
    sa.bindparam("_now", type_=stages.c.due_at.type) < HELD_UNTIL,
)
#: Whoever else changes them waits, and takes them in the same order.
_select_current = (
    sa.select(
        articles.c.id,
        articles.c.revision,
        articles.c.deleted_at,
        articles.c.content_hash,
        articles.c.modified_at,
        articles.c.first_accepted_at,
    )
    .where(articles.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(articles.c.id)
    .with_for_update()
)


def _current(
    connection: sa.Connection, ids: Iterable[str]
) -> tuple[dict[str, Current], dict[str, datetime]]:
    rows = connection.execute(_select_current, {"ids": list(set(ids))}).all()
    known = {
        row.id: Current(
            revision=row.revision,
            deleted=row.deleted_at is not None,
            content_hash=row.content_hash,
            modified_at=row.modified_at,
        )
        for row in rows
    }
    return known, {row.id: row.first_accepted_at for row in rows if row.deleted_at is None}


def _decide_all(drafts: Sequence[Draft], known: dict[str, Current]) -> list[tuple[Outcome, int]]:
    """Decide each draft as if the ones before it had been kept already; `known` follows."""
    decisions = []
    for draft in drafts:
        current = known.get(draft.article.id)
        outcome, revision = decide(current, draft)
        decisions.append((outcome, revision))
        known[draft.article.id] = _after(outcome, revision, current, draft)
    return decisions


def _after(outcome: Outcome, revision: int, current: Current | None, draft: Draft) -> Current:
    if outcome is Outcome.OUTDATED and current is not None:
        return current
    modified_at = draft.article.modified_at
    if outcome is Outcome.UNCHANGED and current is not None:
        # It may say that it was modified later than we knew, but not take back that it was.
        modified_at = modified_at or current.modified_at
    return Current(
        revision=revision,
        deleted=False,
        content_hash=draft.content_hash,
        modified_at=modified_at,
    )


def _keep_articles(
    connection: sa.Connection, newest: Sequence[_Change], there: Collection[str], now: datetime
) -> None:
    rows = [_article_values(change, now) for change in newest]
    fresh = [row for row in rows if row["id"] not in there]
    if fresh and not insert_new(connection, articles, fresh):
        raise Conflict("Somebody else stored one of the articles at the same moment.")
    if changed := [row for row in rows if row["id"] in there]:
        upsert(connection, articles, changed)


def _unrelate(connection: sa.Connection, article_ids: Sequence[str]) -> None:
    """Whoever relates an earlier revision has lost the right to; indexing leads to it again."""
    connection.execute(stages.delete().where(stages.c.article_id.in_(article_ids), IS_RELATE))


def _relabel(connection: sa.Connection, drafts: Sequence[Draft], replaced: Sequence[str]) -> None:
    if replaced:
        connection.execute(labels.delete().where(labels.c.article_id.in_(replaced)))
    if named := [label for draft in drafts for label in _label_values(draft)]:
        insert(connection, labels, named)


def _touch(connection: sa.Connection, known: dict[str, Current], ids: Iterable[str]) -> None:
    """An unchanged article may still say that it was modified later than we knew."""
    rows = [{"_id": id_, "_modified_at": known[id_].modified_at} for id_ in ids]
    if rows:
        connection.execute(
            articles.update()
            .where(articles.c.id == sa.bindparam("_id"))
            .values(modified_at=sa.bindparam("_modified_at")),
            rows,
        )


def _touched(drafts: Sequence[Draft], decisions: Sequence[tuple[Outcome, int]]) -> set[str]:
    return {
        draft.article.id
        for draft, (outcome, _) in zip(drafts, decisions, strict=True)
        if outcome is Outcome.UNCHANGED and draft.article.modified_at is not None
    }


def _resting(drafts: Sequence[Draft], decisions: Sequence[tuple[Outcome, int]]) -> set[str]:
    return {
        draft.article.id
        for draft, (outcome, _) in zip(drafts, decisions, strict=True)
        if outcome not in _CHANGING
    }


def _statuses(connection: sa.Connection, ids: set[str]) -> dict[str, ArticleStatus]:
    if not ids:
        return {}
    states: dict[str, dict[Stage, State]] = {}
    rows = connection.execute(
        sa.select(stages.c.article_id, stages.c.stage, stages.c.state).where(
            stages.c.article_id.in_(ids)
        )
    )
    for row in rows:
        states.setdefault(row.article_id, {})[Stage(row.stage)] = State(row.state)
    return {article_id: status_of(found) for article_id, found in states.items()}


def _article_values(change: _Change, now: datetime) -> Values:
    article = change.draft.article
    return {
        "id": article.id,
        "revision": change.revision,
        "deleted_at": None,
        "content_hash": change.draft.content_hash,
        "copy_hash": change.draft.copy_hash,
        "canonical_url": change.draft.canonical_url,
        "section": article.section,
        "source": article.source,
        "language": article.language,
        "sort_at": article.published_at or change.first_accepted_at,
        "modified_at": article.modified_at,
        "first_accepted_at": change.first_accepted_at,
        "accepted_at": now,
    }


def _label_values(draft: Draft) -> list[dict[str, Any]]:
    named = {(Facet.TAG, tag) for tag in draft.article.tags}
    named |= {(Facet.AUTHOR, author) for author in draft.article.authors}
    return [
        {"kind": kind.value, "value": value, "article_id": draft.article.id}
        for kind, value in sorted(named)
    ]


def _revision_values(change: _Change, now: datetime) -> Values:
    return {**revision_values(change.draft), "revision": change.revision, "accepted_at": now}


def _stage_values(change: _Change, stage: Stage, now: datetime) -> Values:
    submission = change.submission
    return pending_values(
        change.id, change.revision, stage, submission.lane, submission.correlation_id, now
    )


def _accepted_event(change: _Change, now: datetime) -> Values:
    return event_values(
        EventType.ACCEPTED, change.id, change.revision, change.submission.correlation_id, now
    )


def pending_values(
    article_id: str, revision: int, stage: Stage, lane: Lane, correlation_id: str, now: datetime
) -> Values:
    return {
        "article_id": article_id,
        "stage": stage.value,
        "revision": revision,
        "state": State.PENDING.value,
        "lane": lane.value,
        "errors": 0,
        "lost": 0,
        "alone": False,
        "queued_at": now,
        "due_at": now,
        "token": None,
        "lease_until": None,
        "reason_type": None,
        "reason_detail": None,
        "correlation_id": correlation_id,
    }


def event_values(
    type_: EventType, article_id: str, revision: int, correlation_id: str, now: datetime
) -> Values:
    return {
        "type": type_.value,
        "article_id": article_id,
        "revision": revision,
        "correlation_id": correlation_id,
        "occurred_at": now,
    }
