"""Boilerplate: the lines of a stored text that belong to the site, not to the story.

A line counts as boilerplate only as a whole: a sentence of the news that speaks of newsletters,
cookies or advertisements stays.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from backstory_shared.articles import Span
from backstory_shared.text.furniture import LABELS, LEAD_INS, NOTICES, POINTERS, SHELVES

_BLANK_LINE = "\n\n"
_LINE = re.compile(r"[^\n]+")
_LONGEST = 240
#: Of a text with more lines only as many at either end are looked at: the site is at the edges.
_EDGE = 2_000
_LONGEST_HEADLINE = 160
_MOST_HEADLINES = 10
_NAME = r"[^\W\d_][\w.'’-]*"
_BYLINE = re.compile(
    rf"(?:by|von|por|par) {_NAME}(?: {_NAME}){{1,3}}"
    rf"(?:(?:,| and| und| y| et| &) {_NAME}(?: {_NAME}){{0,4}}){{0,3}}",
    re.IGNORECASE,
)
_BYLINE_AMONG = 4
_QUOTES = frozenset("\"'“„«‘")
_CLOSERS = "\"'”’“»)]"
_SENTENCE_ENDS = frozenset(".:;,。।")
_SITE_NAME = re.compile(r"\s+[|–—-]\s+[^|–—]{2,40}$")
_APART = re.compile(r"[\W_]+")


def boilerplate(text: str, title: str = "") -> tuple[Span, ...]:
    """The spans of the lines that are not story, in order; neighbouring lines are one span.

    A line that only repeats `title` is among them. Where nothing else would be left, there are
    none: a text is never all boilerplate.
    """
    lines = [Span(*match.span()) for match in _LINE.finditer(text) if match[0].strip()]
    marked = _marked([text[line.start : line.end].strip() for line in lines], _headlines(title))
    if all(marked):
        return ()
    return _runs([_trimmed(text, line) for line in lines], marked)


def complement(spans: Sequence[Span], length: int) -> tuple[Span, ...]:
    """What the spans leave of a text of that length; spans may overlap or lie out of order."""
    left: list[Span] = []
    position = 0
    for start, end in sorted(spans):
        if start > position:
            left.append(Span(position, min(start, length)))
        position = max(position, end)
    if position < length:
        left.append(Span(position, length))
    return tuple(left)


def story(text: str, spans: Sequence[Span]) -> str:
    """The text without those spans; a blank line stands where something was left out."""
    if not spans:
        return text
    return _BLANK_LINE.join(text[start:end] for start, end in _pieces(text, spans))


def in_whole_text(places: Sequence[Span], text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Where places of `story(text, spans)` are in `text`; what was left out may lie within."""
    if not spans:
        return tuple(places)
    pieces = _pieces(text, spans)
    lengths = [end - start + len(_BLANK_LINE) for start, end in pieces]
    begins = list(accumulate(lengths, initial=0))

    def whole(offset: int, piece: int) -> int:
        start, end = pieces[piece]
        return min(start + offset - begins[piece], end)

    return tuple(
        Span(
            whole(start, bisect_right(begins, start) - 1),
            whole(end, bisect_left(begins, end) - 1),
        )
        for start, end in places
    )


def _pieces(text: str, spans: Sequence[Span]) -> list[Span]:
    """What is left of the text between the spans, without the blanks around it."""
    left = (_trimmed(text, span) for span in complement(spans, len(text)))
    return [span for span in left if span.start < span.end]


def _marked(lines: Sequence[str], headlines: frozenset[str]) -> list[bool]:
    marked = [False] * len(lines)
    expected = 0  # how many of the next lines may be other articles' headlines
    for i, line in enumerate(lines):
        near = i < _EDGE or i >= len(lines) - _EDGE
        folded = _folded(line) if near and len(line) <= _LONGEST else ""
        if folded and _site_line(line, folded, i, headlines):
            marked[i] = True
            expected = max(_announced(folded), expected - 1)
        elif expected and _could_be_headline(line):
            marked[i] = True
            expected -= 1
        else:
            expected = 0
    return marked


def _site_line(line: str, folded: str, place: int, headlines: frozenset[str]) -> bool:
    if LEAD_INS.match(folded) or (line[0] not in _QUOTES and NOTICES.fullmatch(folded)):
        return True
    if line[-1] not in _SENTENCE_ENDS and _label(folded):
        return True
    if place < _BYLINE_AMONG and _BYLINE.fullmatch(line) and _names(line):
        return True
    return bool(headlines) and _bare(line) in headlines


def _label(folded: str) -> bool:
    return any(pattern.fullmatch(folded) for pattern in (LABELS, POINTERS, SHELVES))


def _announced(folded: str) -> int:
    """'Next article' announces one headline, 'Related articles' a list of them."""
    if POINTERS.fullmatch(folded):
        return 1  # not more: what follows the headline may be the story
    return _MOST_HEADLINES if SHELVES.fullmatch(folded) else 0


def _could_be_headline(line: str) -> bool:
    end = line.rstrip(_CLOSERS)[-1:]
    return len(line) <= _LONGEST_HEADLINE and end not in _SENTENCE_ENDS


def _names(line: str) -> bool:
    """Of a byline: all its words but the joints are names."""
    words = [word for word in _APART.split(line)[1:] if len(word) > 3]
    return all(word[0].isupper() or word.casefold() in ("para", "with") for word in words)


def _folded(line: str) -> str:
    """In lower case, without bullets, arrows and end marks, so that one pattern fits them all."""
    plain = unicodedata.normalize("NFKC", line).casefold().replace("’", "'")
    return " ".join(plain.strip(" \t-–—•·*|>»›→▶:.!…[](){}+#\"'").split())


def _headlines(title: str) -> frozenset[str]:
    return frozenset(_bare(form) for form in (title, _SITE_NAME.sub("", title))) - {""}


def _bare(line: str) -> str:
    return _APART.sub(" ", line).strip().casefold()


def _trimmed(text: str, line: Span) -> Span:
    piece = text[line.start : line.end]
    left = line.start + len(piece) - len(piece.lstrip())
    return Span(left, left + len(piece.strip()))


def _runs(lines: Sequence[Span], marked: Sequence[bool]) -> tuple[Span, ...]:
    runs: list[Span] = []
    previous = False
    for line, mark in zip(lines, marked, strict=True):
        if mark and previous:
            runs[-1] = Span(runs[-1].start, line.end)
        elif mark:
            runs.append(line)
        previous = mark
    return tuple(runs)
