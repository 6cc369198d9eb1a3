"""What the templates are given: values with nothing left to work out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from backstory_search.schemas import HighlightOut
from backstory_search.summaries import SummaryView
from backstory_shared.articles import Revision, Span
from backstory_shared.ports import Facet
from backstory_shared.text.boilerplate import complement

_WORDS_A_MINUTE = 230
#: How many values of a facet a reader is shown.
_MOST_VALUES = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: `mark` says that it is marked, `anchor` that it can be jumped to."""

    text: str
    mark: bool = False
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes the search, and whether it is the one in force."""

    label: str
    href: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """The results page is its address: every choice on it is a change of its parameters."""

    path: str
    parameters: tuple[tuple[str, str], ...]

    def with_(self, name: str, value: str) -> str:
        return self._href([*self._without(name, "cursor"), (name, value)])

    def toggled(self, name: str, value: str) -> str:
        kept = self._without("cursor")
        pair = (name, value)
        return self._href(
            [each for each in kept if each != pair] if pair in kept else [*kept, pair]
        )

    def has(self, name: str, value: str) -> bool:
        return (name, value) in self.parameters

    def _without(self, *names: str) -> list[tuple[str, str]]:
        return [pair for pair in self.parameters if pair[0] not in names]

    def _href(self, parameters: Sequence[tuple[str, str]]) -> str:
        return f"{self.path}?{urlencode(parameters)}"


def marked(highlight: HighlightOut) -> list[Piece]:
    """A passage in pieces, the words of the query marked."""
    spans = [Span(each.start, each.end) for each in highlight.matches]
    return list(_pieces(highlight.text, Span(0, len(highlight.text)), dict.fromkeys(spans)))


def paragraphs(revision: Revision, summary: SummaryView) -> list[list[Piece]]:
    """The story in paragraphs, without boilerplate; a summary's sentences can be jumped to."""
    text = revision.article.text
    anchors = {
        Span(sentence.start, sentence.end): f"sentence-{number}"
        for number, sentence in enumerate(summary.sentences, 1)
    }
    story = complement(revision.boilerplate, len(text))
    return [
        list(_pieces(text, paragraph, anchors))
        for part in story
        for paragraph in _paragraphs(text, part)
    ]


def minutes(revision: Revision) -> int:
    """How long reading takes, at least a minute."""
    story = complement(revision.boilerplate, len(revision.article.text))
    words = sum(len(revision.article.text[start:end].split()) for start, end in story)
    return max(1, round(words / _WORDS_A_MINUTE))


def facet_choices(
    address: Address, facets: Mapping[Facet, Sequence[tuple[str, int]]]
) -> dict[str, list[Choice]]:
    return {
        facet.value: [
            Choice(value, address.toggled(facet.value, value), address.has(facet.value, value), n)
            for value, n in values[:_MOST_VALUES]
        ]
        for facet, values in facets.items()
        if values
    }


def choices(address: Address, name: str, values: Sequence[str], chosen: str) -> list[Choice]:
    return [Choice(value, address.with_(name, value), value == chosen) for value in values]


def _paragraphs(text: str, part: Span) -> Iterator[Span]:
    start = part.start
    for line in text[part.start : part.end].split("\n"):
        if line.strip():
            yield Span(start, start + len(line))
        start += len(line) + 1


def _pieces(text: str, whole: Span, marks: Mapping[Span, str | None]) -> Iterator[Piece]:
    position = whole.start
    for span in sorted(marks):
        if span.start < position or span.end > whole.end:
            continue
        if span.start > position:
            yield Piece(text[position : span.start])
        yield Piece(text[span.start : span.end], mark=True, anchor=marks[span])
        position = span.end
    if position < whole.end:
        yield Piece(text[position : whole.end])
