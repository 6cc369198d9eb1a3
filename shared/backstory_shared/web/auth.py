"""The key guard: write and admin routes ask for `Authorization: Bearer` if a key is set."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr

from backstory_shared.errors import Unauthorized

_bearer = HTTPBearer(auto_error=False, description="The value of BACKSTORY_API_KEY, if it is set.")


def key_guard(api_key: SecretStr | None) -> Callable[..., Awaitable[None]]:
    """A dependency for `dependencies=[Depends(...)]`; without a key it lets everyone pass."""
    expected = None if api_key is None else api_key.get_secret_value().encode()

    async def guard(
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    ) -> None:
        if expected is None:
            return
        given = "" if credentials is None else credentials.credentials
        # Headers arrive as Latin-1; compare_digest wants bytes for anything beyond ASCII.
        if not hmac.compare_digest(given.encode("utf-8", "replace"), expected):
            raise Unauthorized("Send the API key as `Authorization: Bearer KEY`.")

    return guard
