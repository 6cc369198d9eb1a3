"""The connection to a Qdrant server, and what its refusals mean here."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from qdrant_client import QdrantClient
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from backstory_shared.errors import CannotStart, StorageFull, StoreUnavailable
from backstory_shared.settings import Qdrant

#: Before it, conditional writes were replayed from the log as conditions (qdrant#9575), and reads
#: just after a restart could miss writes that had been waited for (qdrant#9930).
OLDEST = (1, 19)

_NOT_ALLOWED = (401, 403)
_OUR_MISTAKE = (400, 422)
_DISK_FULL = 507


def connect(settings: Qdrant) -> QdrantClient:
    """A client of the server, which has answered, is new enough and takes our key.

    Raises CannotStart.
    """
    client = QdrantClient(url=_url(settings), timeout=settings.qdrant_timeout, **_options(settings))
    try:
        version = client.info().version
        client.get_aliases()
    except UnexpectedResponse as error:
        client.close()
        raise CannotStart(_refusal(error)) from error
    except ResponseHandlingException as error:
        client.close()
        raise CannotStart(_no_answer(error)) from error
    if _parsed(version) < OLDEST:
        client.close()
        oldest = ".".join(map(str, OLDEST))
        raise CannotStart(f"The Qdrant server is version {version}; Backstory needs {oldest}.")
    return client


@contextmanager
def server_errors() -> Iterator[None]:
    """What the server or the way to it prevents, as Unavailable; our own mistakes stay errors."""
    try:
        yield
    except ResponseHandlingException as error:
        raise StoreUnavailable("The Qdrant server cannot be reached.") from error
    except UnexpectedResponse as error:
        if error.status_code == _DISK_FULL or b"No space left" in error.content:
            raise StorageFull("The disk of the Qdrant server is full.") from error
        if error.status_code in _OUR_MISTAKE:
            raise
        raise StoreUnavailable(
            f"The Qdrant server answered with status {error.status_code}."
        ) from error


def is_refusal(error: Exception) -> bool:
    """Whether the server (or the client's in-memory mode) found the request itself wrong."""
    if isinstance(error, UnexpectedResponse):
        return error.status_code in _OUR_MISTAKE
    return isinstance(error, ValueError)


def _url(settings: Qdrant) -> str:
    if settings.qdrant_url is None:
        raise CannotStart("BACKSTORY_QDRANT_URL is not set: where does the Qdrant server answer?")
    return str(settings.qdrant_url).rstrip("/")


def _options(settings: Qdrant) -> dict[str, Any]:
    # The client warns at every start when it is given a key without TLS; inside one host's own
    # network that is how it is meant to be, so the key goes as a header.
    key = settings.qdrant_api_key
    headers = {"api-key": key.get_secret_value()} if key else None
    options: dict[str, Any] = {"headers": headers, "check_compatibility": False}
    if settings.qdrant_ca is not None:
        try:
            options["verify"] = ssl.create_default_context(cafile=settings.qdrant_ca)
        except OSError as error:
            raise CannotStart("BACKSTORY_QDRANT_CA cannot be read as certificates.") from error
    return options


def _refusal(error: UnexpectedResponse) -> str:
    if error.status_code in _NOT_ALLOWED:
        return "The Qdrant server refuses the key: set BACKSTORY_QDRANT_API_KEY to the right one."
    return (
        f"What answers at BACKSTORY_QDRANT_URL is no usable Qdrant server "
        f"(status {error.status_code})."
    )


def _no_answer(error: ResponseHandlingException) -> str:
    said = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return (
            "The certificate of the Qdrant server is not trusted: "
            "set BACKSTORY_QDRANT_CA to the file of the authority that signed it."
        )
    if "[SSL" in said:
        return (
            "What answers at BACKSTORY_QDRANT_URL speaks no TLS: begin the address with http://, "
            "or have the server encrypt."
        )
    return "No Qdrant server answers at BACKSTORY_QDRANT_URL: start it, or set another address."


def _parsed(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
