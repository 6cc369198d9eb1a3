"""Passages: a text in parts that a model can take, cut between sentences where that can be."""

from collections.abc import Callable, Iterator, Sequence

from backstory_shared.articles import Span
from backstory_shared.text.sentences import sentences

#: Where the tokens of a text are, in order.
TokenSpans = Callable[[str], Sequence[Span]]


def passages(text: str, language: str | None, budget: int, tokens: TokenSpans) -> list[Span]:
    """Parts of at most `budget` tokens, in order, that hold every sentence.

    A sentence that is longer than that is cut between its tokens.
    """
    found = [
        part
        for sentence in sentences(text, language)
        for part in _parts(text, sentence, budget, tokens)
    ]
    return list(_packed(found, budget))


def _parts(
    text: str, sentence: Span, budget: int, tokens: TokenSpans
) -> Iterator[tuple[Span, int]]:
    """The sentence with how many tokens it has; in several parts if these are too many."""
    begin = sentence.start
    places = tokens(text[sentence.start : sentence.end])
    for first in range(0, max(len(places), 1), budget):
        some = places[first : first + budget]
        last = first + budget >= len(places)
        end = sentence.end if last else sentence.start + places[first + budget].start
        if end > begin:
            yield Span(begin, end), len(some)
            begin = end


def _packed(parts: Sequence[tuple[Span, int]], budget: int) -> Iterator[Span]:
    start, end, used = 0, 0, 0
    for span, length in parts:
        if used and used + length > budget:
            yield Span(start, end)
            used = 0
        if not used:
            start = span.start
        end, used = span.end, used + max(length, 1)
    if used:
        yield Span(start, end)
