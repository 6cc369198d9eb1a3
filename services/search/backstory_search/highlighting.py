"""HighlightHits: of each article that was found, the passages that show why."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache, partial

import numpy as np

from backstory_search.query import parse
from backstory_search.schemas import HighlightOut, SpanOut
from backstory_search.search import Hit
from backstory_search.wording import ReadWording
from backstory_shared.articles import Revision, Span
from backstory_shared.ports import (
    ArticleReader,
    Embedder,
    Passage,
    SearchIndex,
    TermEncoder,
    Terms,
    Vector,
)
from backstory_shared.text.boilerplate import story
from backstory_shared.text.highlights import Highlight, TermsOf, highlights, nearest_sentence

_MOST = 2
_REMEMBERED = 50_000


@dataclass(frozen=True, kw_only=True)
class HighlightHits:
    """A word is marked exactly where keyword search would have met it: both ask one encoder.

    Where the text has no word of the query, the article was found by what it means. Then the
    nearest of its sentences is shown, out of the passage that found it where the index knows
    passages. `embedder` and `index` are those that serve; `sentences` compares the sentences, and
    has to be quick.
    """

    articles: ArticleReader
    index: SearchIndex
    embedder: Embedder
    sentences: Embedder
    terms: TermEncoder
    _terms_of: TermsOf = field(init=False)

    def __post_init__(self) -> None:
        @lru_cache(_REMEMBERED)
        def terms_of(word: str) -> Set[int]:
            return frozenset(self.terms.encode_query(word).indices)

        object.__setattr__(self, "_terms_of", terms_of)

    def __call__(
        self, hits: Sequence[Hit], query: str, terms: Terms | None = None
    ) -> list[list[HighlightOut]]:
        """`terms` are those that the query was found to mean, where somebody knows them already."""
        text = parse(query).text
        revisions = [hit.entry.revision for hit in hits]
        found = self._marked(revisions, terms or self._meant(text))
        found |= self._nearest([one for one in revisions if not found[one.article.id]], text)
        return [list(map(_out, found[one.article.id])) for one in revisions]

    def _meant(self, query: str) -> Terms:
        """Words that were taken for a slip are marked where what was meant stands."""
        return ReadWording(self.terms, self.index, self.articles)(query).terms

    def _marked(self, revisions: Sequence[Revision], terms: Terms) -> dict[str, list[Highlight]]:
        wanted = frozenset(terms.indices)
        return {
            one.article.id: highlights(
                _within(one, None), one.article.language, wanted, self._terms_of, _MOST
            )
            for one in revisions
        }

    def _nearest(self, revisions: Sequence[Revision], query: str) -> dict[str, list[Highlight]]:
        if not revisions:
            return {}
        passages: dict[str, Span] = {}
        if self.embedder.model.passages:
            ids = [one.article.id for one in revisions]
            passages = self.index.nearest_passages(self.embedder.embed_query(query), ids)
        near = partial(self._nearness, self.sentences.embed_query(query))
        return {
            one.article.id: nearest_sentence(
                _within(one, passages.get(one.article.id)), one.article.language, near
            )
            for one in revisions
        }

    def _nearness(self, query: Vector, texts: Sequence[str]) -> Sequence[float]:
        found = self.sentences.embed_articles([Passage(title="", text=text) for text in texts])
        nearness: list[float] = (np.stack([one.dense for one in found]) @ query).tolist()
        return nearness


def _within(revision: Revision, passage: Span | None) -> str:
    """That part of the article, or all of it, without its boilerplate."""
    text = revision.article.text
    start, end = passage or Span(0, len(text))
    left_out = [
        Span(max(one.start, start) - start, min(one.end, end) - start)
        for one in revision.boilerplate
        if one.start < end and one.end > start
    ]
    return story(text[start:end], left_out)


def _out(found: Highlight) -> HighlightOut:
    matches = [SpanOut(start=start, end=end) for start, end in found.marks]
    return HighlightOut(
        text=found.text,
        matches=matches,
        cut_before=found.cut_before,
        cut_after=found.cut_after,
    )
