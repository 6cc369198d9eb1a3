"""The events: what happened to an article, in past tense; the ledger keeps them in order."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventType(StrEnum):
    ACCEPTED = "article.accepted"
    SUMMARIZED = "article.summarized"
    INDEXED = "article.indexed"
    RELATED = "article.related"
    READY = "article.ready"
    FAILED = "article.failed"
    DELETED = "article.deleted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One row of the event log. `sequence` grows with every event and is never used twice."""

    sequence: int
    type: EventType
    article_id: str
    revision: int
    correlation_id: str
    occurred_at: datetime
