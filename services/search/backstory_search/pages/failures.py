"""Errors as pages: what went wrong in plain words, and a way out."""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from backstory_search.pages.addresses import CURSOR, QUERY, Address, address_of
from backstory_search.pages.rendering import Pages
from backstory_search.pages.views import Box, ErrorView, Link
from backstory_shared.errors import (
    BackstoryError,
    CursorExpired,
    FieldProblem,
    Gone,
    InvalidCursor,
    InvalidParameter,
    NotFound,
    Unavailable,
)
from backstory_shared.pointers import message_of, pointer_to
from backstory_shared.web import answer_with_problem, problem_of

_logger = structlog.stdlib.get_logger("backstory.pages")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_UNFORESEEN = "Something went wrong on our side; the server's log knows more."
_WORDS: dict[type[BackstoryError], tuple[str, str]] = {
    NotFound: (
        "There is no such page",
        "Perhaps the address was cut short, or what it names was never here.",
    ),
    Gone: ("Withdrawn from the archive", "What stood here was deleted by its publisher."),
    CursorExpired: (
        "This list has expired",
        "A list of results is kept for ten minutes, so that its pages fit together.",
    ),
    InvalidCursor: (
        "This page of the list cannot be found",
        "Its address is not complete, or belongs to another search.",
    ),
    InvalidParameter: ("This cannot be searched for", "A part of the address is not valid."),
}


def friendly(pages: Pages) -> type[APIRoute]:
    """Routes that answer every error with a page; the problems of the API stay with the API."""

    class FriendlyRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()

            async def handle_kindly(request: Request) -> Response:
                try:
                    return await handle(request)
                except (BackstoryError, RequestValidationError) as error:
                    return _page(pages, request, _known(error))
                except Exception:
                    _logger.exception("page_failed")
                    return _page(pages, request, BackstoryError(_UNFORESEEN))

            return handle_kindly

    return FriendlyRoute


def lost(pages: Pages) -> Callable[[Request, Exception], Coroutine[Any, Any, Response]]:
    """What answers where no route is: a page for whoever reads pages, else the API's problem."""

    async def answer_lost(request: Request, error: Exception) -> Response:
        if _reads_pages(request):
            return _page(pages, request, NotFound())
        return await answer_with_problem(request, error)

    return answer_lost


def _reads_pages(request: Request) -> bool:
    asks_for_a_page = "text/html" in request.headers.get("accept", "")
    return asks_for_a_page and not request.url.path.startswith("/v1/")


def _known(error: BackstoryError | RequestValidationError) -> BackstoryError:
    if isinstance(error, BackstoryError):
        return error
    fields = [
        FieldProblem(pointer_to(each["loc"][1:]).strip("/") or "*", message_of(each))
        for each in error.errors()
    ]
    return InvalidParameter(fields=fields)


def _page(pages: Pages, request: Request, error: BackstoryError) -> Response:
    address = address_of(request.query_params.multi_items())
    view = error_view(error, address)
    return pages.show(view, status=error.status, headers=problem_of(error).headers)


def error_view(error: BackstoryError, address: Address) -> ErrorView:
    heading, detail = _WORDS.get(type(error), (error.title, error.detail))
    if isinstance(error, Unavailable):
        heading, detail = "Not available right now", "Please try again in a moment."
    return ErrorView(
        box=Box(query="".join(address.values(QUERY)[-1:])),
        status=error.status,
        heading=heading,
        detail=detail,
        fields=tuple((problem.pointer, problem.detail) for problem in error.fields[:5]),
        way_out=_way_out(error, address),
    )


def _way_out(error: BackstoryError, address: Address) -> Link:
    if isinstance(error, (CursorExpired, InvalidCursor)):
        return Link("Begin again at the first page", address.without(CURSOR).href)
    return Link("Go to the front page", "/")
