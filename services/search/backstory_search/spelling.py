"""Words that the archive does not know are taken for those one slip of the keyboard away.

Four of five slips are one letter too many, too few, another, or two of them swapped (Damerau, "A
technique for computer detection and correction of spelling errors", 1964). Of the words one slip
away those are meant that many articles have and that easily become what was typed: the noisy
channel of Kernighan, Church and Gale, "A spelling correction program based on a noisy channel
model" (1990). Or only a space is missing.

A query is looked for under its stems, in every main language. So a slip may meet the stem of
another word: "parliment" that of the French "parler", "goverment" that of "governess". Where only
few articles have such a stem, they are read: it is no slip if a word begins there as it does. Nor
is every stem one slip away that of a word one slip away: "minuters" is none, though it has the stem
of "minute". So articles are read for the words themselves.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import pairwise

from backstory_search.query import contains, folded, words_of
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
from backstory_shared.text.numbers import with_joined

#: Short words have too many neighbours that mean something else; long ones are no words.
SHORTEST, LONGEST = 5, 20
#: At most so many neighbours are looked for, at less than the weight of a word as typed.
MOST = 2
WEIGHT = 0.5
#: A second one is looked for beside a first that is at most so many times as likely.
_AS_LIKELY = 5
#: So many neighbours are counted within their language, in so many languages of the archive.
_CONSIDERED, _LANGUAGES = 4, 4
#: So many articles are read to see whether a word stands in them.
_READ, _AT_ONCE = 20, 4
#: What inflection may change at the end of a word.
_ENDING = 3
#: A stem that articles have is taken for a slip of one that so many times as many have.
_MORE = 5

#: How easily a slip happens. Of all the letters that might be missing, or be another, only one is
#: right: so these are unlikely, but where it is beside what was typed, in the word or on the keys.
_TOO_MANY = _SWAPPED = _DOUBLED = 4.0
_MISSING = _BESIDE = 2.0
_OTHER = 0.5

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_VOWELS = frozenset("aeiouy")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE_ON_KEYS = {pair for row in _KEYS for one in pairwise(row) for pair in (one, one[::-1])}


@dataclass(frozen=True, slots=True)
class Meant:
    """What a slip is taken for: as a reader is told, and as the index is asked."""

    words: tuple[str, ...]
    terms: Terms


@dataclass(frozen=True, slots=True)
class Spelling:
    """For the words of one query. A name that nobody has written about yet stays what it is.

    `languages` are the archive's, the one with most articles first.
    """

    terms: TermEncoder
    index: SearchIndex
    articles: ArticleReader
    languages: Sequence[str]

    def mended(self, found: Mapping[str, Mapping[int, int]]) -> dict[str, Meant]:
        """What was meant by each word that is a slip, where anything was.

        `found` says in how many articles each term of each word is.
        """
        slips = [word for word, counts in found.items() if self._may_be_slip(word, counts)]
        meant = {word: self._meant(word, found[word]) for word in slips}
        return {word: one for word, one in meant.items() if one is not None}

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
        return any(begins.search(folded(with_joined(text))) for text in self._texts(ids))

    def _texts(self, ids: Sequence[str]) -> Iterator[str]:
        """Few at a time, since hardly ever more than the first is wanted."""
        for start in range(0, len(ids), _AT_ONCE):
            yield from self.articles.texts(ids[start : start + _AT_ONCE]).values()

    def _meant(self, word: str, counts: Mapping[int, int]) -> Meant | None:
        """In the language with most articles in which anything could be."""
        slips = _slips(word)
        for language in self._languages:
            near = self._near(word, counts, slips, language)
            written = {term: self._written(language, term, slips) for term in near}
            likely = {
                term: near[term] * max(slips[one] for one in words)
                for term, words in written.items()
                if words
            }
            if likely:
                best = sorted(likely, key=lambda term: (-likely[term], term))[:MOST]
                chosen = [term for term in best if likely[term] * _AS_LIKELY >= likely[best[0]]]
                return _taken_for(
                    [max(written[term], key=lambda one: (slips[one], one)) for term in chosen],
                    chosen,
                )
            if parted := self._parted(word, language):
                return parted
            if near:
                usual = max(near, key=lambda term: (near[term], -term))
                return _taken_for(self._form(language, usual, word), [usual])
        return None

    def _near(
        self,
        word: str,
        counts: Mapping[int, int],
        slips: Mapping[str, float],
        language: str | None,
    ) -> dict[int, int]:
        """In how many articles each stem is that a slip has: more than what was met there."""
        stems = self.index.frequencies(self._stems(" ".join(slips), language))
        others = {term: count for term, count in stems.items() if term not in counts}
        some = nlargest(_CONSIDERED, others, key=lambda term: (others[term], -term))
        near = {term: self.index.counts(_having(language, [term]), ()).total for term in some}
        met = max((counts.get(term, 0) for term in self._stems(word, language)), default=0)
        return {term: count for term, count in near.items() if count > _MORE * met}

    def _written(self, language: str | None, term: int, slips: Mapping[str, float]) -> list[str]:
        """Which of the slips are words of one of the newest articles that have the term."""
        for text in self._newest(_having(language, [term])):
            met = slips.keys() & set(words_of(folded(text)))
            if there := [one for one in met if term in self._stems(one, language)]:
                return there
        return []

    def _form(self, language: str | None, term: int, word: str) -> list[str]:
        """The likest of the words whose stem it is, in one of the newest articles."""
        for text in self._newest(_having(language, [term])):
            some = {one for one in words_of(folded(text)) if one[0] == word[0]}
            if there := [one for one in some if term in self._stems(one, language)]:
                return [max(there, key=lambda one: (_likeness(one, word), one))]
        return []

    def _parted(self, word: str, language: str | None) -> Meant | None:
        """Two words that follow each other in articles, which only lack their space here."""
        seen: dict[str, int] = {}
        for at in range(2, len(word) - 1):
            pieces = word[:at], word[at:]
            demands = [self.terms.encode_demand(piece).indices for piece in pieces]
            if all(self.index.frequencies(terms) for terms in demands):
                both = _having(language, *demands)
                pair = " ".join(pieces)
                seen[pair] = sum(contains(text, pair) for text in self._newest(both))
        pair = max(seen, key=lambda one: seen[one], default="")
        if not seen.get(pair):
            return None
        terms = self.terms.encode_query(pair, [language] if language else ())
        return _taken_for([pair], terms.indices)

    def _newest(self, matches: MatchSet) -> Iterator[str]:
        return self._texts(self.index.by_date(matches, newest_first=True, limit=_READ))

    def _stems(self, text: str, language: str | None) -> Sequence[int]:
        """As the index has them of an article in that language; None is the first main one."""
        return self.terms.encode_passage(Passage(title="", text=text, language=language)).indices

    @property
    def _languages(self) -> Sequence[str | None]:
        """Those that words are looked for in; None where none is known."""
        return self.languages[:_LANGUAGES] or [None]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _taken_for(words: Sequence[str], terms: Sequence[int]) -> Meant:
    return Meant(tuple(words), Terms(indices=tuple(terms), values=(WEIGHT,) * len(terms)))


def _having(language: str | None, *words: Sequence[int]) -> MatchSet:
    """Articles in the language with one of the terms of each word; none if there are no terms."""
    within = Filters(language=(language,) if language else ())
    return MatchSet(filters=within, demands=Demands(words=tuple(map(tuple, words))))


def _slips(word: str) -> dict[str, float]:
    """What may have been meant, and how easily it becomes this. The first letter is believed."""
    found: dict[str, float] = {}
    for meant, easily in _each_slip(word):
        found[meant] = max(found.get(meant, 0.0), easily)
    found.pop(word, None)
    return found


def _each_slip(word: str) -> Iterator[tuple[str, float]]:
    for at in range(1, len(word) + 1):
        head, tail = word[:at], word[at:]
        yield head + tail[1:], _TOO_MANY
        yield head + tail[1:2] + tail[:1] + tail[2:], _SWAPPED
        for letter in _LETTERS:
            beside = letter in (head[-1], tail[:1])
            yield head + letter + tail, _DOUBLED if beside else _MISSING
            if tail:
                yield head + letter + tail[1:], _BESIDE if _mixed_up(letter, tail[0]) else _OTHER


def _mixed_up(meant: str, typed: str) -> bool:
    return {meant, typed} <= _VOWELS or (meant, typed) in _BESIDE_ON_KEYS
