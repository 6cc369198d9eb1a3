"""Between the ledger's rows and the product's values."""

from typing import Any

import sqlalchemy as sa

from backstory_shared.adapters.ledger.schema import (
    articles,
    decisions,
    revisions,
    stages,
    summaries,
    summary_acts,
)
from backstory_shared.articles import Article, Draft, Revision, Span
from backstory_shared.editing import NO_DECISIONS, WRITTEN, Decisions, state_of
from backstory_shared.ports import Entry, StoredSummary
from backstory_shared.stages import Stage, State
from backstory_shared.summaries import Outline, Summary, SummaryState, Unit

Row = sa.Row[*tuple[Any, ...]]
Values = dict[str, Any]

#: Joined once and used by every read of whole articles: the live ones in their current revision.
_current = (
    articles.join(
        revisions,
        sa.and_(
            revisions.c.article_id == articles.c.id, revisions.c.revision == articles.c.revision
        ),
    )
    .outerjoin(
        summaries,
        sa.and_(
            summaries.c.article_id == articles.c.id, summaries.c.revision == articles.c.revision
        ),
    )
    .outerjoin(
        stages,
        sa.and_(stages.c.article_id == articles.c.id, stages.c.stage == Stage.SUMMARIZE.value),
    )
    .outerjoin(decisions, decisions.c.article_id == articles.c.id)
)

_had_summary = (
    sa.select(sa.literal(1))
    .select_from(summaries)
    .where(summaries.c.article_id == articles.c.id)
    .correlate(articles)
    .exists()
    .label("had_summary")
)

#: Selects an Entry's row; add conditions and an order.
select_entries = (
    sa.select(
        revisions,
        articles.c.modified_at,
        articles.c.first_accepted_at,
        summaries.c.short,
        summaries.c.medium,
        summaries.c.long,
        summaries.c.method,
        summaries.c.coverage,
        summaries.c.created_at.label("made_at"),
        decisions.c.text.label("decided_text"),
        decisions.c.written_for,
        decisions.c.locked,
        decisions.c.approved_revision,
        decisions.c.approved_at,
        decisions.c.disabled,
        stages.c.state.label("summary_stage"),
        _had_summary,
    )
    .select_from(_current)
    .where(articles.c.deleted_at.is_(None))
)


_seen = revisions.alias()
_written_hash = (
    sa.select(_seen.c.content_hash)
    .where(_seen.c.article_id == articles.c.id, _seen.c.revision == decisions.c.written_for)
    .correlate(articles, decisions)
    .scalar_subquery()
    .label("written_hash")
)
_written_at = (
    sa.select(sa.func.max(summary_acts.c.occurred_at))
    .where(summary_acts.c.article_id == articles.c.id, summary_acts.c.act == WRITTEN)
    .correlate(articles)
    .scalar_subquery()
    .label("written_at")
)

#: The same with all that is kept of the summary, for a reader of one article.
select_entry = select_entries.add_columns(
    summaries.c.outline, summaries.c.model, summaries.c.version, _written_hash, _written_at
)


def entry_of(row: Row) -> Entry:
    return Entry(revision=_revision_of(row), summary=_summary_of(row))


def _revision_of(row: Row) -> Revision:
    return Revision(
        article=Article(
            id=row.article_id,
            title=row.title,
            text=row.text,
            url=row.url,
            published_at=row.published_at,
            modified_at=row.modified_at,
            authors=tuple(row.authors),
            section=row.section,
            tags=tuple(row.tags),
            language=row.language,
            source=row.source,
            image_url=row.image_url,
            metadata=row._mapping[revisions.c.metadata],
        ),
        revision=row.revision,
        content_hash=row.content_hash,
        copy_hash=row.copy_hash,
        boilerplate=_spans(row.boilerplate),
        first_accepted_at=row.first_accepted_at,
        accepted_at=row.accepted_at,
    )


def _is_whole(row: Row) -> bool:
    """Whether it comes of `select_entry`."""
    return "outline" in row._fields


def _summary_of(row: Row) -> StoredSummary:
    whole = _is_whole(row)
    summary = None if row.method is None else _made(row)
    decided = NO_DECISIONS if row.locked is None else _decisions_of(row)
    made = SummaryState.READY if summary is not None else _waiting(row)
    return StoredSummary(
        revision=row.revision,
        state=state_of(made, decided, row.revision),
        summary=summary,
        made_at=row.made_at,
        decisions=decided,
        written_at=row.written_at if whole else None,
        written_hash=row.written_hash if whole else None,
    )


def _made(row: Row) -> Summary:
    whole = _is_whole(row)
    return Summary(
        short=_spans(row.short),
        medium=_spans(row.medium),
        long=_spans(row.long),
        method=row.method,
        coverage=row.coverage,
        outline=_outline(row.outline) if whole and row.outline else Outline(),
        model=row.model if whole else None,
        version=row.version if whole else None,
    )


def _decisions_of(row: Row) -> Decisions:
    return Decisions(
        text=row.decided_text,
        written_for=row.written_for,
        locked=row.locked,
        approved_revision=row.approved_revision,
        approved_at=row.approved_at,
        disabled=row.disabled,
    )


def _waiting(row: Row) -> SummaryState:
    if row.summary_stage == State.FAILED.value:
        return SummaryState.FAILED
    return SummaryState.STALE if row.had_summary else SummaryState.PENDING


def revision_values(draft: Draft) -> Values:
    """A draft as a row of `revisions`, without the revision's number and time."""
    article = draft.article
    return {
        "article_id": article.id,
        "title": article.title,
        "text": article.text,
        "url": article.url,
        "published_at": article.published_at,
        "authors": list(article.authors),
        "section": article.section,
        "tags": list(article.tags),
        "language": article.language,
        "source": article.source,
        "image_url": article.image_url,
        "metadata": dict(article.metadata),
        "boilerplate": draft.boilerplate,
        "content_hash": draft.content_hash,
        "copy_hash": draft.copy_hash,
    }


def summary_values(summary: Summary) -> Values:
    return {
        "short": summary.short,
        "medium": summary.medium,
        "long": summary.long,
        "method": summary.method,
        "coverage": summary.coverage,
        "outline": {
            "order": [[unit.words, *unit.spans] for unit in summary.outline.order],
            "key_points": summary.outline.key_points,
            "teaser": summary.outline.teaser,
        },
        "model": summary.model,
        "version": summary.version,
    }


def _outline(kept: Values) -> Outline:
    return Outline(
        order=tuple(Unit(_spans(spans), words) for words, *spans in kept["order"]),
        key_points=_spans(kept["key_points"]),
        teaser=Span(*kept["teaser"]) if kept["teaser"] else None,
    )


def _spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)
