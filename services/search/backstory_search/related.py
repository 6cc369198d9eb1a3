"""RelatedArticles: what else there is on the story of an article; nothing rather than something."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from backstory_search.arranging import Wish, arranged
from backstory_shared.errors import NotReady
from backstory_shared.ports import (
    ArticleReader,
    Bearings,
    Browser,
    Entry,
    Filters,
    Folds,
    Link,
    MatchSet,
    Neighbour,
    Neighbourhood,
    Neighbours,
    Profile,
    Profiles,
    Relations,
    SearchIndex,
    Terms,
)
from backstory_shared.relating.finding import FindNeighbours, Subject, most_of
from backstory_shared.relating.profiles import profile_of_revision

#: So many times what is asked for is looked through for the newest: some are copies.
_COPIED = 3


@dataclass(frozen=True, slots=True)
class Relation:
    """An article near another, and why it is shown.

    `because` is what both speak of; `days` how much later it was published, or earlier if below
    zero. `folded` are copies of it. `pinned` was an editor's choice; `fallback` is only the newest
    there is.
    """

    entry: Entry
    score: float
    because: tuple[str, ...] = ()
    same_story: bool = False
    days: int | None = None
    folded: tuple[str, ...] = ()
    pinned: bool = False
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class RelatedArticles:
    """Read where they are kept already; looked for, and kept, where they are not yet.

    Never the article itself, a copy of it, or one that is gone: the ledger is asked each time.
    """

    articles: ArticleReader
    browser: Browser
    folds: Folds
    profiles: Profiles
    relations: Relations
    find: FindNeighbours
    clock: Callable[[], datetime]

    def __call__(
        self, article_id: str, *, filters: Filters, limit: int, fallback: bool = False
    ) -> list[Relation]:
        """Raises NotFound, Gone, and NotReady while the article is not in the index."""
        kept = self.relations.neighbourhood(article_id)
        near = self._near(article_id, kept, filters)
        choices = self._choices(article_id, kept)
        pins = self.articles.entries(choices.pinned) if choices.pinned else {}
        shown = [Relation(pins[id_], 1.0, pinned=True) for id_ in choices.pinned if id_ in pins]
        shown = shown[:limit]
        wish = Wish(
            limit=limit - len(shown),
            minimum=self.find.relevance().minimum,
            now=self.clock(),
            language=None if filters.language else kept.bearings.language,
        )
        chosen = arranged([one for one in near if not choices.settle(one)], wish)
        shown += related_entries(self.articles, self.folds, chosen, kept.bearings)
        if fallback and len(shown) < limit:
            newest = self._newest(article_id, shown, choices, filters, limit)
            shown += newest[: limit - len(shown)]
        return shown

    def _choices(self, article_id: str, kept: Neighbourhood) -> "_Choices":
        """The editor's, of whom no copy of the article itself can be one."""
        chosen = [*kept.pinned, *kept.blocked]
        found = self.relations.bearings(chosen) if chosen else {}
        groups = {id_: one.copies for id_, one in found.items() if one.copies}
        mine = kept.bearings.copies
        return _Choices(
            pinned=tuple(
                id_
                for id_ in kept.pinned
                if id_ != article_id and (mine is None or groups.get(id_) != mine)
            ),
            ids=frozenset([*chosen, article_id]),
            groups=frozenset([*groups.values(), *([mine] if mine else [])]),
        )

    def _near(self, article_id: str, kept: Neighbourhood, filters: Filters) -> Sequence[Neighbour]:
        """What is kept is for the whole archive: a part of it is looked through anew."""
        if kept.made and filters == Filters():
            return kept.near
        neighbours = self._look(article_id, kept.revision, filters)
        if not kept.made and filters == Filters():
            self.relations.keep_neighbours(article_id, kept.revision, neighbours)
        return with_bearings(self.relations, neighbours.links)

    def _look(self, article_id: str, revision: int, filters: Filters) -> Neighbours:
        vectors = self.find.index.vectors([article_id])
        if article_id not in vectors:
            raise NotReady("The article is not indexed yet.")
        (profile,) = self.find.weighed([self._profile(article_id)])
        if profile.revision == revision:
            self.profiles.keep_profiles([profile])
        dense, lexical = vectors[article_id]
        subject = Subject(
            profile=profile,
            dense=dense,
            lexical=lexical,
            filters=filters,
            excluded=self.articles.unsettled() - {article_id},
            own_score=None if filters == Filters() else own_score(self.find.index, lexical),
        )
        return self.find([subject])[article_id]

    def _profile(self, article_id: str) -> Profile:
        return profile_of_revision(self.articles.entry(article_id).revision)

    def _newest(
        self,
        article_id: str,
        shown: Sequence[Relation],
        choices: "_Choices",
        filters: Filters,
        limit: int,
    ) -> list[Relation]:
        """The newest of its section and language, of no particular relevance; copies once."""
        there = {one.entry.revision.article.id for one in shown} | choices.ids
        asked = self._beside(article_id, filters)
        newest = self.browser.browse(asked, after=None, limit=len(there) + _COPIED * limit)
        ids = [one.revision.article.id for one in newest]
        copies = {id_: one.copies for id_, one in self.relations.bearings([*there, *ids]).items()}
        groups = {copies.get(id_) for id_ in there} | choices.groups
        left: list[Relation] = []
        for id_, entry in zip(ids, newest, strict=True):
            group = copies.get(id_)
            if id_ not in there and (group is None or group not in groups):
                groups.add(group)
                left.append(Relation(entry, 0.0, fallback=True))
        return left

    def _beside(self, article_id: str, filters: Filters) -> Filters:
        """The article's own section and language, unless others are asked for."""
        article = self.articles.entry(article_id).revision.article
        return replace(
            filters,
            section=filters.section or ((article.section,) if article.section else ()),
            language=filters.language or ((article.language,) if article.language else ()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choices:
    """What an editor has pinned, and all that is settled by it: `groups` are those of copies."""

    pinned: tuple[str, ...]
    ids: frozenset[str]
    groups: frozenset[str]

    def settle(self, one: Neighbour) -> bool:
        return one.link.id in self.ids or one.bearings.copies in self.groups


def with_bearings(relations: Relations, links: Sequence[Link]) -> list[Neighbour]:
    """Those that are near enough to be shown."""
    near = [link for link in links if link.near]
    bearings = relations.bearings([link.id for link in near])
    return [Neighbour(link, bearings[link.id]) for link in near if link.id in bearings]


def related_entries(
    articles: ArticleReader, folds: Folds, chosen: Sequence[Neighbour], subject: Bearings | None
) -> list[Relation]:
    """The chosen ones as they are now; one that has gone meanwhile is left out."""
    entries = articles.entries([one.link.id for one in chosen]) if chosen else {}
    copied = [one.link.id for one in chosen if one.bearings.copies]
    copies = folds.together(copied) if copied else {}
    return [
        _relation(entries[id_], one, subject, copies.get(id_, ()))
        for one in chosen
        if (id_ := one.link.id) in entries
    ]


def _days_between(one: Bearings, other: Bearings) -> int:
    """As a calendar counts them: the same number whichever of the two is read."""
    return (other.sort_at.date() - one.sort_at.date()).days


def _relation(
    entry: Entry, one: Neighbour, subject: Bearings | None, copies: Sequence[str]
) -> Relation:
    story = subject.story if subject else None
    return Relation(
        entry,
        one.link.score,
        because=one.link.because,
        same_story=story is not None and story == one.bearings.story,
        days=_days_between(subject, one.bearings) if subject else None,
        folded=tuple(id_ for id_ in copies if id_ != one.link.id),
    )


def own_score(index: SearchIndex, terms: Terms) -> float:
    """What the engine's BM25 would give a text for its own words, if it were in the index."""
    asked = most_of(terms)
    total = index.counts(MatchSet(), ()).total
    counts = _frequencies(index, asked.indices)
    return sum(
        value * value * math.log(1 + (total - counts[term] + 0.5) / (counts[term] + 0.5))
        for value, term in zip(asked.values, asked.indices, strict=True)
    )


def _frequencies(index: SearchIndex, terms: Sequence[int]) -> dict[int, int]:
    """All at once as far as the index knows them; a server leaves out some that are rare."""
    known = index.frequencies(terms)
    rare = (term for term in terms if term not in known)
    return known | {term: index.counts(MatchSet(terms=(term,)), ()).total for term in rare}
