"""Copies: what is equal, or nearly so, in two articles whose story reads the same. Pure."""

import hashlib
import re
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from backstory_shared.articles import Span
from backstory_shared.text.boilerplate import story

#: As many characters are quicker replaced one after the other; beyond, one pass over the text is.
_FEW = 64

#: Five words in a row are hardly ever written twice: one of the keys in common is a candidate.
SHINGLE = 5
#: With half of the shingles in common, 1 - .5 ** 8 of all copies share a key.
KEYS = 8
#: How much of all shingles two copies share at least. One sentence in five may be another.
ALIKE = 0.5
#: Shorter notices are mostly a form that somebody filled in: only the very same words are a copy.
SHORT = 20
#: A report that comes every week has other figures in the same words: without its figures so much
#: more of it would be alike.
OTHER_FIGURES = 0.15

#: The sketch is longer than the keys, to tell how alike two texts are before they are read.
_SKETCHED = 64
#: Less than ALIKE, since a sketch of this length is right to some .06.
_LIKELY = 0.35
_SEED = 1
_FIGURE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class CopyPrint:
    """`hash` is equal for two articles that differ in nothing a reader would notice; of two that
    differ a little at least one of the `keys` is equal, and much of the `sketch`."""

    hash: str
    keys: tuple[int, ...]
    sketch: str


def copy_print(text: str, boilerplate: Sequence[Span]) -> CopyPrint:
    words = _words(story(text, boilerplate))
    smallest = _smallest(words)
    keys = tuple(place << 32 | value for place, value in enumerate(smallest[:KEYS]))
    return CopyPrint(_hash(words), keys, _sketch(smallest))


def likely_copies(sketch: str, others: Sequence[str]) -> list[bool]:
    """Of each of the others whether it is worth reading."""
    mine = _read(sketch)
    enough = max(1.0, _LIKELY * len(mine))
    return [bool(np.count_nonzero(mine == _read(other)) >= enough) for other in others]


def copy_hash(text: str, boilerplate: Sequence[Span]) -> str:
    """SHA-256 of the story's words, whatever their case, quotes, dashes, punctuation or spacing.

    Symbols such as currency signs stay: a reader notices those.
    """
    return _hash(_words(story(text, boilerplate)))


@dataclass(frozen=True, slots=True)
class Wording:
    """All of a story that is looked at to tell whether another is a copy of it."""

    words: str
    shingles: frozenset[str]

    @classmethod
    def of(cls, text: str, boilerplate: Sequence[Span]) -> "Wording":
        words = _words(story(text, boilerplate))
        return cls(words, frozenset(_shingles(words)))

    def is_copy_of(self, other: "Wording") -> bool:
        if self.words == other.words:
            return bool(self.words)
        if min(len(self.shingles), len(other.shingles)) + SHINGLE - 1 < SHORT:
            return False
        alike = _alike(self.shingles, other.shingles)
        return alike >= ALIKE and self._without_figures(other) - alike < OTHER_FIGURES

    def _without_figures(self, other: "Wording") -> float:
        mine, theirs = (_shingles(_FIGURE.sub("0", one.words)) for one in (self, other))
        return _alike(frozenset(mine), frozenset(theirs))


def _alike(ours: frozenset[str], theirs: frozenset[str]) -> float:
    return len(ours & theirs) / len(ours | theirs)


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _smallest(words: str) -> list[int]:
    """The smallest of all shingles in each of some random orders; none for no words at all."""
    if not words:
        return []
    found = RMinHash(num_perm=_SKETCHED, seed=_SEED)
    found.update(_shingles(words))
    return list(found.digest())


def _sketch(smallest: Sequence[int]) -> str:
    """Sixteen bits of each are enough to compare."""
    low = np.array(smallest, np.uint64).astype("<u2")
    return b64encode(low.tobytes()).decode()


def _read(sketch: str) -> NDArray[np.uint16]:
    return np.frombuffer(b64decode(sketch), "<u2")


def _shingles(words: str) -> list[str]:
    listed = words.split()
    return [
        " ".join(listed[start : start + SHINGLE])
        for start in range(max(1, len(listed) - SHINGLE + 1))
    ]


def _words(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    replaced: dict[str, str | int | None] = {
        c: kept for c in set(folded) if (kept := _kept(c)) != c
    }
    if len(replaced) > _FEW:
        return " ".join(folded.translate(str.maketrans(replaced)).split())
    for character in replaced:
        folded = folded.replace(character, _kept(character))
    return " ".join(folded.split())


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # zero-width joiners, soft hyphens, byte order marks
        return ""
    return " " if category[0] in "PZC" else character
