"""Problems: every error leaves as RFC 9457 problem+json, small, and without the caller's words."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backstory_shared.correlation import correlation_id
from backstory_shared.errors import (
    BackstoryError,
    BodyTooSlow,
    FieldProblem,
    HeadersTooLarge,
    InvalidParameter,
    Unauthorized,
    Unavailable,
    UriTooLong,
)
from backstory_shared.logging import described
from backstory_shared.pointers import message_of, pointer_to, safe_name

PROBLEM_JSON = "application/problem+json"

_MAX_FIELDS = 20
_MAX_DETAIL = 150
_MAX_INSTANCE = 256
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_SLUG = re.compile(r"[^a-z]+")
_SENTENCES = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address takes other methods: see Allow.",
}
#: After these the rest of the request is not worth reading.
_HANG_UP = (BodyTooSlow, HeadersTooLarge, UriTooLong)

_log = structlog.stdlib.get_logger("backstory.web")


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What the caller is told about an error."""

    status: int
    type: str
    title: str
    detail: str
    fields: Sequence[FieldProblem] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The members that are the same wherever the problem turns up; at most 4 KiB."""
        members: dict[str, Any] = {
            "type": f"/problems/{self.type}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail[:_MAX_DETAIL],
        }
        if self.fields:
            members["errors"] = [
                {"pointer": problem.pointer, "detail": problem.detail[:_MAX_DETAIL]}
                for problem in self.fields[:_MAX_FIELDS]
            ]
        return members


def problem_of(error: BackstoryError) -> Problem:
    return Problem(
        status=error.status,
        type=error.type,
        title=error.title,
        detail=error.detail,
        fields=error.fields,
        headers=_headers_for(error),
    )


def add_problem_handlers(app: FastAPI) -> None:
    """Turn what routes raise on purpose into problems; the rest is for the middleware."""
    app.add_exception_handler(BackstoryError, answer_with_problem)
    app.add_exception_handler(RequestValidationError, answer_with_problem)
    app.add_exception_handler(HTTPException, answer_with_problem)


class ProblemMiddleware:
    """The last net: an error from a middleware, or one that nobody foresaw."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watching_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watching_send)
        except ClientDisconnect:
            _log.info("client_gone")
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            await _response(_unforeseen(error), scope)(scope, receive, send)


async def answer_with_problem(request: Request, error: Exception) -> Response:
    """An exception handler for whatever a route may raise."""
    return _response(_problem_for(error, request), request.scope)


def _problem_for(error: Exception, request: Request) -> Problem:
    match error:
        case BackstoryError():
            return problem_of(error)
        case RequestValidationError():
            return problem_of(_invalid_request(error.errors()))
        # FastAPI reads a body for its routes and turns whatever the limits raise into a 400.
        case HTTPException(__cause__=BackstoryError() as cause):
            return problem_of(cause)
        case HTTPException():
            return _http_problem(error, request)
        case _:
            return _unforeseen(error)


def _unforeseen(error: Exception) -> Problem:
    if isinstance(error, BackstoryError):
        return problem_of(error)
    _log.error("request_failed", **described(error))
    return problem_of(BackstoryError("Something went wrong on our side; the log knows more."))


def _invalid_request(errors: Iterable[Mapping[str, Any]]) -> BackstoryError:
    return InvalidParameter(
        "A parameter is not valid.",
        fields=[FieldProblem(_where(error["loc"]), message_of(error)) for error in errors],
    )


def _where(location: Sequence[object]) -> str:
    """A JSON pointer into the body, or the parameter's name."""
    source, *path = location or ("",)
    return pointer_to(path) if source == "body" else ".".join(map(safe_name, path))


def _http_problem(error: HTTPException, request: Request) -> Problem:
    phrase = HTTPStatus(error.status_code).phrase
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    return Problem(
        status=error.status_code,
        type=_SLUG.sub("-", phrase.lower()),
        title=phrase.capitalize(),
        detail=_SENTENCES.get(HTTPStatus(error.status_code), f"{phrase}."),
        headers=headers,
    )


def _allowed_methods(request: Request) -> list[str]:
    """Starlette names the methods of the first route that fits; a path may have several."""
    routes = request.app.routes
    return [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes
        )
    ]


def _headers_for(error: BackstoryError) -> dict[str, str]:
    if isinstance(error, Unavailable):
        return {"Retry-After": "5"}
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    return {"Connection": "close"} if isinstance(error, _HANG_UP) else {}


def _response(problem: Problem, scope: Scope) -> Response:
    body = problem.body() | {"request_id": correlation_id()}
    if len(instance := _instance(scope)) <= _MAX_INSTANCE:
        body["instance"] = instance
    return Response(
        json.dumps(body),
        status_code=problem.status,
        headers=dict(problem.headers),
        media_type=PROBLEM_JSON,
    )


def _instance(scope: Scope) -> str:
    raw = scope.get("raw_path") or b""
    return raw.decode("ascii", "replace")
