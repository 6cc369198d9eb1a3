"""Prose: the normal form in which texts are kept, and what cannot be kept as text."""

import re
import unicodedata

#: Characters that count as letters and yet show nothing (Hangul fillers, the blank Braille cell).
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NEWLINE = re.compile(r"\r\n?")
_MARKS_IN_A_ROW = 100


def clean_text(text: str) -> str:
    """The text as it is kept: NFC, line feeds only, nothing blank around it.

    Offsets promised to readers refer to this form. Nothing inside the text is removed.
    """
    return unicodedata.normalize("NFC", _NEWLINE.sub("\n", text)).strip()


def clean_line(text: str) -> str:
    """A title or a name as it is kept: like a text, on one line with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def problems(text: str) -> str | None:
    """One sentence saying why this cannot be kept as text, or None. Never repeats the text."""
    if _SURROGATE.search(text):
        return "It contains half of a surrogate pair, which is not a character."
    if _CONTROL.search(text):
        return "It contains control characters other than tab and line break."
    characters = frozenset(text)
    if not any(map(_visible, characters)):
        return "It contains nothing that can be seen."
    if _piled_up(text, characters):
        return f"It contains more than {_MARKS_IN_A_ROW} combining marks in a row."
    return None


def _visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "ZCM" and character not in _BLANK_LETTERS


def _piled_up(text: str, characters: frozenset[str]) -> bool:
    marks = "".join(c for c in characters if unicodedata.category(c)[0] == "M")
    return bool(marks) and bool(re.search(f"[{marks}]{{{_MARKS_IN_A_ROW + 1}}}", text))
