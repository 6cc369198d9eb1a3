"""SqlStories: events and their articles. Membership is decided as the relate stage is finished."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from backstory_shared.adapters.ledger.database import Database
from backstory_shared.adapters.ledger.rows import Row, entry_of, select_entries
from backstory_shared.adapters.ledger.schema import EPOCH, articles, copies, stories, story_articles
from backstory_shared.adapters.ledger.turns import take_turns
from backstory_shared.adapters.ledger.upserts import upsert
from backstory_shared.errors import Gone, NotFound
from backstory_shared.ports import Entry, Link, Neighbours, Story, StoryPlace
from backstory_shared.relating.stories import Choice, choose

_BY_DATE = sa.tuple_(stories.c.last_seen, stories.c.id)
#: A member counts in the revision it joined with; a changed one is out until it is related again.
_is_member = sa.and_(
    story_articles.c.article_id == articles.c.id,
    story_articles.c.revision == articles.c.revision,
    articles.c.deleted_at.is_(None),
)


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
                    .join(articles, _is_member)
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
                .join(articles, _is_member)
                .join(stories, stories.c.id == story_articles.c.story_id)
                .where(articles.c.id == article_id, stories.c.articles > 1)
            ).scalar_one_or_none()
            return found

    def together(self, article_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        with self.database.read() as connection:
            mine = connection.execute(
                sa.select(story_articles.c.story_id)
                .join(articles, _is_member)
                .where(articles.c.id.in_(article_ids))
            )
            members = _members(connection, list(mine.scalars()))
        groups = [tuple(row.id for row in rows) for rows in members.values()]
        return {id_: group for group in groups for id_ in group}


def assign_stories(
    connection: sa.Connection,
    made: Mapping[str, tuple[int, Neighbours]],
) -> None:
    """Decide for each of these articles, oldest first, which story it is part of."""
    take_turns(connection, "stories")
    touched = leave_stories(connection, list(made))
    for article_id in _oldest_first(connection, list(made)):
        revision, neighbours = made[article_id]
        choice = _choice(connection, article_id, neighbours)
        touched |= _join(connection, article_id, revision, choice)
    refresh_stories(connection, touched)


def leave_stories(connection: sa.Connection, article_ids: Sequence[str]) -> set[str]:
    """The stories that these articles left; whoever calls refreshes them when all is done."""
    left = connection.execute(
        story_articles.delete()
        .where(story_articles.c.article_id.in_(article_ids))
        .returning(story_articles.c.story_id)
    )
    return set(left.scalars())


def refresh_stories(connection: sa.Connection, story_ids: Iterable[str]) -> None:
    spans = _spans(connection, sorted(story_ids))
    for story_id in sorted(story_ids):
        values: dict[str, object] = {"articles": 0}
        if span := spans.get(story_id):
            values = {"articles": span.count, "first_seen": span.first, "last_seen": span.last}
        connection.execute(stories.update().where(stories.c.id == story_id).values(**values))


def _oldest_first(connection: sa.Connection, article_ids: Sequence[str]) -> list[str]:
    rows = connection.execute(
        sa.select(articles.c.id)
        .where(articles.c.id.in_(article_ids), articles.c.deleted_at.is_(None))
        .order_by(articles.c.sort_at, articles.c.id)
    )
    return list(rows.scalars())


def _choice(connection: sa.Connection, article_id: str, neighbours: Neighbours) -> Choice:
    """A copy is in the story of what it is a copy of, whatever the numbers say."""
    copied = connection.execute(_story_of_copies, {"_id": article_id}).scalar()
    links = _live(connection, neighbours)
    story_of, sizes = _stories_of(connection, [link.id for link in links])
    choice = choose(links, story_of, sizes)
    if copied is None or copied in choice.stories:
        return choice
    return Choice(stories=(copied, *choice.stories), alone=choice.alone)


_theirs = copies.alias("theirs")
_story_of_copies = (
    sa.select(story_articles.c.story_id)
    .select_from(
        copies.join(_theirs, _theirs.c.group_id == copies.c.group_id)
        .join(story_articles, story_articles.c.article_id == _theirs.c.article_id)
        .join(articles, _is_member)
    )
    .where(copies.c.article_id == sa.bindparam("_id", type_=sa.Text))
    .order_by(story_articles.c.story_id)
    .limit(1)
)


def _live(connection: sa.Connection, neighbours: Neighbours) -> list[Link]:
    rows = connection.execute(
        sa.select(articles.c.id, articles.c.revision).where(
            articles.c.id.in_([link.id for link in neighbours.links]),
            articles.c.deleted_at.is_(None),
        )
    )
    current = {row.id: row.revision for row in rows}
    return [link for link in neighbours.links if current.get(link.id) == link.revision]


def _stories_of(
    connection: sa.Connection, article_ids: Sequence[str]
) -> tuple[dict[str, str], dict[str, int]]:
    rows = connection.execute(
        sa.select(articles.c.id, story_articles.c.story_id)
        .join(story_articles, _is_member)
        .where(articles.c.id.in_(article_ids))
    )
    story_of = {row.id: row.story_id for row in rows}
    counted = connection.execute(
        sa.select(story_articles.c.story_id, sa.func.count())
        .join(articles, _is_member)
        .where(story_articles.c.story_id.in_(sorted(set(story_of.values()))))
        .group_by(story_articles.c.story_id)
    )
    return story_of, {row[0]: row[1] for row in counted}


def _join(connection: sa.Connection, article_id: str, revision: int, choice: Choice) -> set[str]:
    if not choice.stories and not choice.alone:
        return set()
    story_id, *others = _by_age(connection, choice.stories) or [_found(connection)]
    if others:
        _merge(connection, others, story_id)
    revisions = _revisions(connection, choice.alone) | {article_id: revision}
    upsert(
        connection,
        story_articles,
        [
            {"article_id": id_, "story_id": story_id, "revision": of}
            for id_, of in revisions.items()
        ],
    )
    return {story_id}


def _found(connection: sa.Connection) -> str:
    story_id = uuid4().hex
    connection.execute(
        stories.insert().values(id=story_id, articles=0, first_seen=EPOCH, last_seen=EPOCH)
    )
    return story_id


def _by_age(connection: sa.Connection, story_ids: Sequence[str]) -> list[str]:
    """The oldest story keeps its id; those that begin at the same moment go by id."""
    spans = _spans(connection, story_ids)
    return sorted(story_ids, key=lambda id_: (spans[id_].first, id_))


def _merge(connection: sa.Connection, story_ids: Sequence[str], into: str) -> None:
    connection.execute(
        story_articles.update()
        .where(story_articles.c.story_id.in_(story_ids))
        .values(story_id=into)
    )
    connection.execute(
        stories.update().where(stories.c.id.in_(story_ids)).values(merged_into=into, articles=0)
    )


def _revisions(connection: sa.Connection, article_ids: Sequence[str]) -> dict[str, int]:
    rows = connection.execute(
        sa.select(articles.c.id, articles.c.revision).where(
            articles.c.id.in_(article_ids), articles.c.deleted_at.is_(None)
        )
    )
    return {row.id: row.revision for row in rows}


def _members(connection: sa.Connection, story_ids: Sequence[str]) -> dict[str, list[Row]]:
    """Of each story its articles, oldest first."""
    found: dict[str, list[Row]] = {}
    rows = connection.execute(
        sa.select(story_articles.c.story_id, articles.c.id, articles.c.sort_at, articles.c.source)
        .join(articles, _is_member)
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
        .join(articles, _is_member)
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
