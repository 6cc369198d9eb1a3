"""Cursors: opaque tokens that say where a page begins, and that nobody else can make."""

import binascii
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from backstory_shared.errors import CursorExpired, InvalidCursor

MAX_LENGTH = 1_000
_SIGNATURE_BYTES = 16


def fingerprint(*question: object) -> str:
    """A cursor goes on with the question it was given for, not with another."""
    return blake2b(repr(question).encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


@dataclass(frozen=True, slots=True)
class Cursors:
    """Signs cursors and reads them back. Processes with the same secret read each other's."""

    secret: bytes
    clock: Callable[[], datetime]

    def issue(self, question: str, place: list[Any], lifetime: timedelta | None = None) -> str:
        expires = None if lifetime is None else (self.clock() + lifetime).timestamp()
        body = json.dumps([question, expires, place], separators=(",", ":")).encode()
        return urlsafe_b64encode(self._sign(body) + body).decode().rstrip("=")

    def read(self, token: str, question: str) -> list[Any]:
        """The place. Raises InvalidCursor if we never gave this for `question`, CursorExpired."""
        asked, expires, place = json.loads(self._verified(token))
        if asked != question:
            raise InvalidCursor("The cursor belongs to another question.")
        if expires is not None and self.clock().timestamp() >= expires:
            raise CursorExpired("The cursor has expired; begin again at the first page.")
        found: list[Any] = place
        return found

    def _verified(self, token: str) -> bytes:
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (ValueError, binascii.Error) as error:
            raise InvalidCursor from error
        signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        # Base64 ignores stray bits and characters; only the one spelling we gave out will do.
        spelled = urlsafe_b64encode(raw).decode().rstrip("=") == token
        if not spelled or not hmac.compare_digest(signature, self._sign(body)):
            raise InvalidCursor
        return body

    def _sign(self, body: bytes) -> bytes:
        return blake2b(body, key=self.secret[:64], digest_size=_SIGNATURE_BYTES).digest()
