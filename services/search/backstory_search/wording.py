"""The words of a query as the index knows them: what to look for, and how rare each of them is."""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from backstory_search.spelling import Spelling
from backstory_shared.ports import ArticleReader, SearchIndex, TermEncoder, Terms
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
    articles: ArticleReader

    def __call__(self, text: str) -> Wording:
        encoded = self.terms.encode_query(text)
        found = self._found(text, frozenset(encoded.indices))
        slips = Spelling(self.terms, self.index, self.articles).mended(found)
        right = {word: counts for word, counts in found.items() if word not in slips}
        return Wording(
            terms=_widened(_without(encoded, _met(found) - _met(right)), slips.values()),
            frequencies=tuple(_commonest(counts) for counts in right.values()),
        )

    def _found(self, text: str, wanted: frozenset[int]) -> dict[str, Mapping[int, int]]:
        """In how many articles each term is of each word that is looked for: stop words are not."""
        words = list(dict.fromkeys(_WORD.findall(joined(text.lower()))))
        if len(words) > TYPED:
            return {}
        terms_of = {
            word: wanted.intersection(self.terms.encode_query(word).indices) for word in words
        }
        return {
            word: self.index.frequencies(sorted(terms)) for word, terms in terms_of.items() if terms
        }


def _commonest(counts: Mapping[int, int]) -> int:
    """A word has a term for every way to stem it; the commonest is that of its language."""
    return max(counts.values(), default=0)


def _met(found: Mapping[str, Mapping[int, int]]) -> set[int]:
    return {term for counts in found.values() for term in counts}


def _without(terms: Terms, unmeant: Set[int]) -> Terms:
    """Without what only a slip has met, in another language than it is in."""
    kept = {
        term: weight
        for term, weight in zip(terms.indices, terms.values, strict=True)
        if term not in unmeant
    }
    return Terms(indices=tuple(kept), values=tuple(kept.values()))


def _widened(encoded: Terms, slips: Iterable[Terms]) -> Terms:
    weights = dict(zip(encoded.indices, encoded.values, strict=True))
    for meant in slips:
        weights = dict(zip(meant.indices, meant.values, strict=True)) | weights
    return Terms(indices=tuple(weights), values=tuple(weights.values()))
