"""The routes for people who decide about summaries."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request

from backstory_ingest.editing import EditSummary, SummarizeAgain, SummarizeText
from backstory_ingest.schemas import EditIn, SummarizedOut, TextIn, parse_edit, parse_text
from backstory_shared.web.summaries import SummaryOut, summary_out

Body = Callable[[Request], Awaitable[bytes]]
KnownForm = Callable[[str], str]


def _json_body(model: type[EditIn] | type[TextIn]) -> dict[str, Any]:
    schema = model.model_json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def add_summary_routes(
    router: APIRouter,
    guarded: Sequence[Any],
    *,
    edit: EditSummary,
    again: SummarizeAgain,
    summarize: SummarizeText,
    body: Body,
    known_form: KnownForm,
) -> None:
    """`body` reads a JSON body, `known_form` refuses what cannot be an id."""

    @router.put(
        "/articles/{article_id}/summary", dependencies=guarded, openapi_extra=_json_body(EditIn)
    )
    async def put_summary(article_id: str, request: Request) -> SummaryOut:
        """Write a summary, approve it, lock it or take it away; what is not named stays."""
        asked = parse_edit(await body(request))
        return summary_out(await to_thread.run_sync(edit, known_form(article_id), asked))

    @router.post("/articles/{article_id}/summary", status_code=202, dependencies=guarded)
    def post_summary(article_id: str) -> SummaryOut:
        """Have the summary made again; what is there is shown until then."""
        return summary_out(again(known_form(article_id)))

    @router.post("/summaries", dependencies=guarded, openapi_extra=_json_body(TextIn))
    async def summarize_text(request: Request) -> SummarizedOut:
        """The summary of a text that is not kept; places are places in the text as sent."""
        asked = parse_text(await body(request))
        return SummarizedOut.of(await to_thread.run_sync(summarize, asked))
