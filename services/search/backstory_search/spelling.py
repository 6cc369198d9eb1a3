"""Words that the archive does not know are taken for those one slip of the keyboard away.

Four of five slips are one letter too many, too few, another, or two of them swapped (Damerau, "A
technique for computer detection and correction of spelling errors", 1964).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from backstory_shared.ports import SearchIndex, TermEncoder, Terms

#: Short words have too many neighbours that mean something else; long ones are no words.
SHORTEST, LONGEST = 5, 20
#: Who types more words than that has pasted them.
TYPED = 12
#: Of the neighbours those that most articles have, at less than the weight of a word as typed.
MOST = 2
WEIGHT = 0.5

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name nobody has written about yet stays what it is: neighbours are only added."""

    terms: TermEncoder
    index: SearchIndex

    def widened(self, lexical: Terms, text: str) -> Terms:
        """The terms with those of the neighbours of unknown words."""
        weights = dict(zip(lexical.indices, lexical.values, strict=True))
        words = dict.fromkeys(_WORD.findall(text.lower()))
        for word in words if len(words) <= TYPED else ():
            if SHORTEST <= len(word) <= LONGEST and not self._known(word):
                weights = dict.fromkeys(self._neighbours(word), WEIGHT) | weights
        return Terms(indices=tuple(weights), values=tuple(weights.values()))

    def _known(self, word: str) -> bool:
        return bool(self.index.frequencies(self.terms.encode_query(word).indices))

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
