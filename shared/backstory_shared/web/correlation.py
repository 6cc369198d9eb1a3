"""CorrelationMiddleware: every request has an id, the caller's own if it is a sane one."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backstory_shared.correlation import correlated, new_correlation_id

_SANE = re.compile(r"[A-Za-z0-9._-]{1,128}")
_HEADER = "X-Request-ID"


class CorrelationMiddleware:
    """Takes `X-Request-ID` or makes one, and answers with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        value = _id_for(Headers(scope=scope))

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[_HEADER] = value
            await send(message)

        with correlated(value):
            await self._app(scope, receive, send_with_id)


def _id_for(headers: Headers) -> str:
    given = headers.get(_HEADER, "")
    return given if _SANE.fullmatch(given) else new_correlation_id()
