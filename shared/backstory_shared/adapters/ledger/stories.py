"""SqlStories: events and their articles. Membership is decided as the relate stage is finished."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backstory_shared.adapters.ledger.database import Database
from backstory_shared.adapters.ledger.rows import Row, entry_of, select_entries
from backstory_shared.adapters.ledger.schema import articles, stories, story_articles
from backstory_shared.adapters.ledger.telling import Telling, is_live_member
from backstory_shared.errors import Gone, NotFound
from backstory_shared.ports import Entry, Neighbours, Story, StoryPlace

_BY_DATE = sa.tuple_(stories.c.last_seen, stories.c.id)


@dataclass(frozen=True)
class SqlStories:
    """Implements Stories and Folds: of a story, and of copies that are in none."""

    database: Database

    def story(self, story_id: str) -> Story:
        with self.database.read() as connection:
            row = _story(connection, story_id)
            while row.merged_into is not None:
                row = _story(connection, row.merged_into)
            found = _members(connection, [row.id]).get(row.id, ())
        if not found:
            raise Gone("No article is about this any more.")
        return _seen(row.id, found)

    def stories(self, section: str | None, *, after: StoryPlace | None, limit: int) -> list[Story]:
        query = sa.select(stories).where(stories.c.articles > 1)
        if section is not None:
            query = query.where(
                stories.c.id.in_(
                    sa.select(story_articles.c.story_id)
                    .join(articles, is_live_member)
                    .where(articles.c.section == section)
                )
            )
        if after is not None:
            place = sa.tuple_(
                sa.literal(after.last_seen, stories.c.last_seen.type),
                sa.literal(after.id, sa.Text),
            )
            query = query.where(place > _BY_DATE)
        with self.database.read() as connection:
            rows = connection.execute(
                query.order_by(stories.c.last_seen.desc(), stories.c.id.desc()).limit(limit)
            )
            return [
                Story(
                    id=row.id,
                    articles=row.articles,
                    first_seen=row.first_seen,
                    last_seen=row.last_seen,
                )
                for row in rows
            ]

    def timeline(self, story_ids: Sequence[str]) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        with self.database.read() as connection:
            members = _members(connection, story_ids)
            ids = [row.id for rows in members.values() for row in rows]
            rows = connection.execute(select_entries.where(articles.c.id.in_(ids)))
            entries = {row.article_id: entry_of(row) for row in rows}
            for story_id, listed in members.items():
                found[story_id] = [entries[row.id] for row in listed if row.id in entries]
        return found

    def story_of(self, article_id: str) -> str | None:
        with self.database.read() as connection:
            found: str | None = connection.execute(
                sa.select(story_articles.c.story_id)
                .join(articles, is_live_member)
                .join(stories, stories.c.id == story_articles.c.story_id)
                .where(articles.c.id == article_id, stories.c.articles > 1)
            ).scalar_one_or_none()
            return found

    def together(self, article_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        with self.database.read() as connection:
            mine = connection.execute(
                sa.select(story_articles.c.story_id)
                .join(articles, is_live_member)
                .where(articles.c.id.in_(article_ids))
            )
            members = _members(connection, list(mine.scalars()))
        groups = [tuple(row.id for row in rows) for rows in members.values()]
        return {id_: group for group in groups for id_ in group}


def assign_stories(
    connection: sa.Connection,
    made: Mapping[str, tuple[int, Neighbours]],
) -> None:
    """Decide for each of these articles, oldest first, which story it is part of.

    Only who has the turn at lists may ask.
    """
    left = leave_stories(connection, list(made))
    emptied = refresh_stories(connection, left.values())
    links = {link.id for _, neighbours in made.values() for link in neighbours.links}
    telling = Telling.of(connection, {*made, *links})
    telling.emptied = {id_: story for id_, story in left.items() if story in emptied}
    for article_id in telling.oldest_first(made):
        _, neighbours = made[article_id]
        telling.tell(article_id, neighbours.links)
    telling.write(connection)
    refresh_stories(connection, telling.left)


def leave_stories(connection: sa.Connection, article_ids: Sequence[str]) -> dict[str, str]:
    """The stories that these articles left; whoever calls refreshes them when all is done."""
    left = connection.execute(
        story_articles.delete()
        .where(story_articles.c.article_id.in_(article_ids))
        .returning(story_articles.c.article_id, story_articles.c.story_id)
    )
    return {row.article_id: row.story_id for row in left}


def recount_stories(connection: sa.Connection, article_ids: Sequence[str]) -> None:
    """A changed article counts in no story until it is related again."""
    theirs = sa.select(story_articles.c.story_id).where(
        story_articles.c.article_id.in_(article_ids)
    )
    refresh_stories(connection, connection.execute(theirs).scalars())


def refresh_stories(connection: sa.Connection, story_ids: Iterable[str]) -> set[str]:
    """Count them anew: what has left may have been the first or the last. Which are empty now."""
    ids = sorted({*story_ids})
    spans = _spans(connection, ids)
    for story_id in ids:
        values: dict[str, object] = {"articles": 0}
        if span := spans.get(story_id):
            values = {"articles": span.count, "first_seen": span.first, "last_seen": span.last}
        connection.execute(stories.update().where(stories.c.id == story_id).values(**values))
    return set(ids) - spans.keys()


def _members(connection: sa.Connection, story_ids: Sequence[str]) -> dict[str, list[Row]]:
    """Of each story its articles, oldest first."""
    found: dict[str, list[Row]] = {}
    rows = connection.execute(
        sa.select(story_articles.c.story_id, articles.c.id, articles.c.sort_at, articles.c.source)
        .join(articles, is_live_member)
        .where(story_articles.c.story_id.in_(list(story_ids)))
        .order_by(articles.c.sort_at, articles.c.id)
    )
    for row in rows:
        found.setdefault(row.story_id, []).append(row)
    return found


@dataclass(frozen=True)
class _Span:
    """How many articles a story has, and from when to when."""

    count: int
    first: datetime
    last: datetime


def _spans(connection: sa.Connection, story_ids: Sequence[str]) -> dict[str, _Span]:
    rows = connection.execute(
        sa.select(
            story_articles.c.story_id,
            sa.func.count(),
            sa.func.min(articles.c.sort_at),
            sa.func.max(articles.c.sort_at),
        )
        .join(articles, is_live_member)
        .where(story_articles.c.story_id.in_(list(story_ids)))
        .group_by(story_articles.c.story_id)
    )
    return {story_id: _Span(count, first, last) for story_id, count, first, last in rows}


def _story(connection: sa.Connection, story_id: str) -> Row:
    row = connection.execute(sa.select(stories).where(stories.c.id == story_id)).one_or_none()
    if row is None:
        raise NotFound("No story has this id.")
    return row


def _seen(story_id: str, members: Sequence[Row]) -> Story:
    return Story(
        id=story_id,
        articles=len(members),
        first_seen=members[0].sort_at,
        last_seen=members[-1].sort_at,
    )
