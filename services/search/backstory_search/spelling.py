"""Words that the archive does not know are taken for those one slip of the keyboard away.

Four of five slips are one letter too many, too few, another, or two of them swapped (Damerau, "A
technique for computer detection and correction of spelling errors", 1964).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backstory_shared.ports import SearchIndex, TermEncoder, Terms

#: Short words have too many neighbours that mean something else; long ones are no words.
SHORTEST, LONGEST = 5, 20
#: Of the neighbours those that most articles have, at less than the weight of a word as typed.
MOST = 2
WEIGHT = 0.5

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name nobody has written about yet stays what it is: neighbours are only added."""

    terms: TermEncoder
    index: SearchIndex

    def mended(self, unknown: Iterable[str]) -> dict[str, Terms]:
        """The terms of the neighbours of each word that has any."""
        words = [word for word in unknown if word.isalpha() and SHORTEST <= len(word) <= LONGEST]
        found = {word: self._neighbours(word) for word in words}
        return {
            word: Terms(indices=tuple(near), values=(WEIGHT,) * len(near))
            for word, near in found.items()
            if near
        }

    def _neighbours(self, word: str) -> list[int]:
        found = self.index.frequencies(self.terms.encode_query(" ".join(_slips(word))).indices)
        return sorted(found, key=lambda term: (-found[term], term))[:MOST]


def _slips(word: str) -> Iterator[str]:
    """What may have been meant: people hardly ever miss the first letter."""
    for at in range(1, len(word) + 1):
        head, tail = word[:at], word[at:]
        yield head + tail[1:]
        yield head + tail[1:2] + tail[:1] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            yield head + letter + tail[1:]
