"""Choosing a summary of a given length: of all sets of sentences, the one that is worth most.

Where `selection` takes the best sentence, then the next, this looks at whole sets, since the length
to be kept is one of the set: of the few best groups, every one, two, three and four together. NumPy
looks at the some thousand sets at once; how many there are does not depend on the story's length.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from backstory_shared.text.ranker import Sentence
from backstory_shared.text.selection import Group

Floats = NDArray[np.float64]

#: So many groups are looked at in sets of up to three, and so many in sets of four.
_BEST = 16
_BEST_IN_FOURS = 10
#: Values closer than that are the same: no two machines add up in the same way.
_DIGITS = 9
#: More than any score.
_FAR = 1_000.0


@dataclass(frozen=True, slots=True)
class Window:
    """The words that a summary should have, and what it pays to have more or fewer.

    A set's worth is the mean of its sentences' scores, each counted by its words. It pays `price`
    for each word that it lies outside the window, of which it may be no more than `reach` where any
    set keeps to that; and `repetition` for two sentences that are wholly alike: half alike, they
    pay a quarter.
    """

    fewest: int
    most: int
    sentences: int
    price: float = 0.04
    reach: int = 8
    repetition: float = 0.3


def choose(
    sentences: Sequence[Sentence],
    scored: Sequence[float],
    candidates: Sequence[Group],
    window: Window,
) -> list[int]:
    """The indexes of the sentences to take, in order; of sets worth the same, the earliest."""
    best = _best(scored, candidates)
    members = sorted({index for group in best for index in group})
    sets = _sets(best, members, window.sentences)
    words = np.array([sentences[index].length for index in members], dtype=np.float64)
    values = np.array([scored[index] for index in members], dtype=np.float64)
    length = sets @ words
    outside = np.maximum(np.maximum(window.fewest - length, length - window.most), 0)
    worth = (sets @ (words * values)) / length - window.price * outside
    worth -= _FAR * (outside > window.reach)
    alike = _alike([sentences[index] for index in members])
    worth -= window.repetition * ((sets @ alike) * sets).sum(axis=1)
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
        for size in range(1, 5)
        for some in combinations(range(min(count, _BEST_IN_FOURS) if size == 4 else count), size)
    ]
    together = np.zeros((len(rows), count))
    for row, some in enumerate(rows):
        together[row, list(some)] = 1
    return together


def _alike(members: Sequence[Sentence]) -> Floats:
    """How alike two sentences are by their words, squared; each pair once."""
    alike = np.zeros((len(members), len(members)))
    for (row, one), (column, other) in combinations(enumerate(members), 2):
        common = len(one.content & other.content)
        if common:
            alike[row, column] = common * common / (len(one.content) * len(other.content))
    return alike
