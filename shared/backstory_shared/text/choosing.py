"""Choosing a summary of a given length: of all sets of sentences, the one that is worth most.

Where `selection` takes the best sentence, then the next, this looks at whole sets, since the length
to be kept is one of the set: of the few best groups, every one and up to five together. NumPy
looks at the some hundred sets at once; how many there are does not depend on the story's length.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from backstory_shared.text.ranker import Sentence
from backstory_shared.text.selection import Group

Floats = NDArray[np.float64]

#: So many groups are looked at, and fewer in sets of four and five, of which there are too many.
_BEST = 12
_BEST_IN = {1: 12, 2: 12, 3: 12, 4: 8, 5: 7}
#: Values closer than that are the same: no two machines add up in the same way.
_DIGITS = 9
#: So many words a person's summary of a news story has.
_THEIR_WORDS = 33
#: More than any score.
_FAR = 1_000.0


@dataclass(frozen=True, slots=True)
class Window:
    """The words that a summary should have, and what it pays to have more or fewer.

    A set's worth is the mean of its sentences' scores, each counted by its words, and `telling`
    times the share of its words that a person's summary is expected to have too; words that two
    sentences have in common are expected once. It pays `price` for each word that it lies outside
    the window, and has `least` to `longest` words where any set has.
    """

    fewest: int
    most: int
    least: int
    longest: int
    sentences: int
    telling: float = 6.0
    price: float = 0.045


def choose(
    sentences: Sequence[Sentence],
    scored: Sequence[float],
    chances: Mapping[str, float],
    candidates: Sequence[Group],
    window: Window,
) -> list[int]:
    """The indexes of the sentences to take, in order; of sets worth the same, the earliest.

    `chances` says of each word how likely it is in a person's summary.
    """
    best = _best(scored, candidates)
    members = sorted({index for group in best for index in group})
    sets = _sets(best, members, window.sentences)
    words = np.array([sentences[index].length for index in members], dtype=np.float64)
    values = np.array([scored[index] for index in members], dtype=np.float64)
    length = sets @ words
    outside = np.maximum(np.maximum(window.fewest - length, length - window.most), 0)
    worth = (sets @ (words * values)) / length - window.price * outside
    worth -= _FAR * ((length < window.least) | (length > window.longest))
    expected = _expected([sentences[index] for index in members], chances)
    worth += window.telling * ((sets @ expected) * sets).sum(axis=1) / (length + _THEIR_WORDS)
    taken = sets[int(np.argmax(worth.round(_DIGITS)))]
    return [index for index, take in zip(members, taken, strict=True) if take]


def _best(scored: Sequence[float], candidates: Sequence[Group]) -> list[Group]:
    """The groups whose least sentence is worth most; of the same worth, the earlier."""
    return sorted(candidates, key=lambda group: (-min(scored[i] for i in group), group))[:_BEST]


def _sets(best: Sequence[Group], members: Sequence[int], most: int) -> Floats:
    """A row for each set, a column for each sentence; 1 where the set has it."""
    place = {index: column for column, index in enumerate(members)}
    has = np.zeros((len(best), len(members)))
    for row, group in enumerate(best):
        has[row, [place[index] for index in group]] = 1
    sets = np.minimum(_together(len(best)) @ has, 1)
    small: Floats = sets[sets.sum(axis=1) <= max(most, 1)]
    return small if len(small) else has[:1]


@functools.cache
def _together(count: int) -> Floats:
    """All that can be taken together of so many groups: a row for each, a column for a group."""
    rows = [
        some
        for size, best in _BEST_IN.items()
        for some in combinations(range(min(count, best)), size)
    ]
    together = np.zeros((len(rows), count))
    for row, some in enumerate(rows):
        together[row, list(some)] = 1
    return together


def _expected(members: Sequence[Sentence], chances: Mapping[str, float]) -> Floats:
    """How many of a sentence's words a person would use, and less those of each pair in common.

    A word of three sentences is taken off three times: who repeats it often says little else.
    """
    expected = np.zeros((len(members), len(members)))
    for row, one in enumerate(members):
        expected[row, row] = _likely(one.content, chances)
        for column in range(row):
            common = one.content & members[column].content
            if common:
                expected[row, column] = -_likely(common, chances)
    return expected


def _likely(words: frozenset[str], chances: Mapping[str, float]) -> float:
    # fsum: the order of a set is no two processes' own, and a plain sum depends on it.
    return math.fsum(map(chances.__getitem__, words))
