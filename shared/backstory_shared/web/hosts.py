"""HostMiddleware: a server without a key answers to names of its own machine only.

Else a page somewhere on the web could have its own name point at 127.0.0.1 ("DNS rebinding") and
read and write the archive through the browser of whoever looks at the page.
"""

import re
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from backstory_shared.errors import Misdirected

_AUTHORITY = re.compile(r"(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9.-]+))(?::\d*)?")


class HostMiddleware:
    """Raises Misdirected; the problem middleware outside of it answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_for_this_machine(Headers(scope=scope)):
            raise Misdirected(
                "Without BACKSTORY_API_KEY this server answers to localhost and 127.0.0.1 only."
            )
        await self._app(scope, receive, send)


def _is_for_this_machine(headers: Headers) -> bool:
    """Of two names nobody knows which is meant."""
    named = headers.getlist("host")
    return len(named) == 1 and names_this_machine(named[0])


def names_this_machine(authority: str) -> bool:
    """Whether a Host header can only mean the machine it is sent from."""
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        return False
    host = (found["address"] or found["name"]).lower()
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
