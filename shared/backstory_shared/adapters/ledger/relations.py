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
    story_articles,
)
from backstory_shared.adapters.ledger.stories import leave_stories, refresh_stories
from backstory_shared.adapters.ledger.telling import is_member
from backstory_shared.adapters.ledger.upserts import upsert
from backstory_shared.errors import Gone, NotFound
from backstory_shared.ports import Bearings, Link, Neighbour, Neighbourhood, Neighbours
from backstory_shared.stages import Lane, Stage, State

#: As many of an article's neighbours are read: a reader asks for a few of them.
READ = 20
#: How many lists are made anew at once when an article that was in them is gone.
REFRESHED = 50


@dataclass(frozen=True)
class SqlRelations:
    """Implements Relations."""

    database: Database

    def neighbourhood(self, article_id: str) -> Neighbourhood:
        with self.database.read() as connection:
            article = _article(connection, article_id)
            asked = {
                "_id": article_id,
                "_revision": article.revision,
                "_copies": article.group_id or "",
            }
            near = connection.execute(_select_near, asked).all()
            chosen = connection.execute(_select_choices, {"_id": article_id}).all()
        pinned = sorted((row for row in chosen if row.place is not None), key=lambda r: r.place)
        return Neighbourhood(
            revision=article.revision,
            bearings=bearings_of(article),
            made=bool(article.related),
            near=tuple(Neighbour(_link(row), bearings_of(row)) for row in near),
            pinned=tuple(row.other_id for row in pinned),
            blocked=frozenset(row.other_id for row in chosen if row.place is None),
        )

    def bearings(self, article_ids: Sequence[str]) -> dict[str, Bearings]:
        with self.database.read() as connection:
            return {
                row.id: bearings_of(row)
                for some in portions(article_ids)
                for row in connection.execute(_select_known, {"ids": some})
            }

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
    near = {
        article_id: [link for link in neighbours.links if link.near]
        for article_id, (_, neighbours) in made.items()
    }
    current = _revisions(connection, sorted({link.id for some in near.values() for link in some}))
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for article_id, (revision, _) in made.items():
        for link in near[article_id]:
            if current.get(link.id) == link.revision:
                for row in _both_ways(article_id, revision, link):
                    rows[str(row["article_id"]), str(row["other_id"])] = row
    if rows:
        upsert(connection, relations, list(rows.values()))
    connection.execute(
        _now_related,
        [{"_id": article_id, "_revision": revision} for article_id, (revision, _) in made.items()],
    )


def forget_relations(connection: sa.Connection, article_ids: Sequence[str]) -> None:
    """From both sides: what is in the list of an article has it in its own."""
    mine = relations.c.article_id.in_(article_ids)
    rows = connection.execute(sa.select(relations.c.article_id, relations.c.other_id).where(mine))
    if there := [{"_id": row.other_id, "_other": row.article_id} for row in rows]:
        connection.execute(_delete_relation, there)
        connection.execute(relations.delete().where(mine))


def leave_relations(connection: sa.Connection, article_id: str, now: datetime) -> None:
    """Forget a deleted article; the lists it was in are made anew."""
    _refresh_around(connection, article_id, now)
    forget_relations(connection, [article_id])
    forget_profiles(connection, [article_id])
    refresh_stories(connection, leave_stories(connection, [article_id]).values())
    connection.execute(choices.delete().where(choices.c.article_id == article_id))


def _refresh_around(connection: sa.Connection, article_id: str, now: datetime) -> None:
    lists = connection.execute(
        sa.select(relations.c.other_id)
        .where(relations.c.article_id == article_id)
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


# Built once: building a statement again would take longer than running it.

_now_related = (
    profiles.update()
    .where(
        profiles.c.article_id == sa.bindparam("_id"),
        profiles.c.revision == sa.bindparam("_revision"),
    )
    .values(related=True)
)
_delete_relation = relations.delete().where(
    relations.c.article_id == sa.bindparam("_id"), relations.c.other_id == sa.bindparam("_other")
)

_has_profile = sa.and_(
    profiles.c.article_id == articles.c.id, profiles.c.revision == articles.c.revision
)
_BEARINGS = (
    articles.c.language,
    articles.c.sort_at,
    articles.c.section,
    profiles.c.authors,
    copies.c.group_id,
    story_articles.c.story_id,
    profiles.c.leading,
)


def _placed(of: sa.FromClause) -> sa.FromClause:
    return (
        of.outerjoin(profiles, _has_profile)
        .outerjoin(copies, copies.c.article_id == articles.c.id)
        .outerjoin(story_articles, is_member)
    )


_select_article = (
    sa.select(articles.c.revision, articles.c.deleted_at, profiles.c.related, *_BEARINGS)
    .select_from(_placed(articles))
    .where(articles.c.id == sa.bindparam("_id", type_=sa.Text))
)

_select_known = (
    sa.select(articles.c.id, *_BEARINGS)
    .select_from(_placed(articles))
    .where(articles.c.deleted_at.is_(None), articles.c.id.in_(sa.bindparam("ids", expanding=True)))
)

_select_near = (
    sa.select(
        relations.c.other_id,
        relations.c.other_revision,
        relations.c.score,
        relations.c.because,
        *_BEARINGS,
    )
    .select_from(
        _placed(
            relations.join(
                articles,
                sa.and_(
                    articles.c.id == relations.c.other_id,
                    articles.c.revision == relations.c.other_revision,
                    articles.c.deleted_at.is_(None),
                ),
            )
        )
    )
    .where(
        relations.c.article_id == sa.bindparam("_id", type_=sa.Text),
        relations.c.revision == sa.bindparam("_revision", type_=sa.Integer),
        sa.or_(
            copies.c.group_id.is_(None),
            copies.c.group_id != sa.bindparam("_copies", type_=sa.Text),
        ),
    )
    .order_by(relations.c.score.desc(), relations.c.other_id)
    .limit(READ)
)

_select_choices = sa.select(choices).where(
    choices.c.article_id == sa.bindparam("_id", type_=sa.Text)
)


def _article(connection: sa.Connection, article_id: str) -> Row:
    row = connection.execute(_select_article, {"_id": article_id}).one_or_none()
    if row is None:
        raise NotFound("No article has this id.")
    if row.deleted_at is not None:
        raise Gone
    return row


def bearings_of(row: Row) -> Bearings:
    return Bearings(
        language=row.language,
        sort_at=row.sort_at,
        section=row.section,
        authors=row.authors,
        copies=row.group_id,
        story=row.story_id,
        leading=frozenset(row.leading),
    )


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
