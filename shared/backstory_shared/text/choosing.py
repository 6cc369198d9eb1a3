"""Choosing a summary of a given length: of all sets of sentences, the one that is worth most.

Where `selection` takes the best sentence, then the next, this looks at whole sets, since the length
to be kept is one of the set: of the few best groups, every one and up to five together. NumPy
looks at the thousand sets at once; how many there are does not depend on the story's length. Where
none of them has the wanted length, the rest of the story is looked through for one that has.
"""

import functools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from backstory_shared.text.ranker import Sentence
from backstory_shared.text.selection import Group

Floats = NDArray[np.float64]

#: So many groups are looked at, and fewer in sets of four and five, of which there are too many.
_BEST = 16
_BEST_IN = {1: 16, 2: 16, 3: 16, 4: 11, 5: 8}
#: Values closer than that are the same: no two machines add up in the same way.
_DIGITS = 9
#: So many words a person's summary of a news story has.
_THEIR_WORDS = 33
#: As if a person wrote so many of the story's sentences: how surely each, its score says.
_THEIR_SENTENCES = 3.0
_SHARPNESS = 3.0
_SUREST = 0.95
_UNLIKELY = 1e-3
#: How often at most a word is expected in a person's summary.
_MOST_TIMES = 3


@dataclass(frozen=True, slots=True)
class Window:
    """The words that a summary has, wherever any set of the story's sentences has so many.

    A set's worth is the mean of its sentences' scores, each counted by its words, and `telling`
    times the share of its words that a person's summary is expected to have too. A set with fewer
    words than `fewest`, but not than `least`, pays `price`: it is taken only where it is worth so
    much more than any within. Every word costs `price_of_word`, since people write shorter ones.
    What a set says of the story's frequent words, each once, counts by `common`.
    `price_of_stranger` is what each sentence pays that calls somebody
    by a surname alone whom no sentence of the set introduces.
    """

    fewest: int
    most: int
    least: int
    sentences: int
    telling: float = 18.0
    common: float = 7.0
    price: float = 2.0
    price_of_word: float = 0.03
    price_of_stranger: float = 0.7

    def misses(self, words: Floats) -> Floats:
        """By how many words each of these lengths lies outside."""
        return np.maximum(np.maximum(self.fewest - words, words - self.most), 0)


def choose(
    sentences: Sequence[Sentence],
    scored: Sequence[float],
    candidates: Sequence[Group],
    needed: Sequence[frozenset[int]],
    window: Window,
) -> list[int]:
    """The indexes of the sentences to take, in order; of sets worth the same, the earliest.

    `needed` are, of each sentence, those that introduce the people it speaks of.
    Where no set has the wanted length, it is one that lies nearest to it.
    """
    ordered = sorted(candidates, key=lambda group: (-min(scored[i] for i in group), group))
    best = ordered[:_BEST]
    members = sorted({index for group in best for index in group})
    words = np.array([sentences[index].length for index in members], dtype=np.float64)
    sets = _sets(best, members, window.sentences)
    missed = window.misses(sets @ words)
    if missed.min() > 0:
        other = _filling(sentences, scored, ordered, window)
        if other and window.fewest - _words(sentences, other) < missed.min():
            return other
        sets = sets[missed == missed.min()]
    else:
        sets = sets[(sets @ words >= window.least) & (sets @ words <= window.most)]
    worth = _worth(sentences, scored, members, sets, window)
    worth -= window.price_of_stranger * _strangers(members, sets, needed)
    taken = sets[int(np.argmax(worth.round(_DIGITS)))]
    return [index for index, take in zip(members, taken, strict=True) if take]


def _worth(
    sentences: Sequence[Sentence],
    scored: Sequence[float],
    members: Sequence[int],
    sets: Floats,
    window: Window,
) -> Floats:
    words = np.array([sentences[index].length for index in members], dtype=np.float64)
    values = np.array([scored[index] for index in members], dtype=np.float64)
    length = sets @ words
    expected = _expected(sentences, scored, members, sets, window)
    worth: Floats = (sets @ (words * values)) / length
    worth += expected / (length + _THEIR_WORDS)
    worth -= window.price_of_word * length
    return worth - window.price * (window.misses(length) > 0)


def _strangers(members: Sequence[int], sets: Floats, needed: Sequence[frozenset[int]]) -> Floats:
    """Of each set, how many sentences it has without those that they need."""
    column = {index: place for place, index in enumerate(members)}
    strangers = np.zeros(len(sets))
    for index in members:
        there = np.ones(len(sets))
        for each in needed[index]:
            there *= sets[:, column[each]] if each in column else 0.0
        strangers += sets[:, column[index]] * (1 - there)
    return strangers


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


def _chances(
    sentences: Sequence[Sentence],
    scored: Sequence[float],
    said: Mapping[int, Counter[str]],
    column: Mapping[str, int],
) -> Floats:
    """How likely a person is to use each word of the columns, once, twice and three times.

    It is as likely as the sentences that have it, those that cannot be shown among them.
    """
    scores = np.array(scored, dtype=np.float64)
    odds = np.exp(_SHARPNESS * (scores - scores.max()))
    sure = np.minimum(_THEIR_SENTENCES * odds / odds.sum(), _SUREST)
    unsaid = [[1.0] * len(column) for _ in range(_MOST_TIMES)]
    for index in np.flatnonzero(sure > _UNLIKELY).tolist():
        left = 1 - float(sure[index])
        words = said[index] if index in said else _said(sentences[index])
        for word, times in words.items():
            place = column.get(word)
            if place is not None:
                for again in unsaid[:times]:
                    again[place] *= left
    return 1 - np.array(unsaid)


def _expected(
    sentences: Sequence[Sentence],
    scored: Sequence[float],
    members: Sequence[int],
    sets: Floats,
    window: Window,
) -> Floats:
    """Of each set, how many of its words a person is expected to use too, and how common they are.

    A word of the story's content counts by the logarithm of how many sentences have it.
    """
    said = {index: _said(sentences[index]) for index in members}
    column: dict[str, int] = {}
    for words in said.values():
        for word in words:
            column.setdefault(word, len(column))
    times = np.zeros((len(members), len(column)))
    for row, words in zip(times, said.values(), strict=True):
        row[[column[word] for word in words]] = list(words.values())
    expected = np.zeros(len(sets))
    worth = window.telling * _chances(sentences, scored, said, column)
    worth[0] += window.common * _common(sentences, members, column)
    for again, likely in enumerate(worth):
        often = times.sum(axis=0) > again
        # Who has a word alone has it as often in any set: no need to look at each.
        alone = often & ((times > 0).sum(axis=0) == 1)
        expected += sets @ ((times[:, alone] > again) @ likely[alone])
        shared = often & ~alone
        expected += (sets @ times[:, shared] > again) @ likely[shared]
    return expected


def _common(
    sentences: Sequence[Sentence], members: Sequence[int], column: Mapping[str, int]
) -> Floats:
    content = frozenset().union(*(sentences[index].content for index in members))
    counts = Counter(chain.from_iterable(one.content & content for one in sentences))
    common = np.zeros(len(column))
    places = [column[word] for word in counts]
    common[places] = np.log(list(counts.values()))
    return common


def _said(one: Sentence) -> Counter[str]:
    """All its words, the small ones too: a person needs them as well."""
    said = Counter(map(str.lower, one.words))
    if not one.content <= said.keys():  # scripts that put no blanks between words
        said.update(dict.fromkeys(one.content - said.keys(), 1))
    return said


def _filling(
    sentences: Sequence[Sentence],
    scored: Sequence[float],
    ordered: Sequence[Group],
    window: Window,
) -> list[int]:
    """The set with the most words that the window takes; if there are several, the best by score.

    Of all sets of all groups: what is kept is the best one of each length, as in a knapsack.
    """
    found: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {(0, 0): (0.0, ())}
    for first in _alternatives(sentences, ordered, window).values():
        for (words, count), (worth, taken) in list(found.items()):
            for group in first:
                more = words + _words(sentences, group), count + len(group)
                if more[0] <= window.most and more[1] <= window.sentences:
                    value = worth + sum(scored[i] * sentences[i].length for i in group)
                    if more not in found or value > found[more][0]:
                        found[more] = value, taken + group
    reached = {length: -value for length, (value, _) in found.items()}
    best = min(found, key=lambda key: (-min(key[0], window.fewest), reached[key], key))
    return sorted(found[best][1])


def _alternatives(
    sentences: Sequence[Sentence], ordered: Sequence[Group], window: Window
) -> dict[int, list[Group]]:
    """By the sentence they begin with, of which one can be taken; of a length, few are enough."""
    seen: Counter[int] = Counter()
    found: dict[int, list[Group]] = defaultdict(list)
    for group in ordered:
        words = _words(sentences, group)
        seen[words] += 1
        if seen[words] * max(words, window.most // window.sentences) <= window.most:
            found[group[0]].append(group)
    return found


def _words(sentences: Sequence[Sentence], group: Sequence[int]) -> int:
    return sum(sentences[index].length for index in group)
