"""The words of a query as the index knows them: what to look for, and how rare each of them is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from backstory_search.spelling import Spelling
from backstory_shared.ports import SearchIndex, TermEncoder, Terms
from backstory_shared.text.numbers import joined

#: Who types more words than that has pasted them.
TYPED = 12

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Wording:
    """The terms of a query, and in how many articles each of its words is.

    Nothing is said of a word that was a slip, nor of the words of a pasted text.
    """

    terms: Terms
    frequencies: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadWording:
    """Words that no article has are taken for slips; a name nobody has written about yet stays."""

    terms: TermEncoder
    index: SearchIndex

    def __call__(self, text: str) -> Wording:
        encoded = self.terms.encode_query(text)
        counts = self._counts(text, frozenset(encoded.indices))
        slips = Spelling(self.terms, self.index).mended(
            word for word, count in counts.items() if not count
        )
        return Wording(
            terms=_widened(encoded, slips.values()),
            frequencies=tuple(count for word, count in counts.items() if word not in slips),
        )

    def _counts(self, text: str, wanted: frozenset[int]) -> dict[str, int]:
        """In how many articles each word is that is looked for: stop words are not."""
        words = list(dict.fromkeys(_WORD.findall(joined(text.lower()))))
        if len(words) > TYPED:
            return {}
        terms_of = {
            word: wanted.intersection(self.terms.encode_query(word).indices) for word in words
        }
        return {word: self._count(terms) for word, terms in terms_of.items() if terms}

    def _count(self, terms: Iterable[int]) -> int:
        """A word has a term for every way to stem it; the commonest is that of its language."""
        return max(self.index.frequencies(sorted(terms)).values(), default=0)


def _widened(encoded: Terms, slips: Iterable[Terms]) -> Terms:
    weights = dict(zip(encoded.indices, encoded.values, strict=True))
    for meant in slips:
        weights = dict(zip(meant.indices, meant.values, strict=True)) | weights
    return Terms(indices=tuple(weights), values=tuple(weights.values()))
