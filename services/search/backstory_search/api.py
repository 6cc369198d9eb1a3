"""The search API: it translates HTTP to the use cases and back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse

from backstory_search.bodies import ProposalIn
from backstory_search.browse import BrowseArticles
from backstory_search.embedded import ReadEmbedded
from backstory_search.parameters import (
    BrowseParameters,
    NoParameters,
    RelatedByUrlParameters,
    RelatedParameters,
    SearchParameters,
    StoriesParameters,
    SummaryParameters,
)
from backstory_search.proposals import RelatedToTaste, RelatedToText
from backstory_search.related import RelatedArticles
from backstory_search.schemas import (
    AdjacentOut,
    ArticleOut,
    BrowseOut,
    DuplicatesOut,
    EmbeddingOut,
    HighlightOut,
    RelatedOut,
    SearchOut,
    StoriesOut,
    StoryTimelineOut,
    SummaryHistoryOut,
    adjacent_out,
    article_out,
    duplicates_out,
    embedding_out,
    history_out,
    item_out,
    related_out,
    search_out,
    story_out,
    timeline_out,
)
from backstory_search.search import Found, Hit, SearchArticles
from backstory_search.stories import ReadStories
from backstory_search.summaries import ReadSummary, ReadSummaryHistory
from backstory_shared.errors import FieldProblem, InvalidParameter
from backstory_shared.ports import ArticleReader, Browser, Folds, Terms
from backstory_shared.web.parameters import KNOWN_PARAMETERS
from backstory_shared.web.summaries import SummaryOut, summary_out

#: The passages of each hit that show why it was found, with the words of the query marked.
Highlighter = Callable[[Sequence[Hit], str, Terms | None], list[list[HighlightOut]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The use cases behind the routes."""

    articles: ArticleReader
    browser: Browser
    folds: Folds
    search: SearchArticles
    related: RelatedArticles
    proposal: RelatedToText
    taste: RelatedToTaste
    stories: ReadStories
    browse: BrowseArticles
    summary: ReadSummary
    summary_history: ReadSummaryHistory
    embedded: ReadEmbedded
    highlight: Highlighter
    canonical_url: Callable[[str], str]


def routes(reading: Reading) -> APIRouter:
    """All endpoints are plain functions: they run in the thread pool, beside each other."""
    router = APIRouter(prefix="/v1", tags=["search"], dependencies=KNOWN_PARAMETERS)
    _add_article_routes(router, reading)
    _add_list_routes(router, reading)
    _add_story_routes(router, reading)
    return router


def _add_article_routes(router: APIRouter, reading: Reading) -> None:
    @router.get("/articles/{article_id}")
    def read_article(article_id: str, _: Annotated[NoParameters, Query()]) -> ArticleOut:
        """An article in full; the places of a summary's sentences are places in its `text`."""
        revision = reading.articles.entry(article_id).revision
        return article_out(revision, reading.folds.together([article_id]).get(article_id, ()))

    @router.get("/articles/{article_id}/summary")
    def read_summary(article_id: str, asked: Annotated[SummaryParameters, Query()]) -> SummaryOut:
        """The summary, in the article's own sentences; `state` says whether it is there yet."""
        return summary_out(reading.summary(article_id, asked.wanted))

    @router.get("/articles/{article_id}/summary/history")
    def read_summary_history(
        article_id: str, _: Annotated[NoParameters, Query()]
    ) -> SummaryHistoryOut:
        """What was made of the article, and what people decided about it."""
        return history_out(reading.summary_history(article_id))

    @router.get("/articles/{article_id}/embedding")
    def embedding(article_id: str, _: Annotated[NoParameters, Query()]) -> EmbeddingOut:
        """What of the article can be found by its meaning, and by which model."""
        return embedding_out(reading.embedded(article_id))

    @router.get("/articles/{article_id}/related")
    def related(article_id: str, asked: Annotated[RelatedParameters, Query()]) -> RelatedOut:
        """What else there is on the same story: few or none where little is near enough."""
        return _related(reading, article_id, asked)

    @router.get("/articles/{article_id}/adjacent")
    def adjacent(article_id: str, _: Annotated[NoParameters, Query()]) -> AdjacentOut:
        """The article before and the one after, by date."""
        return adjacent_out(*reading.browser.adjacent(article_id))

    @router.get("/articles/{article_id}/duplicates")
    def duplicates(article_id: str, _: Annotated[NoParameters, Query()]) -> DuplicatesOut:
        """Other articles with the same text, or nearly so; the oldest is the original."""
        article = reading.articles.entry(article_id).revision
        return duplicates_out(article, reading.browser.copies(article_id))


def _add_list_routes(router: APIRouter, reading: Reading) -> None:
    @router.get("/articles")
    def browse(asked: Annotated[BrowseParameters, Query()]) -> BrowseOut:
        """The archive by date, newest first."""
        found = reading.browse(asked.filters, limit=asked.limit, cursor=asked.cursor)
        return BrowseOut(
            items=[item_out(entry) for entry in found.entries], next_cursor=found.next_cursor
        )

    @router.get("/related")
    def related_by_url(asked: Annotated[RelatedByUrlParameters, Query()]) -> RelatedOut:
        """As for an article's id, for the page that only knows its own address."""
        article_id = reading.articles.id_of_url(_canonical(reading, asked.url))
        return _related(reading, article_id, asked)

    @router.post("/related")
    def related_to(asked: ProposalIn) -> RelatedOut:
        """Have we covered this? Related to a text, or to what is liked; nothing is stored."""
        if asked.liked:
            return related_out(
                reading.taste(liked=asked.liked, disliked=asked.disliked, limit=asked.limit)
            )
        found = reading.proposal(
            title=asked.title, text=asked.text, language=asked.language, limit=asked.limit
        )
        return related_out(found)

    @router.get("/search", response_model_exclude_unset=True)
    def search(asked: Annotated[SearchParameters, Query()]) -> SearchOut:
        """Search by meaning and by words."""
        found = reading.search(asked.search)
        return search_out(found, _highlights(reading, asked, found), explain=asked.explain)


def _add_story_routes(router: APIRouter, reading: Reading) -> None:
    @router.get("/stories")
    def stories(asked: Annotated[StoriesParameters, Query()]) -> StoriesOut:
        """Events that more than one article is about, by when they were last heard of."""
        found = reading.stories.newest(asked.section, limit=asked.limit, cursor=asked.cursor)
        return StoriesOut(
            items=[story_out(told) for told in found.stories], next_cursor=found.next_cursor
        )

    @router.get("/stories/{story_id}", response_model=StoryTimelineOut)
    def story(
        story_id: str, _: Annotated[NoParameters, Query()]
    ) -> StoryTimelineOut | RedirectResponse:
        """An event from its first article to its newest. One that went into another leads there."""
        told = reading.stories.one(story_id)
        if told.story.id != story_id:
            return RedirectResponse(f"/v1/stories/{told.story.id}", status_code=308)
        return timeline_out(told)


def _related(reading: Reading, article_id: str, asked: RelatedParameters) -> RelatedOut:
    found = reading.related(
        article_id,
        filters=asked.filters,
        limit=asked.limit,
        fallback=asked.fallback is not None,
    )
    return related_out(found)


def _highlights(
    reading: Reading, asked: SearchParameters, found: Found
) -> list[list[HighlightOut]]:
    if not asked.highlight:
        return [[] for _ in found.hits]
    return reading.highlight(found.hits, asked.q, found.terms)


def _canonical(reading: Reading, url: str) -> str:
    try:
        return reading.canonical_url(url)
    except ValueError as error:
        problem = FieldProblem("url", "Give the address of a web page.")
        raise InvalidParameter("A parameter is not valid.", fields=[problem]) from error
