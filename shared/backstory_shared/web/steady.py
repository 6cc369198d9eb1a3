"""One request, one index and one model."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from backstory_shared.openings import Openings


@dataclass(frozen=True)
class SteadyRequests:
    """ASGI middleware: whatever a request asks, it asks of the index that served when it came."""

    app: ASGIApp
    openings: Openings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with self.openings.steady():
            await self.app(scope, receive, send)
