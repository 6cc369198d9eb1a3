"""Which articles are copies of each other: found when they are accepted, kept as groups.

However many articles there are, one more costs a look into a few buckets that never hold more than
`BUCKET` articles: of a group that is larger any member leads to all of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa

from backstory_shared.adapters.ledger.schema import articles, copies, copy_keys, revisions
from backstory_shared.adapters.ledger.turns import take_turns
from backstory_shared.adapters.ledger.upserts import insert
from backstory_shared.articles import Draft
from backstory_shared.text.copies import Wording, likely_copies

BUCKET = 8
#: How many candidates are read and compared, those with the most keys in common first.
COMPARED = 8
_PORTION = 1_000

T = TypeVar("T")


def take_turns_at_copies(connection: sa.Connection) -> None:
    """Until the transaction ends nobody else looks for copies: each could miss the other's."""
    take_turns(connection, "copies")


@dataclass
class Copies:
    """What becomes of the groups when these drafts are kept."""

    drafts: Sequence[Draft]
    _found: "_Buckets"
    _groups: "_Groups"

    @classmethod
    def of(
        cls, connection: sa.Connection, drafts: Sequence[Draft], replaced: Sequence[str]
    ) -> "Copies":
        """Each draft joins the group of what it is a copy of; one that joins two makes them one.

        The drafts are there already, as the current revisions of their articles; those that are
        `replaced` had earlier ones. Only who has the turn may ask.
        """
        if replaced:
            leave_copies(connection, replaced)
        found = _Buckets.of(connection, drafts)
        groups = _Groups.of(connection, found.known())
        for draft in drafts:
            groups.join(draft.article.id, found.copies_of(draft))
            found.put(draft)
        return cls(drafts, found, groups)

    def write(self, connection: sa.Connection) -> None:
        rows = [
            {
                "article_id": draft.article.id,
                "group_id": self._groups.of_article.get(draft.article.id),
                "buckets": list(draft.copy_keys),
                "sketch": draft.copy_sketch,
            }
            for draft in self.drafts
        ]
        insert(connection, copies, rows)
        self._found.write(connection)
        self._groups.write(connection)


def leave_copies(connection: sa.Connection, article_ids: Sequence[str]) -> None:
    """Forget what these articles read like; the others of their groups stay together."""
    rows = connection.execute(
        sa.select(copies.c.article_id, copies.c.buckets).where(copies.c.article_id.in_(article_ids))
    ).all()
    if keyed := [{"_key": key, "_id": article_id} for article_id, keys in rows for key in keys]:
        connection.execute(_delete_key, keyed)
    if rows:
        connection.execute(
            copies.delete().where(copies.c.article_id.in_([article_id for article_id, _ in rows]))
        )


_delete_key = copy_keys.delete().where(
    copy_keys.c.key == sa.bindparam("_key"), copy_keys.c.article_id == sa.bindparam("_id")
)


#: Made once, since making a statement takes longer than most of these take to run. All rows are
#: taken at once: one after the other, each of some forty an article costs as much as its reading.
_some: sa.BindParameter[Any] = sa.bindparam("some", expanding=True)
_select_keys = sa.select(copy_keys.c.key, copy_keys.c.article_id).where(copy_keys.c.key.in_(_some))
_select_sketches = sa.select(copies.c.article_id, copies.c.sketch).where(
    copies.c.article_id.in_(_some)
)
_select_groups = sa.select(copies.c.article_id, copies.c.group_id).where(
    copies.c.article_id.in_(_some), copies.c.group_id.is_not(None)
)
_select_words = (
    sa.select(articles.c.id, revisions.c.text, revisions.c.boilerplate)
    .join(
        revisions,
        sa.and_(
            revisions.c.article_id == articles.c.id, revisions.c.revision == articles.c.revision
        ),
    )
    .where(articles.c.id.in_(_some), articles.c.deleted_at.is_(None))
)


@dataclass
class _Buckets:
    """Who has which key, before this batch and within it; and how they read."""

    of_key: dict[int, list[str]]
    _sketches: dict[str, str] = field(default_factory=dict)
    _wordings: dict[str, Wording] = field(default_factory=dict)
    _drafts: dict[str, Draft] = field(default_factory=dict)
    _new: list[dict[str, object]] = field(default_factory=list)

    @classmethod
    def of(cls, connection: sa.Connection, drafts: Sequence[Draft]) -> "_Buckets":
        buckets: dict[int, list[str]] = {}
        keys = {key for draft in drafts for key in draft.copy_keys}
        for some in portions(keys):
            rows = connection.execute(_select_keys, {"some": some}).all()
            for key, article_id in rows:
                buckets.setdefault(key, []).append(article_id)
        found = cls(buckets)
        sharing = {draft.article.id: found._sharing(draft) for draft in drafts}
        wanted = {id_ for ids in sharing.values() for id_ in ids}
        found._sketches.update(_sketches(connection, wanted))
        likely = (found._likely(draft, sharing[draft.article.id]) for draft in drafts)
        found._wordings.update(_wordings(connection, {id_ for ids in likely for id_ in ids}))
        return found

    def known(self) -> set[str]:
        return set(self._wordings)

    def _sharing(self, draft: Draft) -> list[str]:
        buckets = [self.of_key[key] for key in draft.copy_keys if key in self.of_key]
        if not buckets:
            return []
        shared = Counter(id_ for bucket in buckets for id_ in bucket)
        return sorted(shared, key=lambda id_: (-shared[id_], id_))[:COMPARED]

    def _likely(self, draft: Draft, sharing: Sequence[str]) -> list[str]:
        """Where texts are put together from parts, many share a key and few are alike."""
        known = [id_ for id_ in sharing if id_ in self._sketches]
        if not known:
            return []
        alike = likely_copies(draft.copy_sketch, [self._sketches[id_] for id_ in known])
        return [id_ for id_, likely in zip(known, alike, strict=True) if likely]

    def copies_of(self, draft: Draft) -> list[str]:
        if not (candidates := self._likely(draft, self._sharing(draft))):
            return []
        mine = _wording_of(draft)
        read = ((id_, self._wording(id_)) for id_ in candidates)
        return [id_ for id_, theirs in read if theirs is not None and mine.is_copy_of(theirs)]

    def _wording(self, article_id: str) -> Wording | None:
        """Of this batch only those are read that somebody may be a copy of."""
        if article_id in self._drafts:
            self._wordings[article_id] = _wording_of(self._drafts.pop(article_id))
        return self._wordings.get(article_id)

    def put(self, draft: Draft) -> None:
        self._drafts[draft.article.id] = draft
        self._sketches[draft.article.id] = draft.copy_sketch
        for key in draft.copy_keys:
            bucket = self.of_key.setdefault(key, [])
            if len(bucket) < BUCKET:
                bucket.append(draft.article.id)
                self._new.append({"key": key, "article_id": draft.article.id})

    def write(self, connection: sa.Connection) -> None:
        if self._new:
            insert(connection, copy_keys, self._new)


@dataclass
class _Groups:
    """Who is in which group; a group that went into another is remembered until it is written."""

    of_article: dict[str, str]
    _founders: dict[str, str] = field(default_factory=dict)
    _merged: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, connection: sa.Connection, article_ids: Iterable[str]) -> "_Groups":
        of_article: dict[str, str] = {}
        for some in portions(article_ids):
            rows = connection.execute(_select_groups, {"some": some}).all()
            of_article |= {row.article_id: row.group_id for row in rows}
        return cls(of_article)

    def join(self, article_id: str, others: Sequence[str]) -> None:
        if not others:
            return
        known = sorted({self.of_article[id_] for id_ in others if id_ in self.of_article})
        group = known[0] if known else uuid4().hex
        for other in known[1:]:
            self._merge(other, group)
        for id_ in others:
            if id_ not in self.of_article:
                self._founders[id_] = group
        self.of_article.update(dict.fromkeys([article_id, *others], group))

    def _merge(self, group: str, into: str) -> None:
        self._merged.append((group, into))
        for mapping in (self.of_article, self._founders):
            mapping.update({id_: into for id_, of in mapping.items() if of == group})

    def write(self, connection: sa.Connection) -> None:
        for article_id, group in self._founders.items():
            connection.execute(
                copies.update().where(copies.c.article_id == article_id).values(group_id=group)
            )
        for group, into in self._merged:
            connection.execute(
                copies.update().where(copies.c.group_id == group).values(group_id=into)
            )


def _wording_of(draft: Draft) -> Wording:
    return Wording.of(draft.article.text, draft.boilerplate)


def _sketches(connection: sa.Connection, article_ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in portions(article_ids):
        rows = connection.execute(_select_sketches, {"some": some}).all()
        found |= {row.article_id: row.sketch for row in rows}
    return found


def _wordings(connection: sa.Connection, article_ids: Iterable[str]) -> dict[str, Wording]:
    found: dict[str, Wording] = {}
    for some in portions(article_ids):
        rows = connection.execute(_select_words, {"some": some}).all()
        for row in rows:
            found[row.id] = Wording.of(row.text, row.boilerplate)
    return found


def portions(values: Iterable[T], size: int = _PORTION) -> Iterator[list[T]]:
    """An engine takes only so many variables in one statement."""
    rest = iter(values)
    while portion := list(islice(rest, size)):
        yield portion
