"""Copies: a hash that is equal for two articles whose story reads the same."""

import hashlib
import unicodedata
from collections.abc import Sequence

from backstory_shared.articles import Span
from backstory_shared.text.boilerplate import story

#: As many characters are quicker replaced one after the other; beyond, one pass over the text is.
_FEW = 64


def copy_hash(text: str, boilerplate: Sequence[Span]) -> str:
    """SHA-256 of the story's words, whatever their case, quotes, dashes, punctuation or spacing.

    Symbols such as currency signs stay: a reader notices those.
    """
    return hashlib.sha256(_words(story(text, boilerplate)).encode()).hexdigest()


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
