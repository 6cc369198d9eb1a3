"""Summary: verbatim sentences, each with its place in the text it was taken from."""

from dataclasses import dataclass
from enum import StrEnum

from backstory_shared.articles import Span


class Length(StrEnum):
    """How long a summary the reader asked for."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class SummaryState(StrEnum):
    """Whether a summary is there, and whether it is of the article's current revision."""

    READY = "ready"
    PENDING = "pending"
    STALE = "stale"
    FAILED = "failed"
    DISABLED = "disabled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """A summary in three lengths; each is the spans of its sentences in the text, in order.

    `coverage` is the share of the story's characters (boilerplate left out) that was read.
    """

    short: tuple[Span, ...]
    medium: tuple[Span, ...]
    long: tuple[Span, ...]
    method: str
    coverage: float

    def of(self, length: Length) -> tuple[Span, ...]:
        spans: tuple[Span, ...] = getattr(self, length.value)
        return spans
