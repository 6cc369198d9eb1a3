"""SummaryView: an article's summary as a reader gets it, whoever wrote it, in any state."""

from dataclasses import dataclass
from datetime import datetime

from backstory_shared.articles import Span
from backstory_shared.ports import Entry
from backstory_shared.summaries import (
    AtMostSentences,
    AtMostWords,
    Length,
    Summary,
    SummaryState,
    Wanted,
)
from backstory_shared.text.sentences import sentences

#: The method of a summary that a person wrote.
EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the article, and where in its text it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """Where a summary came from: made of or written for which revision, how, and when."""

    revision: int
    model: str | None
    version: str | None
    content_hash: str | None
    made_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SummaryView:
    """Without text while there is none to show.

    Of an editor's text, `sentences` are those that the article has word for word.
    """

    id: str
    revision: int
    state: SummaryState
    approved: bool
    locked: bool
    text: str | None
    sentences: tuple[Sentence, ...]
    method: str | None
    coverage: float | None
    key_points: tuple[Sentence, ...] = ()
    teaser: Sentence | None = None
    provenance: Provenance | None = None


def view(entry: Entry, wanted: Wanted) -> SummaryView:
    """Spans are places in the text of their own revision: those of an older one show nothing."""
    stored, revision = entry.summary, entry.revision
    if stored.state is SummaryState.DISABLED:
        return _without_text(entry)
    if stored.decisions.holds(revision.revision):
        return _by_hand(entry, stored.decisions.text or "", wanted)
    summary = stored.summary if stored.revision == revision.revision else None
    return _without_text(entry) if summary is None else _made(entry, summary, wanted)


def short_text(entry: Entry) -> str | None:
    """The one sentence that lists show.

    None where the article has changed since an editor wrote it: a list has no room to say so.
    """
    shown = view(entry, Length.SHORT)
    return None if shown.state is SummaryState.STALE else shown.text


def text_of(text: str, spans: tuple[Span, ...]) -> str:
    """The sentences as one text; scripts without blanks between words get none between them."""
    said = [text[start:end] for start, end in spans]
    joint = "" if said and said[0][-1:] in "。！？" else " "
    return joint.join(said)


def _without_text(entry: Entry) -> SummaryView:
    return SummaryView(
        id=entry.revision.article.id,
        revision=entry.revision.revision,
        state=entry.summary.state,
        approved=False,
        locked=entry.summary.decisions.locked,
        text=None,
        sentences=(),
        method=None,
        coverage=None,
    )


def _made(entry: Entry, summary: Summary, wanted: Wanted) -> SummaryView:
    revision, text, spans = entry.revision, entry.revision.article.text, summary.of(wanted)
    teaser = summary.outline.teaser
    return SummaryView(
        id=revision.article.id,
        revision=revision.revision,
        state=entry.summary.state,
        approved=entry.summary.approved,
        locked=False,
        text=text_of(text, spans) or None,
        sentences=_sentences(text, spans),
        method=summary.method,
        coverage=summary.coverage,
        key_points=_sentences(text, summary.outline.key_points),
        teaser=_sentences(text, (teaser,))[0] if teaser else None,
        provenance=Provenance(
            revision=revision.revision,
            model=summary.model,
            version=summary.version,
            content_hash=revision.content_hash,
            made_at=entry.summary.made_at,
        ),
    )


def _by_hand(entry: Entry, written: str, wanted: Wanted) -> SummaryView:
    revision, decisions = entry.revision, entry.summary.decisions
    language = revision.article.language
    spans = _as_long(written, tuple(sentences(written, language)), wanted)
    return SummaryView(
        id=revision.article.id,
        revision=revision.revision,
        state=entry.summary.state,
        approved=entry.summary.approved,
        locked=decisions.locked,
        text=text_of(written, spans) or written,
        sentences=_found_in(revision.article.text, written, spans),
        method=EDITOR,
        coverage=None,
        provenance=Provenance(
            revision=decisions.written_for or revision.revision,
            model=None,
            version=None,
            content_hash=entry.summary.written_hash,
            made_at=entry.summary.written_at,
        ),
    )


def _as_long(written: str, spans: tuple[Span, ...], wanted: Wanted) -> tuple[Span, ...]:
    """An editor wrote one text: what is shorter than it is its beginning."""
    match wanted:
        case Length.SHORT:
            return spans[:1]
        case AtMostSentences(count):
            return spans[:count]
        case AtMostWords(count):
            return _first_words(written, spans, count)
        case _:
            return spans


def _first_words(written: str, spans: tuple[Span, ...], count: int) -> tuple[Span, ...]:
    left = count
    for place, (start, end) in enumerate(spans):
        left -= len(written[start:end].split())
        if left < 0:
            return spans[: max(place, 1)]
    return spans


def _found_in(text: str, written: str, spans: tuple[Span, ...]) -> tuple[Sentence, ...]:
    said = [written[start:end] for start, end in spans]
    places = [(each, text.find(each)) for each in said]
    return tuple(Sentence(each, at, at + len(each)) for each, at in places if at >= 0)


def _sentences(text: str, spans: tuple[Span, ...]) -> tuple[Sentence, ...]:
    return tuple(Sentence(text[start:end], start, end) for start, end in spans)
