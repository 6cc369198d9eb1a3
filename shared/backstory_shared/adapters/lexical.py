"""Text to BM25 terms with the encoder of Qdrant Edge, whose terms a Qdrant server shares.

A passage is stemmed by its own language. A query's language is hardly ever known, so it is encoded
under every main language at once: whatever the language of an article, one of the encodings meets
its terms. Whoever knows which languages the articles are in says so: a stem of another language
is a rare word in theirs, and weighs more than the word that was meant. Accents are folded
everywhere, since readers leave them out.

The weights are BM25's but for three things. A word counts more in the title and in the lead, as in
Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields" (2004). Two
words that follow each other in the title are a term of their own beside. And a
text is not measured against the average of its collection, which no article knows when it is
written, but against a power of its own length: `backstory eval search` shows what that gives.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import qdrant_edge as edge

from backstory_shared.ports import Passage, Terms
from backstory_shared.text.numbers import joined, with_joined
from backstory_shared.text.scripts import UNSPACED

MAIN_LANGUAGES = ("en", "es", "de", "fr", "pt", "it")

#: A language whose script gives it away: it is tried only for queries that have its letters.
_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "ar": re.compile("[\u0600-\u06ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "hy": re.compile("[\u0530-\u058f]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "ta": re.compile("[\u0b80-\u0bff]"),
}

#: Languages that do not put spaces between words.
_UNSPACED_LANGUAGES = frozenset({"ja", "km", "lo", "my", "th", "zh"})

_STEMMERS: Mapping[str, edge.SnowballLanguage] = {
    "ar": edge.SnowballLanguage.Arabic,
    "da": edge.SnowballLanguage.Danish,
    "de": edge.SnowballLanguage.German,
    "el": edge.SnowballLanguage.Greek,
    "en": edge.SnowballLanguage.English,
    "es": edge.SnowballLanguage.Spanish,
    "fi": edge.SnowballLanguage.Finnish,
    "fr": edge.SnowballLanguage.French,
    "hu": edge.SnowballLanguage.Hungarian,
    "hy": edge.SnowballLanguage.Armenian,
    "it": edge.SnowballLanguage.Italian,
    "nl": edge.SnowballLanguage.Dutch,
    "no": edge.SnowballLanguage.Norwegian,
    "pt": edge.SnowballLanguage.Portuguese,
    "ro": edge.SnowballLanguage.Romanian,
    "ru": edge.SnowballLanguage.Russian,
    "sv": edge.SnowballLanguage.Swedish,
    "ta": edge.SnowballLanguage.Tamil,
    "tr": edge.SnowballLanguage.Turkish,
}

#: Armenian and Tamil have a stemmer, but no list of stop words.
_STOP_WORDS: Mapping[str, edge.Language] = {
    "ar": edge.Language.Arabic,
    "da": edge.Language.Danish,
    "de": edge.Language.German,
    "el": edge.Language.Greek,
    "en": edge.Language.English,
    "es": edge.Language.Spanish,
    "fi": edge.Language.Finnish,
    "fr": edge.Language.French,
    "hu": edge.Language.Hungarian,
    "it": edge.Language.Italian,
    "nl": edge.Language.Dutch,
    "no": edge.Language.Norwegian,
    "pt": edge.Language.Portuguese,
    "ro": edge.Language.Romanian,
    "ru": edge.Language.Russian,
    "sv": edge.Language.Swedish,
    "tr": edge.Language.Turkish,
}

#: What is missing from the encoder's lists: it folds accents before it looks, so that stop words
#: with an accent slip through, and it takes "l'eau" for two words.
_MORE_STOP_WORDS: Mapping[str, str] = {
    "de": "fur uber wahrend wurde wurden konnen konnte konnten mussen ware waren",
    "es": "mas tambien el si esta estan que asi solo aun cual quien como donde segun habia",
    "fr": "a ou ete meme memes etre apres deja tres la ca etait etaient c d j l m n qu s t",
    "it": "e piu perche gia cosi puo sara ne la li all c d dall dell l nell s sull un",
    "pt": "a as e nao sao ja tambem ate ha voce esta estao sera so apos",
}

#: Nor do the stemmers know these plurals once the accent of their singular is folded.
_FOLDED_PLURALS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "es": (re.compile(r"iones\b", re.IGNORECASE), "ion"),
    "pt": (re.compile(r"[oõ]es\b", re.IGNORECASE), "ao"),
}

_NO_STOP_WORDS = edge.StopwordsSet(set(), set())

_WORD = re.compile(r"\w+")

#: How much more often a word counts for standing in the title, or in the lead.
_TITLE, _LEAD = 1.0, 0.75
#: What two words count that follow each other in the title as they do in a query.
_PAIR = 0.15
#: The lead is a share of the text, but no more words than a reader takes in at a glance.
_LEAD_SHARE, _LEAD_WORDS = 0.15, 60
#: So often must a word stand in a text of so many words to count half of what it can.
_HALF, _POWER = 0.063, 0.6

#: "US" and "WHO" are names, "us" and "who" are not: unless everything is in capitals. "AND" is what
#: other programs ask for between words.
_ACRONYM = re.compile(r"\b(?!(?:AND|OR|NOT|THE)\b)[A-Z]{2,}\b")
_SHOUTED = 0.75

#: So many stop words of one language, and more than of any other, are no accident.
_CLEAR = 2

#: Words, of which it is known what languages they stop, and to which term they go: some 2 MB.
_REMEMBERED = 20_000

#: With so large a `k` and no `b`, the encoder's weight of a word is how often it is there.
_COUNTING = 1e6


@dataclass(frozen=True, slots=True)
class _Language:
    """How one language is encoded: with its stop words left out, or with every word."""

    content: edge.Bm25
    every: edge.Bm25
    plural: tuple[re.Pattern[str], str] | None = None

    def passage(self, title: str, text: str) -> dict[int, float]:
        """The stop words of a title are kept: a title may be nothing else ("The Who")."""
        named = self._counts(self.every, f"{title}\n{_acronyms(text)}")
        content = self.content_counts(f"{title}\n{text}")
        counts: dict[int, float] = dict(named | content)
        for boost, part in ((_TITLE, title), (_LEAD, _lead(text))):
            for term, count in self.content_counts(part).items():
                counts[term] += boost * count
        half = _HALF * max(sum(content.values()), 1) ** _POWER
        weights = {term: count / (count + half) for term, count in counts.items()}
        return dict.fromkeys(self.pairs(title), _PAIR) | weights

    def pairs(self, text: str) -> list[int]:
        """A term of its own for each two words that follow each other, stop words left out."""
        words = _WORD.findall(self._singular(text))
        each = [term for word in words if (term := _only_term(self.content, word)) is not None]
        return [_pair(one, other) for one, other in pairwise(each) if one != other]

    def content_counts(self, text: str) -> dict[int, int]:
        """How often each term is there, stop words left out."""
        return self._counts(self.content, text)

    def every_count(self, text: str) -> dict[int, int]:
        return self._counts(self.every, text)

    def stops(self, word: str) -> bool:
        return not self.content_counts(word) and bool(self.every_count(word))

    def _counts(self, encoder: edge.Bm25, text: str) -> dict[int, int]:
        found = encoder.embed_document(self._singular(text))
        return dict(zip(found.indices, map(round, found.values), strict=True))

    def _singular(self, text: str) -> str:
        if self.plural is None:
            return text
        pattern, singular = self.plural
        return pattern.sub(singular, text)


def _plain(text: str) -> str:
    """Without the hyphens that only say where a word may be parted."""
    return text.replace("\u00ad", "")


def _lead(text: str) -> str:
    words = text.split()
    return " ".join(words[: min(round(len(words) * _LEAD_SHARE), _LEAD_WORDS)])


def _acronyms(text: str) -> str:
    found = _ACRONYM.findall(text)
    shouted = sum(map(len, found)) > _SHOUTED * sum(map(str.isalpha, text))
    return "" if shouted else " ".join(dict.fromkeys(found))


class Bm25TermEncoder:
    """A TermEncoder over `qdrant_edge.Bm25`.

    Passages in other languages than those of the union are not stemmed: then at least the very
    words find them. What is in no known language is taken for the first of the union: were it not
    stemmed, its plurals would be rare words, and stand above every article that has them stemmed.
    Changing `main_languages` asks for a reindex.
    """

    def __init__(self, main_languages: Sequence[str] = MAIN_LANGUAGES) -> None:
        self._neutral = _neutral()
        self._unspaced = _neutral(edge.TokenizerType.Multilingual)
        self._main = {code: _stemming(code) for code in main_languages}
        self._by_script = {code: _stemming(code) for code in _SCRIPTS if code not in self._main}
        others = _STOP_WORDS.keys() - self._main.keys() - self._by_script.keys()
        self._unstemmed = {code: _unstemmed(code) for code in others}
        self._stopping = lru_cache(_REMEMBERED)(self._stopped_by)

    def encode_passage(self, passage: Passage) -> Terms:
        title, text = (with_joined(_plain(part)) for part in (passage.title, passage.text))
        weights = self._of_language(passage.language).passage(title, text)
        return Terms(indices=tuple(weights), values=tuple(weights.values()))

    def encode_query(self, text: str, languages: Collection[str] = ()) -> Terms:
        """The union of the encodings, a word that is there twice with twice the weight.

        Where all of it is stop words, they are what is asked for.
        """
        text = joined(_plain(text))
        words = _WORD.findall(text.lower())
        acronyms = _acronyms(text)
        code, found = self._stop_words(list(dict.fromkeys(words)))
        stops = found - set(acronyms.lower().split())
        content = " ".join(word for word in words if word not in stops)
        tried = list(self._for_query(text, languages if code is None else [code]))
        counts = _union(one.content_counts(content) for one in tried)
        counts |= Counter(self._neutral.every_count(acronyms))
        counts |= Counter({pair: 1 for one in tried for pair in one.pairs(content)})
        counts = counts or _union(one.every_count(text) for one in tried)
        return Terms(indices=tuple(counts), values=tuple(map(float, counts.values())))

    def encode_demand(self, word: str) -> Terms:
        """What is a stop word in any language is not in the articles of that language."""
        if any(one.stops(word) for one in self._every()):
            return Terms()
        counts = _union(one.content_counts(word) for one in self._for_query(word, ()))
        return Terms(indices=tuple(counts), values=tuple(map(float, counts.values())))

    def _every(self) -> Iterable[_Language]:
        for known in (self._main, self._by_script, self._unstemmed):
            yield from known.values()

    def _of_language(self, language: str | None) -> _Language:
        if language in _UNSPACED_LANGUAGES:
            return self._unspaced
        if language is None:
            return next(iter(self._main.values()))
        for known in (self._main, self._by_script, self._unstemmed):
            if language in known:
                return known[language]
        return self._neutral

    def _for_query(self, text: str, languages: Collection[str]) -> Iterable[_Language]:
        """Stems of other languages than the query's own meet rare words that it never meant."""
        yield self._neutral
        named = [one for code, one in self._main.items() if code in languages]
        yield from named or self._main.values()
        yield from (one for code, one in self._by_script.items() if _SCRIPTS[code].search(text))
        if UNSPACED.search(text):
            yield self._unspaced

    def _stop_words(self, words: Sequence[str]) -> tuple[str | None, frozenset[str]]:
        """The main language these seem to be in, if that is clear, and which are its stop words.

        Another language's encoding would keep them: "la ville de Paris" would find every English
        article with "de Gaulle". One word proves little, though: "war" is a stop word in German,
        and the first main language gets the benefit of the doubt.
        """
        found = {
            code: frozenset(word for word in words if code in self._stopping(word))
            for code in self._main
        }
        best = max(found, key=lambda code: len(found[code]))
        sizes = sorted(map(len, found.values()), reverse=True)
        if sizes[0] >= _CLEAR and sizes[0] > (sizes[1:] or [0])[0]:
            return best, found[best]
        enough = sizes[0] >= _CLEAR or best == next(iter(found))
        return None, found[best] if enough else frozenset()

    def _stopped_by(self, word: str) -> frozenset[str]:
        """The main languages in which it is a stop word."""
        return frozenset(code for code, one in self._main.items() if one.stops(word))


def _stemming(code: str) -> _Language:
    stemmer = edge.SnowballParams(_STEMMERS[code])
    return _language(stemmer, _stop_words_of(code), plural=_FOLDED_PLURALS.get(code))


def _unstemmed(code: str) -> _Language:
    return _language(edge.DisabledStemmer(), _stop_words_of(code))


def _neutral(tokenizer: edge.TokenizerType = edge.TokenizerType.Word) -> _Language:
    return _language(edge.DisabledStemmer(), _NO_STOP_WORDS, tokenizer)


def _language(
    stemmer: edge.SnowballParams | edge.DisabledStemmer,
    stop_words: edge.StopwordsSet,
    tokenizer: edge.TokenizerType = edge.TokenizerType.Word,
    plural: tuple[re.Pattern[str], str] | None = None,
) -> _Language:
    content, every = (
        edge.Bm25(
            edge.Bm25Config(
                stemmer=stemmer,
                stopwords=stops,
                tokenizer=tokenizer,
                ascii_folding=True,
                k=_COUNTING,
                b=0,
            )
        )
        for stops in (stop_words, _NO_STOP_WORDS)
    )
    return _Language(content, every, plural)


def _stop_words_of(code: str) -> edge.StopwordsSet:
    listed = {_STOP_WORDS[code]} if code in _STOP_WORDS else set()
    return edge.StopwordsSet(listed, set(_MORE_STOP_WORDS.get(code, "").split()))


@lru_cache(_REMEMBERED)
def _only_term(encoder: edge.Bm25, word: str) -> int | None:
    """None for a stop word."""
    found = encoder.embed_document(word).indices
    return found[0] if len(found) == 1 else None


def _pair(one: int, other: int) -> int:
    """Terms are hashes of 32 bits; so is this, and the order of the two matters."""
    return (one * 0x9E3779B1 + other * 0x85EBCA77) & 0xFFFFFFFF


def _union(encodings: Iterable[Mapping[int, int]]) -> Counter[int]:
    """Each term as often as in the encoding that has it most often."""
    found: Counter[int] = Counter()
    for counts in encodings:
        found |= Counter(counts)
    return found
