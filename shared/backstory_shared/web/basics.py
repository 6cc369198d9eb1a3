"""add_web_basics: the middlewares in the one order that works."""

import time
from collections.abc import Callable, Collection, Sequence

import structlog
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backstory_shared.web.correlation import CorrelationMiddleware
from backstory_shared.web.limits import Limits, LimitsMiddleware
from backstory_shared.web.metrics import HttpMetrics, MetricsMiddleware, route_of
from backstory_shared.web.problem import ProblemMiddleware, add_problem_handlers

Guard = Callable[[ASGIApp], ASGIApp]

_log = structlog.stdlib.get_logger("backstory.web")


def add_web_basics(
    app: FastAPI,
    *,
    limits: Limits,
    metrics: HttpMetrics,
    streamed: Collection[str] = (),
    guards: Sequence[Guard] = (),
) -> None:
    """Correlation outside of all, then log and metrics, problems, and the limits next to the app.

    `streamed` are the paths whose request bodies may be endless; `guards` are asked first of all.
    """
    add_problem_handlers(app)
    # A path with a slash too many is not found; a redirect would lose many a client's body.
    app.router.redirect_slashes = False
    # Starlette runs the middleware added last first.
    app.add_middleware(LimitsMiddleware, limits=limits, streamed=streamed)
    for guard in guards:
        app.add_middleware(guard)
    app.add_middleware(ProblemMiddleware)
    app.add_middleware(MetricsMiddleware, metrics=metrics)
    app.add_middleware(RequestLogMiddleware)
    app.add_middleware(CorrelationMiddleware)


class RequestLogMiddleware:
    """One line per request: what was asked of which route, and how it went."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def logging_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                milliseconds = round((time.perf_counter() - began) * 1000, 1)
                _log.info(
                    "request",
                    method=scope["method"],
                    route=route_of(scope),
                    status=message["status"],
                    milliseconds=milliseconds,
                )
            await send(message)

        await self._app(scope, receive, logging_send)
