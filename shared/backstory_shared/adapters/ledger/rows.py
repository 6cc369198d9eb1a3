"""Between the ledger's rows and the product's values."""

from typing import Any

import sqlalchemy as sa

from backstory_shared.adapters.ledger.schema import articles, revisions, stages, summaries
from backstory_shared.articles import Article, Draft, Revision, Span
from backstory_shared.ports import Entry, StoredSummary
from backstory_shared.stages import Stage, State
from backstory_shared.summaries import Summary, SummaryState

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
        stages.c.state.label("summary_stage"),
        _had_summary,
    )
    .select_from(_current)
    .where(articles.c.deleted_at.is_(None))
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


def _summary_of(row: Row) -> StoredSummary:
    if row.method is not None:
        summary = Summary(
            short=_spans(row.short),
            medium=_spans(row.medium),
            long=_spans(row.long),
            method=row.method,
            coverage=row.coverage,
        )
        return StoredSummary(revision=row.revision, state=SummaryState.READY, summary=summary)
    return StoredSummary(revision=row.revision, state=_waiting(row), summary=None)


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
    }


def _spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)
