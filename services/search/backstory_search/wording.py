"""The words of a query as the index knows them: what to look for, and how rare each of them is."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from backstory_search.spelling import Spelling
from backstory_shared.ports import Counts, Facet, MatchSet, SearchIndex, TermEncoder, Terms
from backstory_shared.text.numbers import joined

#: Who types more words than that has pasted them.
TYPED = 12
#: A language in which one of so many articles is, is one of the archive's own.
OWN = 50

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Wording:
    """The terms of a query, in how many articles each of its words is, and of how many.

    `numbers` are the frequencies of those words that have a digit. Nothing is said of a word that
    was a slip, nor of the words of a pasted text.
    """

    terms: Terms
    frequencies: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    articles: int = 0


@dataclass(frozen=True, slots=True)
class ReadWording:
    """Words are read in the archive's own languages; in all others those that are in none of these.

    What no article has in any language is taken for a slip; a name nobody has written about yet
    stays.
    """

    terms: TermEncoder
    index: SearchIndex

    def __call__(self, text: str) -> Wording:
        archive = self.index.counts(MatchSet(), (Facet.LANGUAGE,))
        languages = _own(archive)
        encoded = self.terms.encode_query(text, languages)
        counts = self._counts(text, frozenset(encoded.indices), languages)
        foreign = self._foreign(word for word, count in counts.items() if not count)
        counts |= {word: count for word, (_, count) in foreign.items()}
        slips = Spelling(self.terms, self.index).mended(
            word for word, count in counts.items() if not count
        )
        others = [*(terms for terms, _ in foreign.values()), *slips.values()]
        return Wording(
            terms=_widened(encoded, others),
            frequencies=tuple(count for word, count in counts.items() if word not in slips),
            numbers=tuple(count for word, count in counts.items() if _DIGIT.search(word)),
            articles=archive.total,
        )

    def _counts(
        self, text: str, wanted: frozenset[int], languages: Collection[str]
    ) -> dict[str, int]:
        """In how many articles each word is that is looked for: stop words are not."""
        words = list(dict.fromkeys(_WORD.findall(joined(text.lower()))))
        if len(words) > TYPED:
            return {}
        terms_of = {
            word: wanted.intersection(self.terms.encode_query(word, languages).indices)
            for word in words
        }
        return {word: self._count(terms) for word, terms in terms_of.items() if terms}

    def _foreign(self, words: Iterable[str]) -> dict[str, tuple[Terms, int]]:
        """The terms of each word that some article has in a language of few articles."""
        found = {word: self.terms.encode_query(word) for word in words}
        counts = {word: self._count(terms.indices) for word, terms in found.items()}
        return {word: (found[word], count) for word, count in counts.items() if count}

    def _count(self, terms: Iterable[int]) -> int:
        """A word has a term for every way to stem it; the commonest is that of its language."""
        return max(self.index.frequencies(sorted(terms)).values(), default=0)


def _own(archive: Counts) -> list[str]:
    """The commonest is among them, however many there are."""
    return [
        language
        for place, (language, count) in enumerate(archive.facets[Facet.LANGUAGE])
        if place == 0 or count * OWN >= archive.total
    ]


def _widened(encoded: Terms, others: Iterable[Terms]) -> Terms:
    weights = dict(zip(encoded.indices, encoded.values, strict=True))
    for meant in others:
        weights = dict(zip(meant.indices, meant.values, strict=True)) | weights
    return Terms(indices=tuple(weights), values=tuple(weights.values()))
