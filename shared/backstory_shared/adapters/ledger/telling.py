"""Telling: which story each article of a batch is part of, decided in memory and written at once.

What one more article costs does not grow with its story: a story is known by how many articles it
has, and from when to when, and not by its articles.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from backstory_shared.adapters.ledger.copies import portions
from backstory_shared.adapters.ledger.rows import Row
from backstory_shared.adapters.ledger.schema import articles, copies, stories, story_articles
from backstory_shared.adapters.ledger.upserts import upsert
from backstory_shared.ports import Link, Story
from backstory_shared.relating.stories import Choice, choose


@dataclass(frozen=True, slots=True)
class _Article:
    """A live article that is decided about, or that one of them is near."""

    revision: int
    sort_at: datetime
    copies: str | None


@dataclass
class Telling:
    """Articles, the stories they are in, and what has been decided so far."""

    _articles: dict[str, _Article]
    _story_of: dict[str, str] = field(default_factory=dict)
    _story_of_copies: dict[str, str] = field(default_factory=dict)
    _stories: dict[str, Story] = field(default_factory=dict)
    _merged: dict[str, str] = field(default_factory=dict)
    _joined: set[str] = field(default_factory=set)
    #: Stories that an article of the same batch had put another into, which knew better.
    left: set[str] = field(default_factory=set)
    #: Of each article the story it was in, if all who were in it are being decided about anew.
    emptied: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: sa.Connection, article_ids: Iterable[str]) -> "Telling":
        told = cls({})
        for some in portions(sorted(article_ids)):
            for row in connection.execute(_select_articles, {"ids": some}):
                told._add(row)
        groups = {one.copies for one in told._articles.values() if one.copies}
        for some in portions(sorted(groups)):
            for group_id, story_id in connection.execute(_select_copied, {"groups": some}):
                told._story_of_copies.setdefault(group_id, story_id)
        known = {*told._story_of.values(), *told._story_of_copies.values()}
        for some in portions(sorted(known)):
            for each in connection.execute(_select_stories, {"ids": some}):
                told._stories[each.id] = Story(
                    id=each.id,
                    articles=each.articles,
                    first_seen=each.first_seen,
                    last_seen=each.last_seen,
                )
        return told

    def oldest_first(self, article_ids: Iterable[str]) -> list[str]:
        live = [id_ for id_ in article_ids if id_ in self._articles]
        return sorted(live, key=lambda id_: (self._articles[id_].sort_at, id_))

    def tell(self, article_id: str, links: Sequence[Link]) -> None:
        """It founds a story with what is alone, joins one, or makes several into one."""
        current = [link for link in links if self._is_current(link)]
        sizes = {id_: story.articles for id_, story in self._stories.items()}
        if (mine := self._story_of.get(article_id)) is not None:
            sizes[mine] -= 1
        choice = self._with_copies(article_id, choose(current, self._story_of, sizes))
        if not choice.stories and not choice.alone:
            return
        story_id, *others = sorted(choice.stories, key=self._age) or [
            self._founded_by([article_id, *choice.alone])
        ]
        for other in others:
            self._merge(other, story_id)
        for id_ in (article_id, *choice.alone):
            self._join(id_, story_id)

    def write(self, connection: sa.Connection) -> None:
        changed = {self._story_of[id_] for id_ in self._joined} | (self.left & self._stories.keys())
        if changed:
            upsert(connection, stories, [_values(self._stories[id_]) for id_ in sorted(changed)])
        for gone, into in self._merged.items():
            connection.execute(_move, {"_from": gone, "_into": self._end_of(into)})
            connection.execute(_leave_behind, {"_from": gone, "_into": self._end_of(into)})
        if self._joined:
            upsert(
                connection,
                story_articles,
                [
                    {
                        "article_id": id_,
                        "story_id": self._story_of[id_],
                        "revision": self._articles[id_].revision,
                    }
                    for id_ in sorted(self._joined)
                ],
            )

    def _add(self, row: Row) -> None:
        self._articles[row.id] = _Article(row.revision, row.sort_at, row.group_id)
        if row.story_id is not None:
            self._story_of[row.id] = row.story_id

    def _is_current(self, link: Link) -> bool:
        known = self._articles.get(link.id)
        return known is not None and known.revision == link.revision

    def _with_copies(self, article_id: str, choice: Choice) -> Choice:
        """A copy is in the story of what it is a copy of, whatever the numbers say."""
        group = self._articles[article_id].copies
        copied = self._story_of_copies.get(group) if group else None
        if copied is None or self._end_of(copied) in choice.stories:
            return choice
        return Choice(stories=(self._end_of(copied), *choice.stories), alone=choice.alone)

    def _founded_by(self, article_ids: Iterable[str]) -> str:
        """A story that nobody has left behind goes on under its id."""
        for article_id in self.oldest_first(article_ids):
            kept = self.emptied.get(article_id)
            if kept is not None and kept not in self._stories and kept not in self._merged:
                return kept
        return uuid4().hex

    def _age(self, story_id: str) -> tuple[datetime, str]:
        """The oldest story keeps its id; those that begin at the same moment go by id."""
        return self._stories[story_id].first_seen, story_id

    def _merge(self, story_id: str, into: str) -> None:
        gone, kept = self._stories.pop(story_id), self._stories[into]
        self._merged[story_id] = into
        self._story_of.update(
            dict.fromkeys((id_ for id_, of in self._story_of.items() if of == story_id), into)
        )
        self._stories[into] = replace(
            kept,
            articles=kept.articles + gone.articles,
            first_seen=min(kept.first_seen, gone.first_seen),
            last_seen=max(kept.last_seen, gone.last_seen),
        )

    def _join(self, article_id: str, story_id: str) -> None:
        mine = self._story_of.get(article_id)
        if mine == story_id:
            return
        if mine is not None:
            self._stories[mine] = replace(
                self._stories[mine], articles=self._stories[mine].articles - 1
            )
            self.left.add(mine)
        one = self._articles[article_id]
        known = self._stories.get(story_id) or Story(
            id=story_id, articles=0, first_seen=one.sort_at, last_seen=one.sort_at
        )
        self._stories[story_id] = replace(
            known,
            articles=known.articles + 1,
            first_seen=min(known.first_seen, one.sort_at),
            last_seen=max(known.last_seen, one.sort_at),
        )
        self._story_of[article_id] = story_id
        self._joined.add(article_id)
        if one.copies:
            self._story_of_copies.setdefault(one.copies, story_id)

    def _end_of(self, story_id: str) -> str:
        while story_id in self._merged:
            story_id = self._merged[story_id]
        return story_id


def _values(story: Story) -> dict[str, object]:
    return {
        "id": story.id,
        "articles": story.articles,
        "first_seen": story.first_seen,
        "last_seen": story.last_seen,
    }


# Built once: building a statement again would take longer than running it.

#: A member counts in the revision it joined with; a changed one is out until it is related again.
is_member = sa.and_(
    story_articles.c.article_id == articles.c.id,
    story_articles.c.revision == articles.c.revision,
)
is_live_member = sa.and_(is_member, articles.c.deleted_at.is_(None))
_select_articles = (
    sa.select(
        articles.c.id,
        articles.c.revision,
        articles.c.sort_at,
        copies.c.group_id,
        story_articles.c.story_id,
    )
    .select_from(
        articles.outerjoin(copies, copies.c.article_id == articles.c.id).outerjoin(
            story_articles, is_member
        )
    )
    .where(articles.c.deleted_at.is_(None), articles.c.id.in_(sa.bindparam("ids", expanding=True)))
)
_select_copied = (
    sa.select(copies.c.group_id, story_articles.c.story_id)
    .select_from(
        copies.join(story_articles, story_articles.c.article_id == copies.c.article_id).join(
            articles, is_live_member
        )
    )
    .where(copies.c.group_id.in_(sa.bindparam("groups", expanding=True)))
    .order_by(story_articles.c.story_id)
)
_select_stories = sa.select(stories).where(stories.c.id.in_(sa.bindparam("ids", expanding=True)))
_move = (
    story_articles.update()
    .where(story_articles.c.story_id == sa.bindparam("_from"))
    .values(story_id=sa.bindparam("_into"))
)
_leave_behind = (
    stories.update()
    .where(stories.c.id == sa.bindparam("_from"))
    .values(merged_into=sa.bindparam("_into"), articles=0)
)
