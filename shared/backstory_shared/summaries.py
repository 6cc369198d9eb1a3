"""Summary: verbatim sentences, each with its place in the text it was taken from."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from backstory_shared.articles import Span

#: As much as can be asked for: a summary longer than that is the article.
MAX_SENTENCES = 20
MAX_WORDS = 400


class Length(StrEnum):
    """How long a summary the reader asked for."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class AtMostSentences:
    count: int


@dataclass(frozen=True, slots=True)
class AtMostWords:
    count: int


#: What a reader may ask for.
Wanted = Length | AtMostSentences | AtMostWords


class SummaryState(StrEnum):
    """Whether a summary is there, and whether it is of the article's current revision."""

    READY = "ready"
    PENDING = "pending"
    STALE = "stale"
    FAILED = "failed"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Unit:
    """Sentences that are taken together or not at all, and how many words they have."""

    spans: tuple[Span, ...]
    words: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """More than the three lengths: what any other length is cut from, without any computing.

    `order` are the units of the story, the most telling first. `key_points` stand alone each.
    `teaser` is about as long as a headline, and may be only the beginning of its sentence.
    """

    order: tuple[Unit, ...] = ()
    key_points: tuple[Span, ...] = ()
    teaser: Span | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """A summary in three lengths; each is the spans of its sentences in the text, in order.

    `coverage` is the share of the story's characters (boilerplate left out) that was read. `model`
    and `version` name the weights that chose.
    """

    short: tuple[Span, ...]
    medium: tuple[Span, ...]
    long: tuple[Span, ...]
    method: str
    coverage: float
    outline: Outline = Outline()
    model: str | None = None
    version: str | None = None

    def of(self, wanted: Wanted) -> tuple[Span, ...]:
        """Its spans in the order of the text."""
        match wanted:
            case AtMostSentences(count):
                return _in_order(_first_sentences(self.outline.order, count)) or self.short
            case AtMostWords(count):
                return _in_order(_first_words(self.outline.order, count)) or self.short
            case _:
                spans: tuple[Span, ...] = getattr(self, wanted.value)
                return spans


def _first_sentences(order: Iterable[Unit], most: int) -> list[Unit]:
    taken: list[Unit] = []
    left = most
    for unit in order:
        if len(unit.spans) <= left:
            taken.append(unit)
            left -= len(unit.spans)
    return taken


def _first_words(order: tuple[Unit, ...], most: int) -> list[Unit]:
    """At most so many words; where not even one sentence has so few, the one with the fewest."""
    taken: list[Unit] = []
    left = most
    for unit in order:
        if unit.words <= left:
            taken.append(unit)
            left -= unit.words
    return taken or sorted(order, key=lambda unit: unit.words)[:1]


def _in_order(units: Iterable[Unit]) -> tuple[Span, ...]:
    return tuple(sorted(span for unit in units for span in unit.spans))
