"""Sentences: where each sentence of a text begins and ends.

Rules over candidates, in the manner of Grefenstette and Tapanainen, "What is a word, what is a
sentence?" (1994): a mark that may end a sentence, and a look at the word before and the word after.
Each candidate looks at a bounded neighbourhood, so the time is linear in the text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from backstory_shared.articles import Span
from backstory_shared.text.abbreviations import Abbreviations, abbreviations, without_capitals

_CLOSERS = "\"'”’“»›)\\]」』）》】〉〕"
_OPENERS = "\"'“‘„‚«‹(\\[「『（《【〈¿¡—–-"
_QUOTES = frozenset("\"'”’“»›")
#: Marks after which no space is needed.
_WIDE = frozenset("。！？｡．।॥។။")
_CANDIDATE = re.compile(
    r"(?P<mark>[.!?…。！？｡．।॥؟۔։።፧។။]++)"
    rf"(?P<closers>(?:[{_CLOSERS}]|[ \u00a0\u202f]»|\[\d{{1,3}}\])*+)"
)
_NEXT = re.compile(rf"\s*+[{_OPENERS}]*+\s?(?P<word>\w\.|[\w'’-]{{0,24}})")
_BLOCK = re.compile(r"[^\n\r\u2028\u2029]+")
_FIRST_WORD = re.compile(r"\S{1,40}")
_SPELLED = re.compile(r"(?:\w\.[ \u00a0]?)*\w")
_CLOCK = frozenset(("a.m", "p.m", "A.M", "P.M"))
_AFTER_CLOCK = re.compile(
    r"(?:E[SD]?T|C[SDE]*T|M[SD]T|P[SD]?T|GMT|UTC|BST|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"Eastern|Central|Pacific|Mountain)\b"
)
#: '"Why?" Smith asked.' and 「…。」と: what follows the quotation belongs to it.
_SAID = re.compile(
    r"(?:[A-Z][\w’'-]*\s){1,3}(?:said|says|asked|asks|shouted|wrote|added|cried|replied)\b"
)
_SAID_WIDE = re.compile(r"[とっ、，,]|[^。！？，、\s]{0,6}[说說道称稱问問](?![话話])")
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)['’](?=\w{2})", re.IGNORECASE)
_LEFT = "\"'“‘„‚«‹([—–-¿¡"
_LOOK_BACK = 24
_INDENT = 8


def sentences(text: str, language: str | None) -> list[Span]:
    """The sentences in order, without the blanks around them; each is `text[start:end]`.

    A sentence never runs over a line break, except where the text is wrapped at a fixed width;
    then it never runs over a blank line. What holds no letter and no digit is no sentence.
    """
    table = abbreviations(language)
    if text.islower():  # then small letters say nothing, and those that end a sentence count
        table = without_capitals(table)
    found: list[Span] = []
    for block in blocks(text):
        found.extend(_of_block(text, block, table))
    return found


def blocks(text: str) -> Iterator[Span]:
    """The paragraphs: each line is one, unless the text is wrapped at a fixed width."""
    lines = [Span(*match.span()) for match in _BLOCK.finditer(text)]
    return _unwrapped(text, lines) if _wrapped(text, lines) else iter(lines)


def _wrapped(text: str, lines: Sequence[Span]) -> bool:
    """Whether lines end only because the next word would not have fitted (mail, old wires)."""
    width = max((line.end - line.start for line in lines), default=0)
    if len(lines) < 4 or not 40 <= width <= 100:
        return False
    pairs = [(a, b) for a, b in pairwise(lines) if b.start - a.end == 1]
    full = sum(_full(text, a, b, width) for a, b in pairs)
    return len(pairs) >= 3 and full >= 0.9 * len(pairs)


def _full(text: str, line: Span, following: Span, width: int) -> bool:
    word = _FIRST_WORD.search(text, following.start, following.end)
    return line.end - line.start + 1 + (word.end() - word.start() if word else 0) > width


def _unwrapped(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    start, end = lines[0]
    for line in lines[1:]:
        if line.start - end > 1 or not text[end + 1 : line.end].strip():
            yield Span(start, end)
            start = line.start
        end = line.end
    yield Span(start, end)


def _of_block(text: str, block: Span, table: Abbreviations) -> Iterator[Span]:
    start = block.start
    for candidate in _CANDIDATE.finditer(text, block.start, block.end):
        if candidate.end() < block.end and _ends(text, start, candidate, block.end, table):
            yield from _trimmed(text, start, candidate.end())
            start = candidate.end()
    yield from _trimmed(text, start, block.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    if any(map(str.isalnum, piece)):
        stripped = piece.lstrip()
        left = start + len(piece) - len(stripped)
        yield Span(left, left + len(stripped.rstrip()))


def _ends(
    text: str, start: int, candidate: re.Match[str], limit: int, table: Abbreviations
) -> bool:
    """Whether the sentence that began at `start` ends with this candidate."""
    mark, closers = candidate.group("mark", "closers")
    following = _NEXT.match(text, candidate.end(), limit)
    word = following["word"] if following else ""
    if mark[-1] in _WIDE:
        return not (closers and _SAID_WIDE.match(text, candidate.end(), limit))
    if not text[candidate.end()].isspace():
        return _space_forgotten(text, candidate, word, table)
    if word[:1].islower() and table.capitals:
        return False
    if mark == ".":
        quoted = not _QUOTES.isdisjoint(closers)
        return quoted or _full_stop(text, start, candidate.start(), word, table)
    if closers and mark[-1] in "!?":
        return not _SAID.match(text, candidate.end() + 1, limit)
    return True


def _space_forgotten(text: str, candidate: re.Match[str], word: str, table: Abbreviations) -> bool:
    """'He left.The train' — but not 'Node.js', 'example.Com' or 'U.S.A'."""
    before = text[max(0, candidate.start() - 3) : candidate.start()]
    return word in table.openers and len(word) > 1 and before.isalpha() and before.islower()


def _full_stop(text: str, start: int, stop: int, word: str, table: Abbreviations) -> bool:
    before = _word_before(text, start, stop)
    if before in table.leading:
        return False
    if before in table.numbered:
        return not word[:1].isdigit() and (word in table.openers or before.islower())
    if before in _CLOCK:
        return not _AFTER_CLOCK.match(word)
    if before.isdecimal():
        return _number_ends(text, start, stop, before, word, table)
    if before in table.closing or _SPELLED.fullmatch(before):
        return word in table.openers
    return True


def _word_before(text: str, start: int, stop: int) -> str:
    words = text[max(start, stop - _LOOK_BACK) : stop].split()
    word = words[-1].lstrip(_LEFT) if words else ""
    elided = _ELIDED.match(word)
    return word[elided.end() :] if elided else word


def _number_ends(
    text: str, start: int, stop: int, number: str, word: str, table: Abbreviations
) -> bool:
    """Not after '1.' that begins a line, nor in '3. Oktober' where ordinals are so written."""
    begins = stop - len(number)
    if begins - start <= _INDENT and not text[start:begins].strip():
        return False
    return not (table.ordinals and len(number) <= 2) or word in table.openers
