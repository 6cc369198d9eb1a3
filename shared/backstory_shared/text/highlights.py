"""Highlights: the passages of a text that show why it was found, and the words in them."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from dataclasses import dataclass

from backstory_shared.articles import Span
from backstory_shared.text.compounds import compounds
from backstory_shared.text.sentences import sentences

#: The terms of a word, as the index knows them: a word is marked where they meet the query's.
TermsOf = Callable[[str], Set[int]]

#: How near each of some sentences is to what was asked for.
Nearness = Callable[[Sequence[str]], Sequence[float]]

#: A number with its thousands parted is one word.
_WORD = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?!\w)|[^\W_]+(?:['’][^\W_]+)*")
_LONGEST = 240
#: Beyond this nobody looks for the reason why an article was found.
_READ = 50_000
#: To compare every sentence takes longer: some 3,500 words.
_READ_CLOSELY = 20_000


@dataclass(frozen=True, slots=True)
class Highlight:
    """A passage of the text; `marks` are spans of the passage.

    `cut_before` and `cut_after` say that its sentence goes on there.
    """

    text: str
    marks: tuple[Span, ...]
    cut_before: bool = False
    cut_after: bool = False


def highlights(
    text: str, language: str | None, wanted: Collection[int], terms_of: TermsOf, most: int
) -> list[Highlight]:
    """At most `most` passages with most different words of the query, in the order of the text.

    None where no word of the query is in the text.
    """
    found = [_highlight(text, span, wanted, terms_of) for span in sentences(text[:_READ], language)]
    ranked = sorted(range(len(found)), key=lambda i: (-_different(found[i], terms_of), i))
    return [found[i] for i in sorted(ranked[:most]) if found[i].marks]


def nearest_sentence(text: str, language: str | None, nearness: Nearness) -> list[Highlight]:
    """The sentence that comes nearest, the first of equals; none where there is no sentence."""
    found = sentences(text[:_READ_CLOSELY], language)
    if not found:
        return []
    near = nearness([text[start:end] for start, end in found])
    best = max(range(len(found)), key=lambda place: (near[place], -place))
    return [_shown(text, found[best], ())]


def _highlight(text: str, sentence: Span, wanted: Collection[int], terms_of: TermsOf) -> Highlight:
    marks = list(_marks(text, sentence, wanted, terms_of))
    return _shown(text, sentence, marks)


def _marks(text: str, sentence: Span, wanted: Collection[int], terms_of: TermsOf) -> Iterator[Span]:
    """The words, and whatever is one word for the query though it has a mark within."""
    said = text[sentence.start : sentence.end]
    whole = [
        Span(*match.span())
        for match, word in compounds(said)
        if not terms_of(word.lower()).isdisjoint(wanted)
    ]
    single = [
        Span(*match.span())
        for match in _WORD.finditer(said)
        if not terms_of(match[0].lower()).isdisjoint(wanted)
        and not any(one.start < match.end() and match.start() < one.end for one in whole)
    ]
    for start, end in sorted([*whole, *single]):
        yield Span(start + sentence.start, end + sentence.start)


def _shown(text: str, sentence: Span, marks: Sequence[Span]) -> Highlight:
    window = _window(text, sentence, marks)
    return Highlight(
        text[window.start : window.end],
        tuple(_inside(marks, window)),
        cut_before=window.start > sentence.start,
        cut_after=window.end < sentence.end,
    )


def _window(text: str, sentence: Span, marks: Sequence[Span]) -> Span:
    """The sentence, or as much of a long one around its first marks as is quick to read."""
    if sentence.end - sentence.start <= _LONGEST:
        return sentence
    first = marks[0].start if marks else sentence.start
    start = _word_start(text, max(sentence.start, first - _LONGEST // 3), sentence.start)
    if start + _LONGEST >= sentence.end:
        return Span(start, sentence.end)
    return Span(start, _word_start(text, start + _LONGEST, start + _LONGEST // 2) - 1)


def _word_start(text: str, place: int, earliest: int) -> int:
    space = text.rfind(" ", earliest, place)
    return earliest if space < 0 else space + 1


def _inside(marks: Sequence[Span], window: Span) -> Iterator[Span]:
    for start, end in marks:
        if window.start <= start and end <= window.end:
            yield Span(start - window.start, end - window.start)


def _different(highlight: Highlight, terms_of: TermsOf) -> int:
    words = {highlight.text[start:end].lower() for start, end in highlight.marks}
    return len({min(terms_of(word), default=0) for word in words})
