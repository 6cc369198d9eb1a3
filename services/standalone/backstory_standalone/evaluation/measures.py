"""How good an order is, question by question, and how sure one can be of the mean. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

#: An order of document ids for each question, best first.
Run = Sequence[Sequence[str]]

NDCG, RECALL_10, RECALL_100, MRR = "ndcg@10", "recall@10", "recall@100", "mrr@10"
MEASURES = (NDCG, RECALL_10, RECALL_100, MRR)

SEED = 20261125
RESAMPLES = 2_000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over the questions and its bootstrap interval."""

    mean: float
    low: float
    high: float


def figures(run: Run, relevant: Sequence[Mapping[str, float]]) -> dict[str, Figure]:
    """One figure for each of MEASURES."""
    pairs = list(zip(run, relevant, strict=True))
    return {
        NDCG: _figure([ndcg(order, gains, 10) for order, gains in pairs]),
        RECALL_10: _figure([recall(order, gains, 10) for order, gains in pairs]),
        RECALL_100: _figure([recall(order, gains, 100) for order, gains in pairs]),
        MRR: _figure([reciprocal_rank(order, gains, 10) for order, gains in pairs]),
    }


def ndcg(order: Sequence[str], gains: Mapping[str, float], depth: int) -> float:
    """Linear gains, as in trec_eval."""
    best = sorted(gains.values(), reverse=True)[:depth]
    return _discounted(gains.get(id_, 0.0) for id_ in order[:depth]) / _discounted(best)


def recall(order: Sequence[str], gains: Mapping[str, float], depth: int) -> float:
    return len(gains.keys() & set(order[:depth])) / len(gains)


def reciprocal_rank(order: Sequence[str], gains: Mapping[str, float], depth: int) -> float:
    ranks = (rank for rank, id_ in enumerate(order[:depth], 1) if id_ in gains)
    return 1 / next(ranks, math.inf)


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _figure(values: Sequence[float]) -> Figure:
    """Questions drawn with replacement (Efron 1979); the same draws for every system."""
    dice = np.random.default_rng(SEED)
    scores = np.asarray(values)
    drawn = dice.integers(0, len(scores), (RESAMPLES, len(scores)))
    means = scores[drawn].mean(axis=1)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(means, (tail, 1 - tail))
    return Figure(float(scores.mean()), float(low), float(high))
