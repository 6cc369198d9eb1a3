"""One order out of two lists. Pure.

Each list's scores are taken as shares of its best, and the two are added, DENSE_WEIGHT for meaning
and the rest for words: a hit that stands out in its list keeps standing out. The share of words is
squared (SHARPNESS): who has four of five words has not four fifths of what somebody quotes. Who is
first among the words may yet have few of them: where the best has little of what was asked, its
share is less than one, and meaning has more to say. Of numbers it knows little: the more of the
query they are, the less it says. `python -m benchmarks.fusion` prints this beside other rules, each
with a weight chosen without the collection it is tried on. A transformer, which reads an article
passage by passage, is believed more. Last, the first hits are read (`closeness`): who says it in
the same words goes up.

The idea is E. Fox and J. Shaw's "Combination of Multiple Searches" (1994); S. Bruch, S. Gai and
A. Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (2023), find it better than ranks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import isnan, log1p
from typing import NamedTuple, Self, overload

import numpy as np
from numpy.typing import NDArray

from backstory_shared.ports import Scores

TOP = 100
DENSE_WEIGHT = 0.5
PASSAGES_WEIGHT = 0.7
SHARPNESS = 2.0
#: A lexical score is a full share from this part of what the rarest words of the query weigh.
ENOUGH, RAREST = 0.4, 4
#: Of a query that is a number meaning says so much less.
NUMBERS = 0.5
#: What saying it in the very words counts beside all else.
CLOSENESS = 0.3

Values = NDArray[np.float64]
_NOWHERE = np.nan


class Ranked(NamedTuple):
    """A place in the order. `score` is between 0 and 1, and comparable within one answer only.

    By meaning alone it is the cosine, by words alone the share of the best hit's score, and of both
    together the weighted mean of such shares; where words count, how close a hit is to the very
    words of the query is part of the mean.
    """

    id: str
    score: float
    dense: float | None = None
    lexical: float | None = None
    closeness: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Ranking(Sequence[Ranked]):
    """Articles in order; `scores` has a row for each, as Ranked without its id; NaN for none."""

    ids: Sequence[str]
    scores: Values

    @classmethod
    def of(cls, ids: Sequence[str], score: Values, dense: Values, lexical: Values) -> Self:
        return cls(ids, np.column_stack([score, dense, lexical, np.full(len(ids), _NOWHERE)]))

    def picked(self, ids: Sequence[str]) -> Self:
        """These articles, in this order; one that is not ranked has no score."""
        row_of = {id_: row for row, id_ in enumerate(self.ids)}
        rows = [row_of.get(id_, -1) for id_ in ids]
        unranked = np.array([[0.0, _NOWHERE, _NOWHERE, _NOWHERE]])
        return type(self)(ids, np.concatenate([self.scores, unranked])[rows])

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> Ranked: ...

    @overload
    def __getitem__(self, place: slice) -> Self: ...

    def __getitem__(self, place: int | slice) -> Ranked | Self:
        if isinstance(place, slice):
            return type(self)(self.ids[place], self.scores[place])
        return _ranked(self.ids[place], self.scores[place].tolist())

    def __iter__(self) -> Iterator[Ranked]:
        return map(_ranked, self.ids, self.scores.tolist())


def by_meaning(dense: Scores) -> Ranking:
    return Ranking.of(dense.ids, np.clip(dense.values, 0, 1), dense.values, _absent(dense))


def by_words(lexical: Scores) -> Ranking:
    best = lexical.values[0] if len(lexical) else 1.0
    return Ranking.of(lexical.ids, lexical.values / best, _absent(lexical), lexical.values)


def enough(frequencies: Sequence[int], articles: int) -> float:
    """The lexical score of a good hit, by how many of `articles` have each word that was asked for.

    A word weighs what it does in the index; one that no article has weighs most.
    """
    return ENOUGH * sum(nlargest(RAREST, word_weights(frequencies, articles)))


def share_of_meaning(
    weight: float, frequencies: Sequence[int], numbers: Sequence[int], articles: int
) -> float:
    """`weight`, less by NUMBERS of the part that numbers have in what the words weigh.

    No model knows what one number means beside another. `numbers` are those of `frequencies` that
    are of numbers.
    """
    said = sum(word_weights(frequencies, articles))
    return weight * (1 - NUMBERS * sum(word_weights(numbers, articles)) / said) if said else weight


def word_weights(frequencies: Sequence[float], articles: int) -> list[float]:
    """BM25's, by how many of `articles` have each word."""
    return [log1p((max(articles - n, 0) + 0.5) / (n + 0.5)) for n in frequencies]


def fused(
    dense: Scores,
    lexical: Scores,
    *,
    floor: float,
    weight: float = DENSE_WEIGHT,
    good: float = 0.0,
    sharpness: float = SHARPNESS,
) -> Ranking:
    """Both lists' top by fused score, then the rest of the lexical list; ties by id.

    `floor` is what a cosine at most is where the dense list ends for want of near articles, `good`
    the lexical score below which even the best hit has only a part of a full share.
    """
    words = {id_: place for place, id_ in enumerate(lexical.ids)}
    meaning = {id_: place for place, id_ in enumerate(dense.ids)}
    ids = list(dict.fromkeys([*dense.ids, *lexical.ids[:TOP]]))
    by_meaning, by_words = _looked_up(dense, meaning, ids), _looked_up(lexical, words, ids)
    scores = weight * _shares(dense.values, by_meaning, absent=min([floor, *dense.values]))
    words_share = _shares(lexical.values, by_words, absent=0.0, good=good)
    scores += (1 - weight) * words_share**sharpness
    order = np.lexsort((np.array(ids), -np.nan_to_num(by_meaning, nan=floor), -scores))
    top = Ranking.of(
        [ids[place] for place in order.tolist()],
        scores[order],
        by_meaning[order],
        by_words[order],
    )
    return _with_rest(top, lexical[TOP:], meaning)


def closer(ranking: Ranking, closeness: Values, weight: float = CLOSENESS) -> Ranking:
    """`closeness`, from 0 to 1, is of the first; the rest stay behind them, in their order."""
    scores, looked_at = ranking.scores.copy(), len(closeness)
    scores[:looked_at, 0] += weight * closeness
    scores[:, 0] /= 1 + weight
    scores[:looked_at, 3] = closeness
    order = np.argsort(-scores[:looked_at, 0], kind="stable")
    ids = [ranking.ids[place] for place in order.tolist()]
    scores[:looked_at] = scores[order]
    return Ranking([*ids, *ranking.ids[looked_at:]], scores)


def decayed(ranking: Ranking, ages: Values, half_life: float) -> Ranking:
    """By scores that have halved with every `half_life` of age; the future is as good as now."""
    scores = ranking.scores.copy()
    scores[:, 0] *= 0.5 ** (np.maximum(ages, 0) / half_life)
    order = np.argsort(-scores[:, 0], kind="stable")
    return Ranking([ranking.ids[place] for place in order.tolist()], scores[order])


def _ranked(id_: str, scores: Sequence[float]) -> Ranked:
    score, *others = scores
    return Ranked(id_, score, *map(_number, others))


def _number(value: float) -> float | None:
    return None if isnan(value) else value


def _absent(scores: Sequence[object]) -> Values:
    return np.full(len(scores), _NOWHERE)


def _looked_up(scores: Scores, place_of: Mapping[str, int], ids: Sequence[str]) -> Values:
    """The scores of these articles; NaN for one that is not in the list."""
    places = [place_of.get(id_, -1) for id_ in ids]
    found: Values = np.append(scores.values, _NOWHERE)[places]
    return found


def _shares(values: Values, wanted: Values, *, absent: float, good: float = 0.0) -> Values:
    """As shares of the best of the list, or of what is `good` where that is more.

    Who is not in the list has `absent`, or is at its end.
    """
    best = max(values[0], good) if len(values) else 0.0
    if best <= 0:
        return np.zeros(len(wanted))
    lowest = values[-1] if len(values) >= TOP else absent
    return np.asarray(np.clip(np.where(np.isnan(wanted), lowest, wanted) / best, 0, 1))


def _with_rest(top: Ranking, lexical: Scores, there: Mapping[str, int]) -> Ranking:
    """Below everything fused, in proportion to their BM25 scores."""
    left = [place for place, id_ in enumerate(lexical.ids) if id_ not in there]
    if not left:
        return top
    values = lexical.values[left]
    scale = top.scores[-1, 0] / values[0]
    rest = Ranking.of([lexical.ids[place] for place in left], values * scale, _absent(left), values)
    return Ranking([*top.ids, *rest.ids], np.concatenate([top.scores, rest.scores]))
