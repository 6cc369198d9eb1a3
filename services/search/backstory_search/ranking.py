"""One order out of two lists. Pure.

The fusion is by standard scores: each list's scores are measured in standard deviations from the
mean of its top 100, and the two are added, .6 for meaning and .4 for words. On seven collections
this did better than reciprocal ranks and than clipped normalisations (nDCG@10 .705 against .686 for
RRF), because it keeps a hit that stands out standing out. The idea is E. Fox and J. Shaw's
"Combination of Multiple Searches" (1994), normalised as by M. Montague and J. Aslam (2001).
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from backstory_shared.ports import Scored

TOP = 100
DENSE_WEIGHT = 0.6


class Ranked(NamedTuple):
    """A place in the order. `score` is between 0 and 1, and comparable within one answer only.

    By meaning alone it is the cosine, by words alone the share of the best hit's score, and of both
    together the fused standard score through the logistic function.
    """

    id: str
    score: float
    dense: float | None = None
    lexical: float | None = None


def by_meaning(dense: Sequence[Scored]) -> list[Ranked]:
    return [Ranked(one.id, min(max(one.score, 0.0), 1.0), dense=one.score) for one in dense]


def by_words(lexical: Sequence[Scored]) -> list[Ranked]:
    best = lexical[0].score if lexical else 1.0
    return [Ranked(one.id, one.score / best, lexical=one.score) for one in lexical]


def fused(dense: Sequence[Scored], lexical: Sequence[Scored], *, floor: float) -> list[Ranked]:
    """Both lists' top by fused score, then the rest of the lexical list; ties by id.

    `floor` is what a cosine at most is where the dense list ends for want of near articles.
    """
    meaning = {one.id: one.score for one in dense}
    words = {one.id: one.score for one in lexical}
    together = list(dict.fromkeys([one.id for one in (*dense, *lexical[:TOP])]))
    dense_z = _standard_scores(meaning, together, absent=floor)
    lexical_z = _standard_scores(words, together, absent=0.0)
    scores = {
        id_: DENSE_WEIGHT * dense_z[id_] + (1 - DENSE_WEIGHT) * lexical_z[id_] for id_ in together
    }
    top = sorted(scores, key=lambda id_: (-scores[id_], -meaning.get(id_, floor), id_))
    ranked = [Ranked(id_, _logistic(scores[id_]), meaning.get(id_), words.get(id_)) for id_ in top]
    return ranked + _rest(lexical[TOP:], ranked)


def _standard_scores(
    scores: Mapping[str, float], ids: Sequence[str], *, absent: float
) -> dict[str, float]:
    """Who is missing from a full list gets its lowest top score, as does who is below that.

    A list shorter than its top is complete: then who is missing is known to have `absent`. Without
    that, the one article with a rare name would stand out from nobody.
    """
    top = sorted(scores.values(), reverse=True)[:TOP]
    lowest = top[-1] if len(top) == TOP else min([absent, *top])
    padded = top + [lowest] * (min(TOP, len(ids)) - len(top))
    mean, deviation = _spread(padded)
    if deviation == 0:
        return dict.fromkeys(ids, 0.0)
    return {id_: (max(scores.get(id_, lowest), lowest) - mean) / deviation for id_ in ids}


def _spread(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation; `statistics` is exact, and fifty times slower."""
    if not values:
        return 0.0, 0.0
    mean = sum(values) / len(values)
    return mean, math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def _rest(lexical: Sequence[Scored], ranked: Sequence[Ranked]) -> list[Ranked]:
    """Below everything fused, in proportion to their BM25 scores."""
    there = {one.id for one in ranked}
    left = [one for one in lexical if one.id not in there]
    if not left:
        return []
    scale = ranked[-1].score / left[0].score
    return [Ranked(one.id, one.score * scale, lexical=one.score) for one in left]


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
