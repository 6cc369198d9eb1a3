"""Fitting the ranker: greedy ROUGE labels, a logistic loss, a strong pull towards zero.

Pure NumPy and a few seconds for some hundred articles, so that an evaluation can fit the weights
again for every fold that it scores.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from backstory_shared.adapters.extractive_summarizer import Rules, in_story, read
from backstory_shared.text.boilerplate import boilerplate, complement
from backstory_shared.text.ranker import (
    FEATURES,
    POSITION_FEATURES,
    Weights,
    features,
    standardised,
)
from backstory_shared.text.words import WORDS

Floats = NDArray[np.float64]
Tokens = Callable[[str], list[str]]
T = TypeVar("T")

#: How strongly weights are pulled towards 0, and how many steps Newton's method gets.
PULL = 50.0
_STEPS = 12
_MOST_LABELS = 4
#: The weight of a title's words is set by hand, by reading: the sets to learn from have no titles.
TITLE_WORDS = 0.2


@dataclass(frozen=True)
class Example:
    """One article: a row of standardised features for each sentence, and which were wanted."""

    rows: Floats
    labels: Floats


def example(text: str, reference: str, tokens: Tokens) -> Example:
    """`tokens` is how the measure that the labels follow sees a text."""
    found, begins = in_story(text, complement(boilerplate(text), len(text)), "en")
    story = read(text, found, begins, WORDS["en"], Rules())
    columns = features(story.sentences, frozenset(), WORDS["en"])
    rows = np.array([standardised(columns[name]) for name in FEATURES]).T
    said = [tokens(sentence.text) for sentence in story.sentences]
    labels = np.zeros(len(said))
    labels[_greedy(said, tokens(reference))] = 1.0
    return Example(rows, labels)


def fit(examples: Sequence[Example], shares: Sequence[float], version: str) -> Weights:
    """Both sets of weights; `shares` is how much each article counts."""
    known = _fitted(examples, shares, [name for name in FEATURES if name != "title_words"])
    return Weights(
        version=version,
        known={**known, "title_words": TITLE_WORDS},
        position=_fitted(examples, shares, POSITION_FEATURES),
    )


def _fitted(
    examples: Sequence[Example], shares: Sequence[float], names: Sequence[str]
) -> Mapping[str, float]:
    columns = [FEATURES.index(name) for name in names]
    rows = np.vstack([one.rows[:, columns] for one in examples])
    labels = np.concatenate([one.labels for one in examples])
    counts = np.concatenate(
        [np.full(len(one.labels), share) for one, share in zip(examples, shares, strict=True)]
    )
    weights = _logistic(rows, labels, counts)
    return {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}


def _logistic(rows: Floats, labels: Floats, counts: Floats) -> Floats:
    """Newton's method; the last column is the intercept, which is not pulled towards 0."""
    inputs = np.hstack([rows, np.ones((len(rows), 1))])
    pull = np.full(inputs.shape[1], PULL)
    pull[-1] = 0.0
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (counts * (chances - labels)) + pull * weights
        curve = counts * chances * (1 - chances)
        weights -= np.linalg.solve((inputs * curve[:, None]).T @ inputs + np.diag(pull), slope)
    return weights[:-1]


def _greedy(said: Sequence[list[str]], reference: list[str]) -> list[int]:
    """The sentences which, added one by one, raise ROUGE-1 + ROUGE-2 the most."""
    wanted = _Overlap.of(reference)
    chosen: list[int] = []
    best = 0.0
    while len(chosen) < _MOST_LABELS:
        tried = [
            (wanted.score([t for i in sorted([*chosen, index]) for t in said[i]]), -index)
            for index in range(len(said))
            if index not in chosen
        ]
        score, place = max(tried, default=(0.0, 0))
        if score <= best:
            break
        best = score
        chosen.append(-place)
    return chosen


@dataclass(frozen=True)
class _Overlap:
    ones: Counter[str]
    twos: Counter[tuple[str, str]]

    @classmethod
    def of(cls, tokens: Sequence[str]) -> "_Overlap":
        return cls(Counter(tokens), Counter(pairwise(tokens)))

    def score(self, tokens: Sequence[str]) -> float:
        other = _Overlap.of(tokens)
        return _f1(self.ones, other.ones) + _f1(self.twos, other.twos)


def _f1(wanted: Counter[T], said: Counter[T]) -> float:
    common = sum(min(count, wanted[each]) for each, count in said.items())
    return 2 * common / ((wanted.total() + said.total()) or 1)
