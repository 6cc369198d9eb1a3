"""Ordinary words: those that news writes in small letters, made by training/ordinary.py.

In a text without capitals a word that is not among them is a name. Only English has such a list.
"""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent.parent / "models" / "ordinary-en.txt"
_NONE: frozenset[str] = frozenset()


def ordinary_words(language: str | None) -> frozenset[str]:
    """Without any for a language that has no list."""
    return _english() if language == "en" else _NONE


@cache
def _english() -> frozenset[str]:
    return frozenset(_FILE.read_text(encoding="utf-8").split())
