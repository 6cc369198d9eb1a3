"""RelatedArticles: what else there is on the story of an article; nothing rather than something."""

import math
from collections.abc import Iterator, Mapping, Sequence
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

#: How many are looked at from each list, and how many of these are read for the names they share.
CONSIDERED = 50
READ = 20
MINIMUM = 0.5
SHOWN_NAMES = 3


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near two articles are, as a logistic regression sees it that was fitted on storylines.

    Fitted on the sample archive with the bundled model, alone and among 2,225 other articles: at
    MINIMUM nine of ten shown are of the same story, and two of three of the story's are shown.
    `cosine` counts up to .9 only: between any two articles in a language that the model does not
    know it is higher still. `words` is the share of the article's own BM25 score.
    """

    cosine: float
    words: float

    def score(self, names: Sequence[str]) -> float:
        """Between 0 and 1; a name of several words says as much as several names."""
        name_words = min(sum(1 + name.count(" ") for name in names), 6)
        return 1 / (1 + math.exp(-(self.by_text + 1.2 * name_words - 13.4)))

    @property
    def by_text(self) -> float:
        return 10 * min(self.cosine, 0.9) + 16 * self.words


@dataclass(frozen=True, slots=True)
class Relation:
    """An article near another. `because` is what both speak of."""

    entry: Entry
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelatedArticles:
    """Near in meaning, in words and in names; never the article itself or an exact copy of it."""

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
        near = self._near(*vectors[article_id], filters, unwanted)
        relations = [
            one
            for one in self._relations(entry, _nearest(near, max(READ, limit)))
            if one.score >= MINIMUM
        ]
        relations.sort(key=lambda one: (-one.score, one.entry.revision.article.id))
        return relations[:limit]

    def _near(
        self, dense: Vector, lexical: Terms, filters: Filters, unwanted: frozenset[str]
    ) -> dict[str, Nearness]:
        # Nothing has more of an article's own words than the article itself.
        best = self.index.candidates(Question(lexical=lexical, lexical_limit=1)).lexical
        found = self.index.candidates(
            Question(
                dense=dense,
                lexical=lexical,
                dense_limit=CONSIDERED,
                lexical_limit=CONSIDERED,
                floor=self.floor,
                filters=filters,
                excluded=unwanted,
            )
        )
        return _nearness(found, most=best[0].score if best else 1.0, floor=self.floor)

    def _relations(self, entry: Entry, near: Mapping[str, Nearness]) -> Iterator[Relation]:
        for id_, other in self.articles.entries(list(near)).items():
            names = shared_names(entry, other)
            yield Relation(other, near[id_].score(names), names[:SHOWN_NAMES])


def _nearest(near: Mapping[str, Nearness], limit: int) -> dict[str, Nearness]:
    ordered = sorted(near, key=lambda id_: (-near[id_].by_text, id_))
    return {id_: near[id_] for id_ in ordered[:limit]}


def _nearness(found: Candidates, *, most: float, floor: float) -> dict[str, Nearness]:
    """Who is not in a list is at its end at best."""
    meaning = {one.id: one.score for one in found.dense}
    words = {one.id: one.score / most for one in found.lexical}
    lowest = min(meaning.values(), default=floor)
    return {
        id_: Nearness(meaning.get(id_, lowest), words.get(id_, 0.0)) for id_ in {**meaning, **words}
    }
