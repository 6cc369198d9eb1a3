"""A summary as both APIs tell of it."""

from datetime import datetime

from pydantic import BaseModel

from backstory_shared.summaries import SummaryState
from backstory_shared.summary_view import Provenance, Sentence, SummaryView


class SentenceOut(BaseModel):
    """A sentence and its place in the article's text, in code points; `end` is not included."""

    text: str
    start: int
    end: int

    @classmethod
    def of(cls, sentence: Sentence) -> "SentenceOut":
        return cls(text=sentence.text, start=sentence.start, end=sentence.end)


class ProvenanceOut(BaseModel):
    """`revision` is the one the summary was made of, or written for."""

    revision: int
    model: str | None
    version: str | None
    content_hash: str | None
    made_at: datetime | None

    @classmethod
    def of(cls, provenance: Provenance) -> "ProvenanceOut":
        return cls.model_validate(provenance, from_attributes=True)


class SummaryOut(BaseModel):
    """`revision` is the article's; a text of an older one is only shown where it is locked."""

    id: str
    revision: int
    state: SummaryState
    approved: bool
    locked: bool
    text: str | None
    sentences: list[SentenceOut]
    method: str | None
    coverage: float | None
    key_points: list[SentenceOut]
    teaser: SentenceOut | None
    provenance: ProvenanceOut | None


def summary_out(summary: SummaryView) -> SummaryOut:
    return SummaryOut(
        id=summary.id,
        revision=summary.revision,
        state=summary.state,
        approved=summary.approved,
        locked=summary.locked,
        text=summary.text,
        sentences=list(map(SentenceOut.of, summary.sentences)),
        method=summary.method,
        coverage=summary.coverage,
        key_points=list(map(SentenceOut.of, summary.key_points)),
        teaser=SentenceOut.of(summary.teaser) if summary.teaser else None,
        provenance=ProvenanceOut.of(summary.provenance) if summary.provenance else None,
    )
