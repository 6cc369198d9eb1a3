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
    WORD_FEATURES,
    Sentence,
    Weights,
    features,
    sentence,
    standardised,
    word_features,
)
from backstory_shared.text.words import WORDS

Floats = NDArray[np.float64]
Tokens = Callable[[str], list[str]]
T = TypeVar("T")

#: How strongly weights are pulled towards 0, and how many steps Newton's method gets.
PULL = 320.0
_WORDS_PULL = 5.0
_STEPS = 12
_MOST_LABELS = 4
#: The sets to learn from have no titles, but one: see `title_weight`.
NO_TITLES = 0.0
_LIKELY = FEATURES.index("likely_words")


@dataclass(frozen=True)
class Example:
    """One article: its sentences, and which of them and of their words were wanted."""

    sentences: tuple[Sentence, ...]
    rows: Floats
    labels: Floats
    words: Floats
    used: Floats

    def ranked(self, likely: Mapping[str, float]) -> Floats:
        """A row of standardised features for each sentence, given what the words are worth."""
        columns = features(self.sentences, frozenset(), likely)
        rows = self.rows.copy()
        rows[:, _LIKELY] = standardised(columns["likely_words"])
        return rows


def example(text: str, reference: str, tokens: Tokens, title: str = "") -> Example:
    """`tokens` is how the measure that the labels follow sees a text."""
    found, begins = in_story(text, complement(boilerplate(text, title), len(text)), "en")
    story = read(text, found, begins, WORDS["en"], Rules())
    about = sentence(0, title, WORDS["en"]).content
    columns = features(story.sentences, about, dict.fromkeys(WORD_FEATURES, 0.0))
    said = [tokens(one.text) for one in story.sentences]
    labels = np.zeros(len(said))
    labels[_greedy(said, tokens(reference))] = 1.0
    seen = word_features(story.sentences)
    wanted = frozenset(tokens(reference))
    return Example(
        sentences=story.sentences,
        rows=np.array([standardised(columns[name]) for name in FEATURES]).T,
        labels=labels,
        words=np.array(list(seen.values())),
        used=np.array([not wanted.isdisjoint(tokens(word)) for word in seen], dtype=np.float64),
    )


def fit(
    examples: Sequence[Example],
    shares: Sequence[float],
    version: str,
    title_words: float = NO_TITLES,
) -> Weights:
    """All weights; `shares` is how much each article counts."""
    likely = _fitted_words(examples, shares)
    rows = np.vstack([one.ranked(likely) for one in examples])
    labels = np.concatenate([one.labels for one in examples])
    counts = _spread(shares, [len(one.labels) for one in examples])
    without_title = [name for name in FEATURES if name != "title_words"]
    return Weights(
        version=version,
        known={**_fitted(rows, labels, counts, without_title), "title_words": title_words},
        position=_fitted(rows, labels, counts, POSITION_FEATURES),
        likely=likely,
    )


def title_weight(examples: Sequence[Example], likely: Mapping[str, float]) -> float:
    """What a title's words are worth where there are titles, all other features beside them."""
    rows = np.vstack([one.ranked(likely) for one in examples])
    labels = np.concatenate([one.labels for one in examples])
    return _fitted(rows, labels, np.ones(len(labels)), FEATURES)["title_words"]


def _spread(shares: Sequence[float], sizes: Sequence[int]) -> Floats:
    return np.repeat(np.array(shares, dtype=np.float64), sizes)


def _fitted_words(examples: Sequence[Example], shares: Sequence[float]) -> Mapping[str, float]:
    rows = np.vstack([one.words[:, :-1] for one in examples])  # the last one is the bias
    used = np.concatenate([one.used for one in examples])
    counts = _spread(shares, [len(one.used) for one in examples])
    weights = _logistic(rows, used, counts, _WORDS_PULL)
    return {name: round(float(w), 4) for name, w in zip(WORD_FEATURES, weights, strict=True)}


def _fitted(
    rows: Floats, labels: Floats, counts: Floats, names: Sequence[str]
) -> Mapping[str, float]:
    columns = [FEATURES.index(name) for name in names]
    weights = _logistic(rows[:, columns], labels, counts, PULL)[:-1]
    return {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}


def _logistic(rows: Floats, labels: Floats, counts: Floats, strength: float) -> Floats:
    """Newton's method; the last weight is the intercept's, which is not pulled towards 0."""
    inputs = np.hstack([rows, np.ones((len(rows), 1))])
    pull = np.full(inputs.shape[1], strength)
    pull[-1] = 0.0
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (counts * (chances - labels)) + pull * weights
        curve = counts * chances * (1 - chances)
        weights -= np.linalg.solve((inputs * curve[:, None]).T @ inputs + np.diag(pull), slope)
    return weights


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
