"""Text to BM25 terms with the encoder of Qdrant Edge, whose terms a Qdrant server shares.

A passage is stemmed by its own language. A query's language is hardly ever known, so it is encoded
under every main language at once: whatever the language of an article, one of the encodings meets
its terms. Accents are folded everywhere, since readers leave them out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import qdrant_edge as edge

from backstory_shared.ports import Passage, Terms

MAIN_LANGUAGES = ("en", "es", "de", "fr", "pt", "it")

#: A language whose script gives it away: it is tried only for queries that have its letters.
_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "ar": re.compile("[\u0600-\u06ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "hy": re.compile("[\u0530-\u058f]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "ta": re.compile("[\u0b80-\u0bff]"),
}

#: Scripts that do not put spaces between words, and the languages written in them.
_UNSPACED_SCRIPTS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
)
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


@dataclass(frozen=True, slots=True)
class _Language:
    """How one language is encoded: with its stop words left out, or with every word."""

    content: edge.Bm25
    every: edge.Bm25
    plural: tuple[re.Pattern[str], str] | None = None

    def passage(self, title: str, text: str) -> dict[int, float]:
        """The stop words of a title are kept: a title may be nothing else ("The Who")."""
        names = self.every.embed_document(self._singular(title))
        content = self.content.embed_document(self._singular(f"{title}\n{text}"))
        weights = dict(zip(names.indices, names.values, strict=True))
        return weights | dict(zip(content.indices, content.values, strict=True))

    def content_terms(self, query: str) -> list[int]:
        return self.content.embed_query(self._singular(query)).indices

    def every_term(self, query: str) -> list[int]:
        return self.every.embed_query(self._singular(query)).indices

    def stops(self, word: str) -> bool:
        return not self.content_terms(word) and bool(self.every_term(word))

    def _singular(self, text: str) -> str:
        if self.plural is None:
            return text
        pattern, singular = self.plural
        return pattern.sub(singular, text)


class Bm25TermEncoder:
    """A TermEncoder over `qdrant_edge.Bm25`.

    Passages in other languages than those of the union, and in no known one, are not stemmed: then
    at least the very words find them. Changing `main_languages` asks for a reindex.
    """

    def __init__(self, main_languages: Sequence[str] = MAIN_LANGUAGES) -> None:
        self._neutral = _neutral()
        self._unspaced = _neutral(edge.TokenizerType.Multilingual)
        self._main = {code: _stemming(code) for code in main_languages}
        self._by_script = {code: _stemming(code) for code in _SCRIPTS if code not in self._main}
        others = _STOP_WORDS.keys() - self._main.keys() - self._by_script.keys()
        self._unstemmed = {code: _unstemmed(code) for code in others}

    def encode_passage(self, passage: Passage) -> Terms:
        weights = self._of_language(passage.language).passage(passage.title, passage.text)
        return Terms(indices=tuple(weights), values=tuple(weights.values()))

    def encode_query(self, text: str) -> Terms:
        """The union of the encodings. Where all of it is stop words, they are what is asked for."""
        words = list(dict.fromkeys(_WORD.findall(text.lower())))
        stops = self._stop_words(words)
        content = " ".join(word for word in words if word not in stops)
        tried = list(self._for_query(text))
        indices = _union(one.content_terms(content) for one in tried)
        indices = indices or _union(one.every_term(text) for one in tried)
        return Terms(indices=tuple(indices), values=(1.0,) * len(indices))

    def _of_language(self, language: str | None) -> _Language:
        if language in _UNSPACED_LANGUAGES:
            return self._unspaced
        for known in (self._main, self._by_script, self._unstemmed):
            if language in known:
                return known[language]
        return self._neutral

    def _for_query(self, text: str) -> Iterable[_Language]:
        yield self._neutral
        yield from self._main.values()
        yield from (one for code, one in self._by_script.items() if _SCRIPTS[code].search(text))
        if _UNSPACED_SCRIPTS.search(text):
            yield self._unspaced

    def _stop_words(self, words: Sequence[str]) -> frozenset[str]:
        """The words among these that are stop words of the language they seem to be in.

        Another language's encoding would keep them: "la ville de Paris" would find every English
        article with "de Gaulle". One word proves little, though: "war" is a stop word in German,
        and the first main language gets the benefit of the doubt.
        """
        best: frozenset[str] = frozenset()
        for enough, one in zip((1, *[2] * len(self._main)), self._main.values(), strict=False):
            stops = frozenset(word for word in words if one.stops(word))
            if len(stops) >= enough and len(stops) > len(best):
                best = stops
        return best


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
                stemmer=stemmer, stopwords=stops, tokenizer=tokenizer, ascii_folding=True
            )
        )
        for stops in (stop_words, _NO_STOP_WORDS)
    )
    return _Language(content, every, plural)


def _stop_words_of(code: str) -> edge.StopwordsSet:
    listed = {_STOP_WORDS[code]} if code in _STOP_WORDS else set()
    return edge.StopwordsSet(listed, set(_MORE_STOP_WORDS.get(code, "").split()))


def _union(encodings: Iterable[Sequence[int]]) -> list[int]:
    return list(dict.fromkeys(index for indices in encodings for index in indices))
