"""Names and numbers with a mark within: "AT&T", "O'Neill", "e-mail", "F-16", "U.S.", "9/11".

An index of words has them in pieces that say little, each by itself. So it has them as one word
too, as others write them: "ONeill", "email", "US".
"""

import re
from collections.abc import Iterator

#: Stops, commas, colons and long dashes join numbers, but part words.
_COMPOUND = re.compile(r"(?<![^\W_])[^\W_]+(?:(?:[-‐‑/&.'’]|(?<=\d)[,:–](?=\d))[^\W_]+)+(?![^\W_])")
#: To look for these first takes a tenth of the time: few words have a mark within.
_WITHIN = re.compile(r"[-‐‑/&.'’,:–](?<=\w.)(?=\w)")
_MARK = re.compile(r"[^\w]")
#: Of two words that a hyphen makes one, either says enough: "long-term".
_OF_WORDS = re.compile(r"(?:[a-zà-ÿ]{3,}[-‐‑])+[a-zà-ÿ]{3,}")
_POSSESSIVE = re.compile(r"['’][sS]$")
_ELISION = re.compile(r"['’](?!(?<=[A-Z].)[A-Z]\w)")
_STOP_BETWEEN_WORDS = re.compile(r"[^\W\d_]{2,}\.|\.[^\W\d_]{2,}")
_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w](?=\d)")


def compounds(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Where each stands in the text, and what it is as one word.

    Not so elisions ("l'eau", "don't"), of which there are many and which nobody writes together,
    nor words with hyphens ("long-term"), of which there are many too.
    """
    for match in _found(text):
        if not _is_usual(match[0]) and (word := _joined(match[0])):
            yield match, word


def typed_compounds(query: str) -> list[str]:
    """As one word each; of who types small letters nobody knows what is a name."""
    words = (_joined(match[0]) for match in _found(query))
    return list(dict.fromkeys(word for word in words if word))


def _found(text: str) -> Iterator[re.Match[str]]:
    end = 0
    for mark in _WITHIN.finditer(text):
        start = mark.start()
        while start > end and text[start - 1].isalnum():
            start -= 1
        if start >= end and (match := _COMPOUND.match(text, start)):
            end = match.end()
            yield match


def _is_usual(compound: str) -> bool:
    said = _ELISION.search(_POSSESSIVE.sub("", compound)) or _OF_WORDS.fullmatch(compound)
    return said is not None


def _joined(compound: str) -> str:
    """Empty where it is only one word, or several sentences. Numbers stay apart: 3-0 is not 30."""
    plain = _POSSESSIVE.sub("", compound)
    if not _MARK.search(plain) or _STOP_BETWEEN_WORDS.search(plain):
        return ""
    return _MARK.sub("", _BETWEEN_DIGITS.sub("x", _DECIMAL.sub("p", plain)))
