"""Readers first: counting who is being answered, for the work that makes way for them."""

from contextlib import ExitStack
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backstory_shared.readers import Readers

_READING = ("GET", "HEAD")


@dataclass(frozen=True)
class ReadersFirst:
    """ASGI middleware: whoever asks to read is a reader until the answer is sent.

    Where it has no length, until it begins: nobody who follows the events or takes an export holds
    up work for as long as that lasts.
    """

    app: ASGIApp
    readers: Readers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in _READING:
            await self.app(scope, receive, send)
            return
        with ExitStack() as waiting:
            waiting.enter_context(self.readers.one())

            async def answering(message: Message) -> None:
                await send(message)
                if _is_last(message):
                    waiting.close()

            await self.app(scope, receive, answering)


def _is_last(message: Message) -> bool:
    """The last that is sent before nobody waits any more."""
    if message["type"] == "http.response.start":
        return all(name.lower() != b"content-length" for name, _ in message["headers"])
    return not message.get("more_body", False)
