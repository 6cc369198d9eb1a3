"""The answers, as readers of the API see them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from backstory_search.related import Relation
from backstory_search.search import Found, Hit
from backstory_shared.articles import Revision
from backstory_shared.ports import Entry, Facet, SummaryAct
from backstory_shared.summary_view import short_text


class SpanOut(BaseModel):
    """A place in the article's text, in Unicode code points; `end` is not included."""

    start: int
    end: int


class ArticleOut(BaseModel):
    id: str
    revision: int
    url: str | None
    title: str
    text: str
    boilerplate: list[SpanOut]
    published_at: datetime | None
    modified_at: datetime | None
    accepted_at: datetime
    authors: list[str]
    section: str | None
    tags: list[str]
    language: str | None
    source: str | None
    image_url: str | None
    metadata: dict[str, Any]


class ItemOut(BaseModel):
    """An article in a list; `summary` is the short one, null until there is one."""

    id: str
    url: str | None
    title: str
    section: str | None
    source: str | None
    language: str | None
    published_at: datetime | None
    summary: str | None


class BrowseOut(BaseModel):
    items: list[ItemOut]
    next_cursor: str | None


class DuplicatesOut(BaseModel):
    items: list[ItemOut]
    next_cursor: None = None


class AdjacentOut(BaseModel):
    """`previous` is the next older article, `next` the next newer one."""

    previous: ItemOut | None
    next: ItemOut | None


class HighlightOut(BaseModel):
    """A passage of the article, and where in it the words of the query are."""

    text: str
    matches: list[SpanOut]


class ExplanationOut(BaseModel):
    """The engine's own scores: null for an article that is not in that list."""

    cosine: float | None
    bm25: float | None


class HitOut(ItemOut):
    """`score` is between 0 and 1; compare it with others of the same answer only."""

    score: float
    highlights: list[HighlightOut]
    explain: ExplanationOut | None = None


class FacetValueOut(BaseModel):
    value: str
    count: int


class SearchOut(BaseModel):
    """`total` and `facets` are of all that matches; pages end after 1,000 articles."""

    items: list[HitOut]
    total: int
    facets: dict[Facet, list[FacetValueOut]]
    next_cursor: str | None


class RelatedItemOut(ItemOut):
    """`because` names what both articles speak of."""

    score: float
    because: list[str]


class RelatedOut(BaseModel):
    items: list[RelatedItemOut]
    next_cursor: None = None


class SummaryActOut(BaseModel):
    """Something that was made or decided; `text` is what was made or written then."""

    at: datetime
    act: str
    revision: int
    text: str | None
    method: str | None
    correlation_id: str | None


class SummaryHistoryOut(BaseModel):
    """The newest first."""

    items: list[SummaryActOut]
    next_cursor: None = None


def article_out(revision: Revision) -> ArticleOut:
    article = revision.article
    return ArticleOut(
        id=article.id,
        revision=revision.revision,
        url=article.url,
        title=article.title,
        text=article.text,
        boilerplate=[SpanOut(start=start, end=end) for start, end in revision.boilerplate],
        published_at=article.published_at,
        modified_at=article.modified_at,
        accepted_at=revision.accepted_at,
        authors=list(article.authors),
        section=article.section,
        tags=list(article.tags),
        language=article.language,
        source=article.source,
        image_url=article.image_url,
        metadata=dict(article.metadata),
    )


def item_out(entry: Entry) -> ItemOut:
    return ItemOut(**_item(entry))


def adjacent_out(previous: Entry | None, following: Entry | None) -> AdjacentOut:
    return AdjacentOut(
        previous=None if previous is None else item_out(previous),
        next=None if following is None else item_out(following),
    )


def search_out(found: Found, highlights: list[list[HighlightOut]], *, explain: bool) -> SearchOut:
    return SearchOut(
        items=[
            _hit_out(hit, marked, explain=explain)
            for hit, marked in zip(found.hits, highlights, strict=True)
        ],
        total=found.counts.total,
        facets={
            facet: [FacetValueOut(value=value, count=count) for value, count in values]
            for facet, values in found.counts.facets.items()
        },
        next_cursor=found.next_cursor,
    )


def related_out(relations: list[Relation]) -> RelatedOut:
    return RelatedOut(
        items=[
            RelatedItemOut(
                **_item(relation.entry), score=relation.score, because=list(relation.because)
            )
            for relation in relations
        ]
    )


def history_out(acts: list[SummaryAct]) -> SummaryHistoryOut:
    return SummaryHistoryOut(
        items=[SummaryActOut.model_validate(act, from_attributes=True) for act in acts]
    )


def _hit_out(hit: Hit, highlights: list[HighlightOut], *, explain: bool) -> HitOut:
    out = HitOut(**_item(hit.entry), score=hit.ranked.score, highlights=highlights)
    if explain:
        out.explain = ExplanationOut(cosine=hit.ranked.dense, bm25=hit.ranked.lexical)
    return out


def _item(entry: Entry) -> dict[str, Any]:
    article = entry.revision.article
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "section": article.section,
        "source": article.source,
        "language": article.language,
        "published_at": article.published_at,
        "summary": short_text(entry),
    }
