"""Passages: a text in parts that a model can take, cut between sentences where that can be."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from backstory_shared.articles import Span
from backstory_shared.text.sentences import sentences

#: Where the tokens of a text are, in order.
TokenSpans = Callable[[str], Sequence[Span]]


def passages(text: str, language: str | None, budget: int, tokens: TokenSpans) -> list[Span]:
    """Parts of at most `budget` tokens, in order, that hold every sentence.

    A sentence that is longer than that is cut between its tokens.
    """
    found: list[_Part] = []
    before = 0
    for sentence in sentences(text, language):
        between = len(tokens(text[before : sentence.start])) if found else 0
        found += _parts(text, sentence, between, budget, tokens)
        before = sentence.end
    return list(_packed(found, budget))


def covered(text: str, spans: Sequence[Span]) -> float:
    """The share of a text, white space aside, that is in one of the spans."""
    inside = bytearray(len(text))
    for start, end in spans:
        inside[start:end] = b"\1" * (end - start)
    read = [seen for character, seen in zip(text, inside, strict=True) if not character.isspace()]
    return sum(read) / len(read) if read else 1.0


class _Part(NamedTuple):
    """What stands between two sentences, a lone dash say, counts where both are in one passage."""

    span: Span
    tokens: int
    tokens_before: int


def _parts(
    text: str, sentence: Span, between: int, budget: int, tokens: TokenSpans
) -> Iterator[_Part]:
    """The sentence with how many tokens it has; in several parts if these are too many."""
    begin = sentence.start
    places = tokens(text[sentence.start : sentence.end])
    for first in range(0, max(len(places), 1), budget):
        some = places[first : first + budget]
        last = first + budget >= len(places)
        end = sentence.end if last else sentence.start + places[first + budget].start
        if end > begin:
            yield _Part(Span(begin, end), max(len(some), 1), between)
            begin, between = end, 0


def _packed(parts: Sequence[_Part], budget: int) -> Iterator[Span]:
    start, end, used = 0, 0, 0
    for span, length, before in parts:
        if used and used + before + length > budget:
            yield Span(start, end)
            used = 0
        start, used = (start, used + before + length) if used else (span.start, length)
        end = span.end
    if used:
        yield Span(start, end)
