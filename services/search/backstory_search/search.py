"""SearchArticles: by meaning, by words, or both, over the whole archive."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from math import inf

import numpy as np

from backstory_search.closeness import LOOKED_AT, closeness
from backstory_search.cursors import Cursors, fingerprint
from backstory_search.demands import demanding
from backstory_search.folding import shown_from
from backstory_search.orders import LIFETIME, MAX_ORDER, FrozenOrder, FrozenOrders, freeze
from backstory_search.query import Query, parse
from backstory_search.ranking import (
    DENSE_WEIGHT,
    PASSAGES_WEIGHT,
    Ranked,
    Ranking,
    by_meaning,
    by_words,
    closer,
    decayed,
    enough,
    fused,
    share_of_meaning,
)
from backstory_search.wording import ReadWording, Wording
from backstory_shared.errors import CursorExpired
from backstory_shared.ports import (
    ArticleReader,
    Candidates,
    Counts,
    Embedder,
    Entry,
    Facet,
    Filters,
    Folds,
    MatchSet,
    Question,
    SearchIndex,
    TermEncoder,
    Terms,
)

NEAREST = 200
#: A write falls between two questions now and then. It is over in a moment: each wait is twice the
#: one before, a quarter of a second in all.
_TRIES = 9
_FIRST_WAIT = 0.001


class Mode(StrEnum):
    """What makes an article match: its meaning, its words, or either."""

    HYBRID = "hybrid"
    SEMANTIC = "semantic"
    KEYWORD = "keyword"


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Collapse(StrEnum):
    """Which articles a list shows one of for all; `story` folds copies too."""

    NONE = "none"
    DUPLICATES = "duplicates"
    STORY = "story"


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What a reader asks for."""

    text: str
    mode: Mode = Mode.HYBRID
    filters: Filters
    sort: Sort = Sort.RELEVANCE
    recency: timedelta | None = None
    facets: tuple[Facet, ...] = ()
    collapse: Collapse = Collapse.DUPLICATES
    limit: int = 20
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An article as it is now, at the place it had when the search began.

    `folded` are the others of the match set that it stands for.
    """

    entry: Entry
    ranked: Ranked
    folded: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """`terms` are those that were looked for, and `meant` is what each word was taken for that no
    article has; a later page does not know them any more."""

    hits: tuple[Hit, ...]
    counts: Counts
    next_cursor: str | None
    terms: Terms | None = None
    meant: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchArticles:
    """The match set is L and S together: L has a word of the query, S are the nearest by meaning.

    Page 1 freezes the order, up to MAX_ORDER articles, for as long as its cursors live. Counts are
    of articles, whatever is folded: folding is done as a page is shown. `read` says what the text
    of a search asks for.
    """

    articles: ArticleReader
    index: SearchIndex
    embedder: Embedder
    terms: TermEncoder
    orders: FrozenOrders
    cursors: Cursors
    folds: Mapping[Collapse, Folds]
    read: Callable[[str], Query] = parse

    def __call__(self, search: Search) -> Found:
        asked = fingerprint(replace(search, limit=0, cursor=None))
        if search.cursor is None:
            query = self._spelled(self.read(search.text))
            words = self._wording(search, query)
            first = self._order(search, query, words)
            page = self._page(search, first, asked, key=None, start=0)
            return replace(page, terms=words.terms, meant=words.meant) if words else page
        key, start = self.cursors.read(search.cursor, asked)
        order = self.orders.find(key)
        if order is None:
            raise CursorExpired("The cursor has expired; begin again at the first page.")
        return self._page(search, order, asked, key=key, start=start)

    def _page(
        self, search: Search, order: FrozenOrder, asked: str, *, key: str | None, start: int
    ) -> Found:
        """Articles deleted since page 1 are left out, so that a page may be short."""
        shown, end = shown_from(order.ids, self.folds[search.collapse], start, search.limit)
        entries = self.articles.entries([order.ids[one.place] for one in shown])
        next_cursor = None
        if end is not None:
            key = key or self.orders.keep(order)
            next_cursor = self.cursors.issue(asked, [key, end], LIFETIME)
        return Found(
            hits=tuple(
                Hit(entries[id_], order.page(one.place, 1)[0], one.folded)
                for one in shown
                if (id_ := order.ids[one.place]) in entries
            ),
            counts=Counts(total=order.total, facets=order.facets),
            next_cursor=next_cursor,
        )

    def _order(self, search: Search, query: Query, words: Wording | None) -> FrozenOrder:
        """Writes go on meanwhile: what is counted must be what was found, or it is asked again."""
        question = self._question(search, query, words)
        by_date = search.sort is not Sort.RELEVANCE or not query.text
        for attempt in range(_TRIES):
            candidates = self.index.candidates(question)
            matches = _match_set(question, candidates)
            dated = self._dated(matches, search.sort) if by_date else None
            counts = self._counts(question, candidates, matches, search.facets)
            if _agree(counts, question, candidates, dated):
                break
            time.sleep(_FIRST_WAIT * 2**attempt)
        ranking = self._ranking(search.mode, candidates, words)
        if dated is not None:
            return freeze(ranking.picked(dated), counts.total, counts.facets)
        if words is not None:
            ranking = self._looked_at(ranking, query.text)
        if search.recency is not None:
            ranking = self._newer_first(ranking, search.recency)
        return freeze(ranking, counts.total, counts.facets)

    def _dated(self, matches: MatchSet, sort: Sort) -> list[str]:
        newest_first = sort is not Sort.OLDEST
        return self.index.by_date(matches, newest_first=newest_first, limit=MAX_ORDER)

    def _counts(
        self,
        question: Question,
        candidates: Candidates,
        matches: MatchSet,
        facets: Sequence[Facet],
    ) -> Counts:
        """A lexical list shorter than its limit is all of L: then there is nothing to ask."""
        if facets or _unasked(question) or _full(question, candidates):
            return self.index.counts(matches, facets)
        return Counts(total=_both(candidates), facets={})

    def _looked_at(self, ranking: Ranking, text: str) -> Ranking:
        """Whatever was removed meanwhile says nothing."""
        ids = ranking.ids[:LOOKED_AT]
        found = self.articles.texts(ids)
        return closer(ranking, closeness(text, [found.get(id_, "") for id_ in ids]))

    def _newer_first(self, ranking: Ranking, half_life: timedelta) -> Ranking:
        """Whatever was removed meanwhile is left out later; here it is as old as can be."""
        times, now = self.index.sort_times(ranking.ids), self.cursors.clock()
        ages = [(now - times[id_]).total_seconds() if id_ in times else inf for id_ in ranking.ids]
        return decayed(ranking, np.array(ages), half_life.total_seconds())

    def _spelled(self, query: Query) -> Query:
        if not query.named:
            return query
        counted = self.index.counts(MatchSet(), query.named).facets
        return query.spelled({facet: [value for value, _ in counted[facet]] for facet in counted})

    def _wording(self, search: Search, query: Query) -> Wording | None:
        if query.silent:
            return Wording(Terms())
        if search.mode is Mode.SEMANTIC or not query.text:
            return None
        wanted = query.within(search.filters).language
        read = ReadWording(self.terms, self.index, self.articles)
        return read(query.text, wanted, query.exact)

    def _question(self, search: Search, query: Query, words: Wording | None) -> Question:
        by_meaning = search.mode is not Mode.KEYWORD and query.text and not query.silent
        question = Question(
            dense=self.embedder.embed_query(query.text) if by_meaning else None,
            lexical=words.terms if words else None,
            dense_limit=NEAREST,
            lexical_limit=MAX_ORDER,
            floor=self.embedder.model.floor,
            filters=query.within(search.filters),
            excluded=self.articles.unsettled(),
        )
        return demanding(question, query, self.articles, self.index, self.terms)

    def _ranking(self, mode: Mode, candidates: Candidates, words: Wording | None) -> Ranking:
        if mode is Mode.SEMANTIC:
            return by_meaning(candidates.dense)
        if mode is Mode.KEYWORD:
            return by_words(candidates.lexical)
        model = self.embedder.model
        weight = PASSAGES_WEIGHT if model.passages else DENSE_WEIGHT
        good = 0.0
        if words is not None:
            weight = share_of_meaning(weight, words.frequencies, words.numbers, words.articles)
            good = enough(words.frequencies, words.articles)
        return fused(
            candidates.dense, candidates.lexical, floor=model.floor, weight=weight, good=good
        )


def _match_set(question: Question, candidates: Candidates) -> MatchSet:
    lexical, dense = question.lexical, question.dense
    return MatchSet(
        terms=None if lexical is None else lexical.indices,
        nearest=None if dense is None else tuple(candidates.dense.ids),
        filters=question.filters,
        demands=question.demands,
        excluded=question.excluded,
    )


def _unasked(question: Question) -> bool:
    """Only fields were asked for: then all that has them is found, by date."""
    return question.dense is None and question.lexical is None


def _full(question: Question, candidates: Candidates) -> bool:
    return len(candidates.lexical) == question.lexical_limit


def _both(candidates: Candidates) -> int:
    return len({*candidates.dense.ids, *candidates.lexical.ids})


def _agree(
    counts: Counts, question: Question, candidates: Candidates, dated: Sequence[str] | None
) -> bool:
    if dated is not None and len(dated) != min(counts.total, MAX_ORDER):
        return False
    if _unasked(question) or _full(question, candidates):
        return True
    return counts.total == _both(candidates)
