"""Words that the archive does not know are taken for those one slip of the keyboard away.

Four of five slips are one letter too many, too few, another, or two of them swapped (Damerau, "A
technique for computer detection and correction of spelling errors", 1964).

A query is looked for under its stems, in every main language. So a slip may meet the stem of
another word: "parliment" that of the French "parler", "goverment" that of "governess". Where only
few articles have such a stem, they are read: it is no slip if a word begins there as it does.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from backstory_search.query import folded
from backstory_shared.ports import (
    ArticleReader,
    Demands,
    Filters,
    MatchSet,
    Passage,
    SearchIndex,
    TermEncoder,
    Terms,
)

#: Short words have too many neighbours that mean something else; long ones are no words.
SHORTEST, LONGEST = 5, 20
#: Of the neighbours those that most articles have, at less than the weight of a word as typed.
MOST = 2
WEIGHT = 0.5
#: So many neighbours are counted within their language, in so many languages of the archive.
_CONSIDERED, _LANGUAGES = 4, 4
#: So many articles are read to see whether a word stands in them.
_READ, _AT_ONCE = 20, 4
#: What inflection may change at the end of a word.
_ENDING = 3
#: A stem that articles have is taken for a slip of one that so many times as many have.
_MORE = 5

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Spelling:
    """For the words of one query. A name that nobody has written about yet stays what it is.

    `languages` are the archive's, the one with most articles first.
    """

    terms: TermEncoder
    index: SearchIndex
    articles: ArticleReader
    languages: Sequence[str]

    def mended(self, found: Mapping[str, Mapping[int, int]]) -> dict[str, Terms]:
        """The terms of the neighbours of each word that is a slip and has any.

        `found` says in how many articles each term of each word is.
        """
        slips = [word for word, counts in found.items() if self._may_be_slip(word, counts)]
        near = {word: self._neighbours(word, found[word]) for word in slips}
        return {
            word: Terms(indices=tuple(terms), values=(WEIGHT,) * len(terms))
            for word, terms in near.items()
            if terms
        }

    def _may_be_slip(self, word: str, counts: Mapping[int, int]) -> bool:
        if not (word.isalpha() and SHORTEST <= len(word) <= LONGEST):
            return False
        if not counts:
            return True
        if any(counts.get(term, 0) > _READ for term in self._stems(word, None)):
            return False
        return not any(self._knows(language, word) for language in self._languages)

    def _knows(self, language: str | None, word: str) -> bool:
        having = _having(language, self._stems(word, language))
        ids = self.index.by_date(having, newest_first=True, limit=_READ + 1)
        if language == self._languages[0] and len(ids) > _READ:
            return True
        begins = re.compile(rf"(?<!\w){re.escape(folded(word)[:-_ENDING])}")
        return any(begins.search(folded(text)) for text in self._texts(ids))

    def _texts(self, ids: Sequence[str]) -> Iterator[str]:
        """Few at a time, since hardly ever more than the first is wanted."""
        for start in range(0, len(ids), _AT_ONCE):
            for entry in self.articles.entries(ids[start : start + _AT_ONCE]).values():
                yield f"{entry.revision.article.title}\n{entry.revision.article.text}"

    def _neighbours(self, word: str, counts: Mapping[int, int]) -> list[int]:
        """In the language with most articles that has any; more usual than what was met there."""
        slips = " ".join(_slips(word))
        for language in self._languages:
            stems = self.index.frequencies(self._stems(slips, language))
            others = {term: count for term, count in stems.items() if term not in counts}
            some = nlargest(_CONSIDERED, others, key=lambda term: (others[term], -term))
            near = {term: self.index.counts(_having(language, [term]), ()).total for term in some}
            met = max((counts.get(term, 0) for term in self._stems(word, language)), default=0)
            there = [term for term in some if near[term] > _MORE * met]
            if there:
                return sorted(there, key=lambda term: (-near[term], term))[:MOST]
        return []

    def _stems(self, text: str, language: str | None) -> Sequence[int]:
        """As the index has them of an article in that language; None is the first main one."""
        return self.terms.encode_passage(Passage(title="", text=text, language=language)).indices

    @property
    def _languages(self) -> Sequence[str | None]:
        """Those that words are looked for in; None where none is known."""
        return self.languages[:_LANGUAGES] or [None]


def _having(language: str | None, terms: Sequence[int]) -> MatchSet:
    """Articles in the language with one of the terms; none if there are no terms."""
    within = Filters(language=(language,) if language else ())
    return MatchSet(filters=within, demands=Demands(words=(tuple(terms),)))


def _slips(word: str) -> Iterator[str]:
    """What may have been meant: people hardly ever miss the first letter."""
    for at in range(1, len(word) + 1):
        head, tail = word[:at], word[at:]
        yield head + tail[1:]
        yield head + tail[1:2] + tail[:1] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            yield head + letter + tail[1:]
