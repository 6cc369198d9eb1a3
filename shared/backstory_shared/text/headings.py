"""Headings: the lines above a story that say what it is about and are no sentences of it."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from backstory_shared.articles import Span

#: A headline, the line above it, the line below it.
_MOST = 3
_LONGEST = 160
#: A line longer than that was not broken because the next word would not have fitted.
_NEVER_WRAPPED = 100
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_CLOSERS = "\"'”’“»›)]」』）】"
_ENDS = frozenset(".!…。！｡．।۔።։:;,")


class Headed(NamedTuple):
    """What stands above a story, and what is left of its parts."""

    headings: tuple[Span, ...]
    parts: tuple[Span, ...]


def headed(text: str, parts: Sequence[Span]) -> Headed:
    """The headings with which the text begins, where sentences follow; most texts have none."""
    found: list[Span] = []
    for line, apart in _beginning(text, parts):
        if not _could_be_heading(text, line, apart):
            told = text[line.start : line.end].rstrip().rstrip(_CLOSERS)
            if found and told[-1:] in _ENDS | {"?"}:
                return Headed(tuple(found), _after(parts, found[-1].end))
            break
        found.append(line)
    return Headed((), tuple(parts))


def _beginning(text: str, parts: Sequence[Span]) -> Iterator[tuple[Span, bool]]:
    """The first lines, and of each whether it stands apart from the one that follows."""
    lines = (Span(*m.span()) for part in parts for m in _LINE.finditer(text, part.start, part.end))
    first = list(islice(lines, _MOST + 2))
    for line, following in pairwise(first):
        between = following.start - line.end > 1
        yield line, between or following.end - following.start > _NEVER_WRAPPED
    if len(first) <= _MOST + 1:
        yield from ((line, False) for line in first[-1:])


def _could_be_heading(text: str, line: Span, apart: bool) -> bool:
    said = text[line.start : line.end].strip()
    return apart and len(said) <= _LONGEST and said.rstrip(_CLOSERS)[-1:] not in _ENDS


def _after(parts: Sequence[Span], place: int) -> tuple[Span, ...]:
    return tuple(Span(max(part.start, place), part.end) for part in parts if part.end > place)
