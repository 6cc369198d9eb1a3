"""The words of a query as the index knows them: what to look for, and how rare each of them is."""

import re
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field

from backstory_search.query import TYPED, words_of
from backstory_search.spelling import Spelling
from backstory_shared.ports import (
    ArticleReader,
    Counts,
    Facet,
    MatchSet,
    SearchIndex,
    TermEncoder,
    Terms,
)
from backstory_shared.text.compounds import typed_compounds
from backstory_shared.text.numbers import joined

#: A language in which one of so many articles is, is one of the archive's own.
OWN = 50

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Wording:
    """The terms of a query, in how many articles each of its words is, and of how many.

    `numbers` are the frequencies of those words that have a digit; `meant` says what each slip is
    taken for. Nothing else is said of a word that was a slip, nor of the words of a pasted text.
    """

    terms: Terms
    frequencies: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    articles: int = 0
    meant: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadWording:
    """Words are read in the archive's own languages; in all others those that are in none of these.

    Words that no article has are taken for slips; a name nobody has written about yet stays.
    """

    terms: TermEncoder
    index: SearchIndex
    articles: ArticleReader

    def __call__(
        self, text: str, wanted: Collection[str] = (), quoted: Iterable[str] = ()
    ) -> Wording:
        """`wanted` are the languages that alone are looked through, if somebody has said so.

        What is `quoted` is meant as it is typed.
        """
        archive = self.index.counts(MatchSet(), (Facet.LANGUAGE,))
        languages = wanted or _own(archive)
        encoded = self.terms.encode_query(text, languages)
        found = self._found(text, frozenset(encoded.indices), languages)
        foreign = {word: self.terms.encode_query(word) for word in found if not found[word]}
        found |= {word: self._frequencies(terms.indices) for word, terms in foreign.items()}
        encoded = _widened(encoded, (terms for word, terms in foreign.items() if found[word]))
        spoken = [language for language, _ in archive.facets[Facet.LANGUAGE]]
        typed = found.keys() - {word for phrase in quoted for word in _words(phrase)}
        slips = Spelling(self.terms, self.index, self.articles, spoken).mended(
            {word: counts for word, counts in found.items() if word in typed}
        )
        right = {word: counts for word, counts in found.items() if word not in slips}
        others = [*(one.terms for one in slips.values()), self._compounds(text, languages)]
        return Wording(
            terms=_widened(_without(encoded, _met(found) - _met(right)), others),
            frequencies=tuple(_commonest(counts) for counts in right.values()),
            numbers=tuple(_commonest(right[word]) for word in right if _DIGIT.search(word)),
            articles=archive.total,
            meant={word: one.words for word, one in slips.items() if one.words},
        )

    def _found(
        self, text: str, wanted: frozenset[int], languages: Collection[str]
    ) -> dict[str, Mapping[int, int]]:
        """In how many articles each term is of each word that is looked for: stop words are not."""
        words = _words(text)
        if len(words) > TYPED:
            return {}
        terms_of = {
            word: wanted.intersection(self.terms.encode_query(word, languages).indices)
            for word in words
        }
        return {word: self._frequencies(terms) for word, terms in terms_of.items() if terms}

    def _compounds(self, text: str, languages: Collection[str]) -> Terms:
        """What is one name for those who have it in the archive, whatever it is in pieces."""
        words = [word for word in typed_compounds(joined(text)) if self._is_content(word)]
        terms = [self.terms.encode_query(word, languages) for word in words]
        there = self._frequencies({term for each in terms for term in each.indices})
        return Terms(indices=tuple(there), values=(1.0,) * len(there))

    def _is_content(self, word: str) -> bool:
        """Not a stop word that only its apostrophe tells from another, like "it's"."""
        return word.isupper() or bool(self.terms.encode_demand(word).indices)

    def _frequencies(self, terms: Iterable[int]) -> Mapping[int, int]:
        return self.index.frequencies(sorted(terms))


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(words_of(joined(text.lower()))))


def _own(archive: Counts) -> list[str]:
    """The commonest is among them, however many there are."""
    return [
        language
        for place, (language, count) in enumerate(archive.facets[Facet.LANGUAGE])
        if place == 0 or count * OWN >= archive.total
    ]


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


def _widened(encoded: Terms, others: Iterable[Terms]) -> Terms:
    weights = dict(zip(encoded.indices, encoded.values, strict=True))
    for meant in others:
        weights = dict(zip(meant.indices, meant.values, strict=True)) | weights
    return Terms(indices=tuple(weights), values=tuple(weights.values()))
