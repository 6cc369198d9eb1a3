"""SqlRelations: neighbours as they are kept, in both directions, and an editor's choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backstory_shared.adapters.ledger.copies import portions
from backstory_shared.adapters.ledger.database import Database, again
from backstory_shared.adapters.ledger.profiles import forget_profiles
from backstory_shared.adapters.ledger.rows import Row
from backstory_shared.adapters.ledger.schema import (
    articles,
    choices,
    copies,
    profiles,
    relations,
    stages,
)
from backstory_shared.adapters.ledger.stories import leave_stories, refresh_stories
from backstory_shared.adapters.ledger.upserts import upsert
from backstory_shared.errors import Gone, NotFound
from backstory_shared.ports import Link, Neighbourhood, Neighbours
from backstory_shared.stages import Lane, Stage, State

#: As many of an article's neighbours are read: a reader asks for a few of them.
READ = 30
#: How many lists are made anew at once when an article that was in them is gone.
REFRESHED = 50


@dataclass(frozen=True)
class SqlRelations:
    """Implements Relations."""

    database: Database

    def neighbourhood(self, article_id: str) -> Neighbourhood:
        with self.database.read() as connection:
            article = _article(connection, article_id)
            links = connection.execute(_select_links, {"_id": article_id}).all()
            chosen = connection.execute(
                sa.select(choices).where(choices.c.article_id == article_id)
            ).all()
        pinned = sorted((row for row in chosen if row.place is not None), key=lambda r: r.place)
        return Neighbourhood(
            revision=article.revision,
            made=bool(article.related),
            links=tuple(_link(row) for row in links),
            pinned=tuple(row.other_id for row in pinned),
            blocked=frozenset(row.other_id for row in chosen if row.place is None),
        )

    @again
    def keep_neighbours(self, article_id: str, revision: int, neighbours: Neighbours) -> None:
        with self.database.write() as connection:
            if _revisions(connection, [article_id]).get(article_id) == revision:
                keep_neighbours(connection, {article_id: (revision, neighbours)})

    @again
    def choose(self, article_id: str, pinned: Sequence[str], blocked: Sequence[str]) -> None:
        rows = [
            {"article_id": article_id, "other_id": other, "place": place}
            for place, other in enumerate(pinned)
        ]
        rows += [{"article_id": article_id, "other_id": other, "place": None} for other in blocked]
        with self.database.write() as connection:
            _article(connection, article_id)
            connection.execute(choices.delete().where(choices.c.article_id == article_id))
            if rows:
                connection.execute(choices.insert(), rows)


def keep_neighbours(connection: sa.Connection, made: Mapping[str, tuple[int, Neighbours]]) -> None:
    """Put these lists in the place of the earlier ones, and their articles into the others' lists.

    What was changed or deleted while they were made is left out.
    """
    forget_relations(connection, list(made))
    others = {link.id for _, neighbours in made.values() for link in neighbours.links}
    current = _revisions(connection, sorted(others))
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for article_id, (revision, neighbours) in made.items():
        for link in neighbours.links:
            if current.get(link.id) == link.revision:
                for row in _both_ways(article_id, revision, link):
                    rows[str(row["article_id"]), str(row["other_id"])] = row
    if rows:
        upsert(connection, relations, list(rows.values()))
    for article_id, (revision, _) in made.items():
        connection.execute(
            profiles.update()
            .where(profiles.c.article_id == article_id, profiles.c.revision == revision)
            .values(related=True)
        )


def forget_relations(connection: sa.Connection, article_ids: Sequence[str]) -> None:
    for column in (relations.c.article_id, relations.c.other_id):
        connection.execute(relations.delete().where(column.in_(article_ids)))


def leave_relations(connection: sa.Connection, article_id: str, now: datetime) -> None:
    """Forget a deleted article; the lists it was in are made anew."""
    _refresh_around(connection, article_id, now)
    forget_relations(connection, [article_id])
    forget_profiles(connection, [article_id])
    refresh_stories(connection, leave_stories(connection, [article_id]))
    connection.execute(choices.delete().where(choices.c.article_id == article_id))


def _refresh_around(connection: sa.Connection, article_id: str, now: datetime) -> None:
    lists = connection.execute(
        sa.select(relations.c.article_id)
        .where(relations.c.other_id == article_id)
        .order_by(relations.c.score.desc())
        .limit(REFRESHED)
    )
    connection.execute(
        stages.update()
        .where(
            stages.c.stage == Stage.RELATE.value,
            stages.c.state == State.DONE.value,
            stages.c.article_id.in_(list(lists.scalars())),
        )
        .values(
            state=State.PENDING.value,
            lane=Lane.BACKFILL.value,
            errors=0,
            lost=0,
            due_at=now,
            queued_at=now,
        )
    )


_mine = copies.alias("mine")
_theirs = copies.alias("theirs")
_subject = articles.alias("subject")

_select_links = (
    sa.select(relations)
    .select_from(
        relations.join(
            _subject,
            sa.and_(
                _subject.c.id == relations.c.article_id,
                _subject.c.revision == relations.c.revision,
            ),
        )
        .join(
            articles,
            sa.and_(
                articles.c.id == relations.c.other_id,
                articles.c.revision == relations.c.other_revision,
                articles.c.deleted_at.is_(None),
            ),
        )
        .outerjoin(_mine, _mine.c.article_id == relations.c.article_id)
        .outerjoin(_theirs, _theirs.c.article_id == relations.c.other_id)
    )
    .where(
        relations.c.article_id == sa.bindparam("_id", type_=sa.Text),
        sa.or_(
            _mine.c.group_id.is_(None),
            _theirs.c.group_id.is_(None),
            _mine.c.group_id != _theirs.c.group_id,
        ),
    )
    .order_by(relations.c.score.desc(), relations.c.other_id)
    .limit(READ)
)


def _article(connection: sa.Connection, article_id: str) -> Row:
    row = connection.execute(
        sa.select(articles.c.revision, articles.c.deleted_at, profiles.c.related)
        .select_from(
            articles.outerjoin(
                profiles,
                sa.and_(
                    profiles.c.article_id == articles.c.id,
                    profiles.c.revision == articles.c.revision,
                ),
            )
        )
        .where(articles.c.id == article_id)
    ).one_or_none()
    if row is None:
        raise NotFound("No article has this id.")
    if row.deleted_at is not None:
        raise Gone
    return row


def _revisions(connection: sa.Connection, article_ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in portions(article_ids):
        rows = connection.execute(
            sa.select(articles.c.id, articles.c.revision).where(
                articles.c.id.in_(some), articles.c.deleted_at.is_(None)
            )
        )
        found.update({row.id: row.revision for row in rows})
    return found


def _both_ways(article_id: str, revision: int, link: Link) -> list[dict[str, object]]:
    said = {"score": link.score, "because": list(link.because)}
    return [
        {
            "article_id": article_id,
            "other_id": link.id,
            "revision": revision,
            "other_revision": link.revision,
            **said,
        },
        {
            "article_id": link.id,
            "other_id": article_id,
            "revision": link.revision,
            "other_revision": revision,
            **said,
        },
    ]


def _link(row: Row) -> Link:
    return Link(
        id=row.other_id,
        revision=row.other_revision,
        score=row.score,
        same_event=0.0,
        because=tuple(row.because),
    )
