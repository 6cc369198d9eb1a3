"""RelatedArticles: what else there is on the story of an article; nothing rather than something."""

from collections.abc import Mapping
from dataclasses import dataclass

from backstory_search.because import shared_names
from backstory_shared.errors import NotReady
from backstory_shared.ports import (
    ArticleReader,
    Browser,
    Candidates,
    Entry,
    Filters,
    Question,
    SearchIndex,
    Terms,
    Vector,
)

CONSIDERED = 50
#: An article's most telling terms; the engine weighs them by how rare they are in the archive.
TELLING_TERMS = 60
DENSE_WEIGHT = 0.6
#: Between unrelated news the sum is some .2, between reports of one event some .6.
MINIMUM = 0.4


@dataclass(frozen=True, slots=True)
class Relation:
    """An article near another. `score` is between 0 and 1; `because` is what both speak of."""

    entry: Entry
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelatedArticles:
    """Near in meaning and in words, never the article itself or an exact copy of it."""

    articles: ArticleReader
    browser: Browser
    index: SearchIndex
    floor: float

    def __call__(self, article_id: str, *, filters: Filters, limit: int) -> list[Relation]:
        """Raises NotFound, Gone, and NotReady while the article is not in the index."""
        entry = self.articles.entry(article_id)
        copies = {copy.revision.article.id for copy in self.browser.copies(article_id)}
        vectors = self.index.vectors([article_id])
        if article_id not in vectors:
            raise NotReady("The article is not indexed yet.")
        unwanted = frozenset({article_id} | copies) | self.articles.unsettled()
        scores = self._scores(*vectors[article_id], filters, unwanted)
        return self._relations(entry, scores, limit)

    def _scores(
        self, dense: Vector, lexical: Terms, filters: Filters, unwanted: frozenset[str]
    ) -> dict[str, float]:
        telling = _telling(lexical)
        best = self.index.candidates(Question(lexical=telling, lexical_limit=1)).lexical
        found = self.index.candidates(
            Question(
                dense=dense,
                lexical=telling,
                dense_limit=CONSIDERED,
                lexical_limit=CONSIDERED,
                floor=self.floor,
                filters=filters,
                excluded=unwanted,
            )
        )
        # Nothing has more of an article's own words than the article itself.
        return _combined(found, most=best[0].score if best else 1.0)

    def _relations(self, entry: Entry, scores: Mapping[str, float], limit: int) -> list[Relation]:
        near = [id_ for id_, score in scores.items() if score >= MINIMUM]
        near.sort(key=lambda id_: (-scores[id_], id_))
        entries = self.articles.entries(near[: 2 * limit])
        return [
            Relation(entries[id_], scores[id_], shared_names(entry, entries[id_]))
            for id_ in near
            if id_ in entries
        ][:limit]


def _telling(lexical: Terms) -> Terms:
    pairs = sorted(zip(lexical.values, lexical.indices, strict=True), reverse=True)[:TELLING_TERMS]
    return Terms(
        indices=tuple(index for _, index in pairs), values=tuple(value for value, _ in pairs)
    )


def _combined(found: Candidates, *, most: float) -> dict[str, float]:
    """Of the near in meaning: their cosine, and the share of the words they have too."""
    words = {one.id: min(one.score / most, 1.0) for one in found.lexical}
    meaning = {one.id: max(one.score, 0.0) for one in found.dense}
    return {
        id_: DENSE_WEIGHT * meaning[id_] + (1 - DENSE_WEIGHT) * words.get(id_, 0.0)
        for id_ in meaning
    }
