"""The answers, as readers of the API see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from backstory_search.embedded import EmbeddedView
from backstory_search.related import Relation
from backstory_search.search import Found, Hit
from backstory_search.stories import Told
from backstory_shared.articles import Revision
from backstory_shared.ports import Entry, Facet, SummaryAct
from backstory_shared.summary_view import short_text


class SpanOut(BaseModel):
    """A place in the article's text, in Unicode code points; `end` is not included."""

    start: int
    end: int


class ArticleOut(BaseModel):
    """`duplicate_of` is the oldest article that this one is a copy of; null if it is of none."""

    id: str
    revision: int
    duplicate_of: str | None
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


class EmbeddingOut(BaseModel):
    """Which share of the text the vectors are of that the article is found by, in how many
    passages; both are null while it is not in the index as it is now. Boilerplate does not count.
    """

    id: str
    revision: int
    state: Literal["ready", "pending"]
    model: str
    passages: int | None
    coverage: float | None


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
    """`duplicate_of` is the oldest of the copies; null if this article is."""

    duplicate_of: str | None
    items: list[ItemOut]
    next_cursor: None = None


class AdjacentOut(BaseModel):
    """`previous` is the next older article, `next` the next newer one."""

    previous: ItemOut | None
    next: ItemOut | None


class HighlightOut(BaseModel):
    """A passage of the article, and where in it the words of the query are.

    `cut_before` and `cut_after` say that its sentence is too long to be shown, and goes on there.
    """

    text: str
    matches: list[SpanOut]
    cut_before: bool = False
    cut_after: bool = False


class ExplanationOut(BaseModel):
    """The engine's own scores: null for an article that is not in that list.

    `closeness` is how much of the query the article says in the very words, from 0 to 1: null for
    an article that was not among the first, which alone are read.
    """

    cosine: float | None
    bm25: float | None
    closeness: float | None


class FoldedOut(BaseModel):
    """The other articles of the answer that this one stands for."""

    count: int
    ids: list[str]


class HitOut(ItemOut):
    """`score` is between 0 and 1; compare it with others of the same answer only."""

    score: float
    highlights: list[HighlightOut]
    folded: FoldedOut
    explain: ExplanationOut | None = None


class FacetValueOut(BaseModel):
    value: str
    count: int


class MeantOut(BaseModel):
    """A word that no article has, and those one slip of the keyboard away that were looked for."""

    typed: str
    words: list[str]


class SearchOut(BaseModel):
    """`total` and `facets` count all articles that match, those that are folded included; pages
    end after 1,000 articles. `meant` is there on a first page that has anything to say."""

    items: list[HitOut]
    total: int
    facets: dict[Facet, list[FacetValueOut]]
    next_cursor: str | None
    meant: list[MeantOut] = []


class BecauseOut(BaseModel):
    """`names` are what both speak of; `days` how much later it came out, below zero earlier."""

    names: list[str]
    same_story: bool
    days: int | None


class RelatedItemOut(ItemOut):
    """`pinned` was an editor's choice; `fallback` is only the newest there is, as was asked for."""

    score: float
    because: BecauseOut
    folded: FoldedOut
    pinned: bool
    fallback: bool


class RelatedOut(BaseModel):
    items: list[RelatedItemOut]
    next_cursor: None = None


class StoryOut(BaseModel):
    """`articles` counts all of them, copies included."""

    id: str
    headline: str
    articles: int
    first_seen: datetime
    last_seen: datetime
    sources: list[str]
    sections: list[str]


class StoryTimelineOut(StoryOut):
    """`items` from the oldest to the newest."""

    items: list[ItemOut]


class StoriesOut(BaseModel):
    items: list[StoryOut]
    next_cursor: str | None


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


def article_out(revision: Revision, copies: Sequence[str]) -> ArticleOut:
    """`copies` are the ids of all that read alike, this one included, oldest first."""
    article = revision.article
    oldest = copies[0] if copies else article.id
    return ArticleOut(
        id=article.id,
        revision=revision.revision,
        duplicate_of=None if oldest == article.id else oldest,
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


def embedding_out(view: EmbeddedView) -> EmbeddingOut:
    vectors = view.vectors
    return EmbeddingOut(
        id=view.id,
        revision=view.revision,
        state="pending" if vectors is None else "ready",
        model=view.model,
        passages=None if vectors is None else vectors.passages,
        coverage=None if vectors is None else vectors.coverage,
    )


def item_out(entry: Entry) -> ItemOut:
    return ItemOut(**_item(entry))


def duplicates_out(article: Revision, copies: list[Entry]) -> DuplicatesOut:
    oldest = min((one.revision for one in copies), key=_by_age, default=article)
    return DuplicatesOut(
        duplicate_of=oldest.article.id if _by_age(oldest) < _by_age(article) else None,
        items=[item_out(one) for one in copies],
    )


def _by_age(revision: Revision) -> tuple[datetime, str]:
    return revision.sort_at, revision.article.id


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
        **_meant(found),
    )


def _meant(found: Found) -> dict[str, list[MeantOut]]:
    """Left out where there is nothing to say."""
    meant = [MeantOut(typed=typed, words=list(words)) for typed, words in found.meant.items()]
    return {"meant": meant} if meant else {}


def related_out(relations: list[Relation]) -> RelatedOut:
    return RelatedOut(
        items=[
            RelatedItemOut(
                **_item(relation.entry),
                score=relation.score,
                because=BecauseOut(
                    names=list(relation.because),
                    same_story=relation.same_story,
                    days=relation.days,
                ),
                folded=_folded(relation.folded),
                pinned=relation.pinned,
                fallback=relation.fallback,
            )
            for relation in relations
        ]
    )


def story_out(told: Told) -> StoryOut:
    return StoryOut(**_story(told))


def timeline_out(told: Told) -> StoryTimelineOut:
    return StoryTimelineOut(**_story(told), items=[item_out(one) for one in told.timeline])


def _story(told: Told) -> dict[str, Any]:
    return {
        "id": told.story.id,
        "headline": told.headline,
        "articles": len(told.timeline),
        "first_seen": told.timeline[0].revision.sort_at,
        "last_seen": told.timeline[-1].revision.sort_at,
        "sources": list(told.sources),
        "sections": list(told.sections),
    }


def _folded(ids: Sequence[str]) -> FoldedOut:
    return FoldedOut(count=len(ids), ids=list(ids))


def history_out(acts: list[SummaryAct]) -> SummaryHistoryOut:
    return SummaryHistoryOut(
        items=[SummaryActOut.model_validate(act, from_attributes=True) for act in acts]
    )


def _hit_out(hit: Hit, highlights: list[HighlightOut], *, explain: bool) -> HitOut:
    out = HitOut(
        **_item(hit.entry),
        score=hit.ranked.score,
        highlights=highlights,
        folded=_folded(hit.folded),
    )
    if explain:
        out.explain = ExplanationOut(
            cosine=hit.ranked.dense, bm25=hit.ranked.lexical, closeness=hit.ranked.closeness
        )
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
