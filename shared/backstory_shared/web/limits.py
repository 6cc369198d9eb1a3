"""LimitsMiddleware: how much, how long and in what form a request may be, before anyone reads it.

An article's text may have 1 MiB of UTF-8; written with `\\u` escapes it takes up to three times as
much, so a body may have 4 MiB. A streamed path (the bulk import) has no total and no deadline: its
lines are limited one by one, and only silence ends it.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backstory_shared.errors import (
    BodyTooLarge,
    BodyTooSlow,
    HeadersTooLarge,
    NotAcceptable,
    UnsupportedMediaType,
    UriTooLong,
)

_OFFERED = (
    "application/json",
    "application/problem+json",
    "application/x-ndjson",
    "text/event-stream",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    body_bytes: int = 4 * 1024 * 1024
    body_seconds: float = 30.0
    idle_seconds: float = 30.0
    uri_bytes: int = 8 * 1024
    header_bytes: int = 32 * 1024


class LimitsMiddleware:
    """Raises the problem; the problem middleware outside of it answers."""

    def __init__(self, app: ASGIApp, limits: Limits, streamed: Collection[str] = ()) -> None:
        self._app = app
        self._limits = limits
        self._streamed = frozenset(streamed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._check_head(scope)
        await self._app(scope, self._limited(scope, receive), send)

    def _check_head(self, scope: Scope) -> None:
        if _uri_bytes(scope) > self._limits.uri_bytes:
            raise UriTooLong(f"An address has at most {self._limits.uri_bytes} bytes.")
        if sum(len(name) + len(value) for name, value in scope["headers"]) > (
            self._limits.header_bytes
        ):
            raise HeadersTooLarge(f"Headers have at most {self._limits.header_bytes} bytes.")
        headers = Headers(scope=scope)
        if headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise UnsupportedMediaType("Send the body without a Content-Encoding.")
        if scope["path"].startswith("/v1/") and not _accepts_json(headers.getlist("accept")):
            raise NotAcceptable("The answer is JSON; the Accept header excludes it.")

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        if scope["path"] in self._streamed:
            return _PatientBody(receive, self._limits.idle_seconds)
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > self._limits.body_bytes:
            raise _too_large(self._limits.body_bytes)
        return _CappedBody(receive, self._limits.body_bytes, self._limits.body_seconds)


class _CappedBody:
    """The whole body has a size and a deadline."""

    def __init__(self, receive: Receive, cap: int, seconds: float) -> None:
        self._receive = receive
        self._cap = cap
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._seen = 0
        self._complete = False

    async def __call__(self) -> Message:
        if self._complete:
            return await self._receive()
        left = self._deadline - asyncio.get_running_loop().time()
        message = await _receive_within(self._receive, left)
        self._seen += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        if self._seen > self._cap:
            raise _too_large(self._cap)
        return message


class _PatientBody:
    """The body may be endless, but not silent."""

    def __init__(self, receive: Receive, seconds: float) -> None:
        self._receive = receive
        self._seconds = seconds
        self._complete = False

    async def __call__(self) -> Message:
        if self._complete:
            return await self._receive()
        message = await _receive_within(self._receive, self._seconds)
        self._complete = not message.get("more_body", False)
        return message


async def _receive_within(receive: Receive, seconds: float) -> Message:
    try:
        return await asyncio.wait_for(_message(receive), max(seconds, 0.0))
    except TimeoutError:
        raise BodyTooSlow("The rest of the body did not come; try again.") from None


async def _message(receive: Receive) -> Message:
    return await receive()


def _too_large(cap: int) -> BodyTooLarge:
    return BodyTooLarge(f"A body has at most {cap} bytes.")


def _uri_bytes(scope: Scope) -> int:
    return len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")


def _accepts_json(accepts: list[str]) -> bool:
    """RFC 9110, section 12.5.1, as far as it can exclude JSON; no header accepts everything."""
    ranges = [part.strip() for accept in accepts for part in accept.split(",") if part.strip()]
    return not ranges or any(_offers(part) for part in ranges)


def _offers(media_range: str) -> bool:
    name, *parameters = [part.strip().lower() for part in media_range.split(";")]
    if "q=0" in parameters or any(
        p.startswith("q=0.") and not p[4:].strip("0") for p in parameters
    ):
        return False
    major, _, minor = name.partition("/")
    if minor == "*":
        return major == "*" or any(offer.startswith(major + "/") for offer in _OFFERED)
    return name in _OFFERED
