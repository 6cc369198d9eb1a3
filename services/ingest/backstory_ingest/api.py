"""The ingest API: it translates HTTP to the use cases and back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from email.message import Message
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from backstory_ingest.accept import AcceptArticles, told
from backstory_ingest.bulk import AcceptLines
from backstory_ingest.editing import EditSummary, SummarizeAgain, SummarizeText
from backstory_ingest.events import FollowEvents
from backstory_ingest.exchange import BulkExchange
from backstory_ingest.lines import Line
from backstory_ingest.removal import DeleteArticle
from backstory_ingest.retries import RetryArticles
from backstory_ingest.schemas import (
    AcceptedOut,
    ArticleIn,
    DeletedOut,
    FailuresOut,
    RetriedOut,
    StatsOut,
    StatusOut,
    http_status,
    parse_article,
)
from backstory_ingest.summaries_api import add_summary_routes
from backstory_shared.errors import (
    FieldProblem,
    InvalidCursor,
    InvalidParameter,
    NotFound,
    UnsupportedMediaType,
)
from backstory_shared.events import Event, EventType
from backstory_shared.ids import is_id
from backstory_shared.ports import Accepted, StatusLedger
from backstory_shared.web.parameters import KNOWN_PARAMETERS, Whole

BULK_PATH = "/v1/articles/bulk"

_JSON = ("application/json",)
_NDJSON = (
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonlines",
)
_LIVE_THREADS = 8
_BULK_THREADS = 2

_UNCHANGED: dict[int | str, dict[str, Any]] = {
    200: {"model": AcceptedOut, "description": "Nothing to do: unchanged or outdated"}
}
_ARTICLE_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": ArticleIn.model_json_schema()}},
    }
}
_LINES_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    }
}


@dataclass(frozen=True, kw_only=True)
class Ingest:
    """The use cases behind the routes."""

    accept: AcceptArticles
    delete: DeleteArticle
    retry: RetryArticles
    status: StatusLedger
    events: FollowEvents
    edit_summary: EditSummary
    summarize_again: SummarizeAgain
    summarize_text: SummarizeText


def routes(ingest: Ingest, guard: Callable[..., Awaitable[None]]) -> APIRouter:
    """All of ingest; `guard` stands before whatever writes."""
    router = APIRouter(prefix="/v1", tags=["ingest"], dependencies=KNOWN_PARAMETERS)
    _add_writing(router, ingest, [Depends(guard)])
    _add_retrying(router, ingest, [Depends(guard)])
    _add_reading(router, ingest)
    add_summary_routes(
        router,
        [Depends(guard)],
        edit=ingest.edit_summary,
        again=ingest.summarize_again,
        summarize=ingest.summarize_text,
        body=_json_body,
        known_form=_known_form,
    )
    return router


def _add_writing(router: APIRouter, ingest: Ingest, guarded: Sequence[Any]) -> None:
    hands = _Hands(ingest.accept)

    @router.post(
        "/articles",
        status_code=202,
        dependencies=guarded,
        openapi_extra=_ARTICLE_BODY,
        responses=_UNCHANGED,
    )
    async def post_article(request: Request, response: Response) -> AcceptedOut:
        """Accept one article. The answer comes when it is stored for good."""
        return await hands.accept(await _body(request, _JSON), response)

    @router.put(
        "/articles/{article_id}",
        status_code=202,
        dependencies=guarded,
        openapi_extra=_ARTICLE_BODY,
        responses=_UNCHANGED,
    )
    async def put_article(article_id: str, request: Request, response: Response) -> AcceptedOut:
        """Accept one article under the id in the path."""
        return await hands.accept(await _body(request, _JSON), response, article_id)

    @router.post("/articles/bulk", dependencies=guarded, openapi_extra=_LINES_BODY)
    async def post_articles(request: Request) -> Response:
        """Accept any number of articles, one JSON object per line; one result per line."""
        _check_media_type(request, _NDJSON)
        return BulkExchange(hands.accept_lines)

    @router.delete("/articles/{article_id}", dependencies=guarded)
    def delete_article(article_id: str) -> DeletedOut:
        """Delete an article: it is gone from every answer from now on."""
        tombstone = ingest.delete(_known_form(article_id))
        return DeletedOut(id=tombstone.id, revision=tombstone.revision)


def _add_retrying(router: APIRouter, ingest: Ingest, guarded: Sequence[Any]) -> None:
    @router.post("/articles/{article_id}/retry", status_code=202, dependencies=guarded)
    def retry_article(article_id: str) -> RetriedOut:
        """Try the failed stages of an article again."""
        return RetriedOut(retried=ingest.retry.one(_known_form(article_id)))

    @router.post("/failures/retry", status_code=202, dependencies=guarded)
    def retry_failures() -> RetriedOut:
        """Try everything again that has failed."""
        return RetriedOut(retried=ingest.retry.all())


def _add_reading(router: APIRouter, ingest: Ingest) -> None:
    @router.get("/articles/{article_id}/status")
    def read_status(article_id: str) -> StatusOut:
        """How far an article has come."""
        return StatusOut.of(ingest.status.status(_known_form(article_id)))

    @router.get("/failures")
    def read_failures(
        limit: Annotated[Whole, Query(ge=1, le=200)] = 50, cursor: str | None = None
    ) -> FailuresOut:
        """The articles that failed, with their reasons."""
        if cursor is not None and not is_id(cursor):
            raise InvalidCursor("Take the cursor from next_cursor of the page before.")
        found = ingest.status.failures(after=cursor, limit=limit + 1)
        page = [StatusOut.of(report) for report in found[:limit]]
        return FailuresOut(items=page, next_cursor=page[-1].id if len(found) > limit else None)

    @router.get("/stats")
    def read_stats() -> StatsOut:
        """What the whole archive holds, and how much work is waiting."""
        return StatsOut.of(ingest.status.stats())

    def place(
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> int:
        """Where the listener left off; without a place, now."""
        return ingest.events.now() if last_event_id is None else _sequence(last_event_id)

    @router.get("/events", response_class=EventSourceResponse)
    async def follow_events(
        after: Annotated[int, Depends(place)],
        types: Annotated[frozenset[EventType], Depends(_event_types)],
    ) -> AsyncIterator[ServerSentEvent]:
        """What happens to the articles, as it happens (server-sent events)."""
        async for event in ingest.events.follow(after, types):
            yield _told_event(event)


class _Hands:
    """Few threads do the work of accepting, so that an import leaves threads to the readers."""

    def __init__(self, accept: AcceptArticles) -> None:
        self._accept = accept
        self._lines = AcceptLines(accept)
        self._live = CapacityLimiter(_LIVE_THREADS)
        self._bulk = CapacityLimiter(_BULK_THREADS)

    async def accept(
        self, raw: bytes, response: Response, article_id: str | None = None
    ) -> AcceptedOut:
        future = await to_thread.run_sync(self._begin, raw, article_id, limiter=self._live)
        try:
            accepted = await asyncio.wrap_future(future)
        except Exception as error:
            raise told(error) from error
        response.status_code = http_status(accepted)
        return AcceptedOut.of(accepted)

    async def accept_lines(self, lines: Sequence[Line]) -> bytes:
        return await to_thread.run_sync(self._lines, lines, limiter=self._bulk)

    def _begin(self, raw: bytes, article_id: str | None) -> Future[Accepted]:
        article: ArticleIn = parse_article(raw)
        return self._accept.one(article if article_id is None else article.with_id(article_id))


async def _body(request: Request, media_types: Sequence[str]) -> bytes:
    _check_media_type(request, media_types)
    return await request.body()


async def _json_body(request: Request) -> bytes:
    return await _body(request, _JSON)


def _check_media_type(request: Request, media_types: Sequence[str]) -> None:
    said = request.headers.get("Content-Type", "")
    if said in media_types:  # as nearly everybody says it
        return
    header = Message()
    header["Content-Type"] = said
    charset = header.get_content_charset("utf-8")
    if header.get_content_type() not in media_types or charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(f"Send it as {media_types[0]}, in UTF-8.")


def _known_form(article_id: str) -> str:
    """What is no id of ours is nobody's id."""
    if not is_id(article_id):
        raise NotFound("No article has this id.")
    return article_id


def _sequence(value: str) -> int:
    if not value.isdecimal() or not value.isascii() or len(value) > 18:
        problem = FieldProblem("Last-Event-ID", "The id of an event is a number.")
        raise InvalidParameter("Take Last-Event-ID from an event.", fields=[problem])
    return int(value)


def _event_types(types: Annotated[str | None, Query()] = None) -> frozenset[EventType]:
    """A list such as `article.ready,article.failed`; without it, all of them."""
    try:
        return frozenset(map(EventType, types.split(","))) if types else frozenset(EventType)
    except ValueError:
        problem = FieldProblem("types", f"The types are {', '.join(EventType)}.")
        raise InvalidParameter("There is no such type of event.", fields=[problem]) from None


def _told_event(event: Event) -> ServerSentEvent:
    return ServerSentEvent(
        id=str(event.sequence),
        event=event.type,
        data={
            "type": event.type,
            "id": event.article_id,
            "revision": event.revision,
            "correlation_id": event.correlation_id,
            "occurred_at": event.occurred_at.isoformat(),
        },
    )
