"""How the commands reach Backstory: over HTTP, to a running server or to one of their own."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from backstory_shared.errors import FolderLocked
from backstory_shared.settings import Client as ClientSettings
from backstory_shared.settings import Storage, Web, load
from backstory_standalone.folder import Folder, announced

_SECONDS = 60.0


class Refused(Exception):
    """The server answered with a problem; `detail` is its sentence."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class Unreachable(Exception):
    """No server answers at the address; `url` is where it was looked for."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@dataclass(frozen=True)
class Client:
    """Backstory's HTTP API, as far as the commands need it. Raises Refused and Unreachable."""

    http: httpx.Client

    def get(self, path: str, **parameters: Any) -> Any:
        wanted = {name: value for name, value in parameters.items() if value not in (None, [], ())}
        return self._json("GET", path, params=wanted)

    def post(self, path: str, body: Any = None) -> Any:
        return self._json("POST", path, json=body)

    def post_lines(self, lines: bytes) -> list[dict[str, Any]]:
        """Send NDJSON to the bulk route; one result a line.

        Raises Refused where the fault of a line is the server's own: it is to be sent again.
        """
        response = self._send(
            "POST",
            "/v1/articles/bulk",
            content=lines,
            headers={"Content-Type": "application/x-ndjson"},
        )
        results = [json.loads(line) for line in response.iter_lines() if line]
        for result in results:
            if result["status"] >= 500:
                raise Refused(result["status"], sentence_of(result["problem"]))
        return results

    def lines(self, path: str) -> Iterator[bytes]:
        """A long answer line by line, as it comes."""
        try:
            with self.http.stream("GET", path) as response:
                if response.is_error:
                    response.read()
                    raise Refused(response.status_code, _detail(response))
                yield from _lines(response.iter_bytes())
        except httpx.TransportError as error:
            raise Unreachable(str(self.http.base_url)) from error

    def _json(self, method: str, path: str, **options: Any) -> Any:
        response = self._send(method, path, **options)
        try:
            return response.json()
        except ValueError as error:  # somebody answers there, but not Backstory
            raise Unreachable(str(self.http.base_url)) from error

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            response = self.http.request(method, path, **options)
        except httpx.TransportError as error:
            raise Unreachable(str(self.http.base_url)) from error
        if response.is_error:
            raise Refused(response.status_code, _detail(response))
        return response


@contextmanager
def connected(storage: Storage, *, to_read: bool = False) -> Iterator[Client]:
    """A client of BACKSTORY_URL, else of the folder's server, else of one that ends with us.

    Readers' questions go to BACKSTORY_SEARCH_URL, where that is another server.
    """
    said = load(ClientSettings)
    elsewhere = (said.search_url or said.url) if to_read else said.url
    if elsewhere is not None:
        with client_of(str(elsewhere)) as client:
            yield client
        return
    with ExitStack() as stack:
        try:
            url = stack.enter_context(_own_server(storage))
        except FolderLocked:
            running = announced(Folder(storage.data))
            if running is None:
                raise
            url = running
        yield stack.enter_context(client_of(url))


@contextmanager
def client_of(url: str) -> Iterator[Client]:
    api_key = load(Web).api_key
    headers = {"Authorization": f"Bearer {api_key.get_secret_value()}"} if api_key else {}
    with httpx.Client(base_url=url, headers=headers, timeout=_SECONDS, trust_env=False) as http:
        yield Client(http)


@contextmanager
def _own_server(storage: Storage) -> Iterator[str]:
    # The server's libraries take half a second to load; most commands find one running.
    from backstory_standalone.server import serving

    with serving(storage) as url:
        yield url


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """By line feeds alone: httpx would also break lines at characters that a text may contain."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line + b"\n" for line in whole)
    if rest:
        yield rest


def sentence_of(problem: Mapping[str, Any]) -> str:
    """What a problem says, and of which fields it says what. Raises KeyError for no problem."""
    fields = [f"{each['pointer']}: {each['detail']}" for each in problem.get("errors", [])]
    return " ".join([str(problem["detail"]), *fields])


def _detail(response: httpx.Response) -> str:
    try:
        return sentence_of(response.json())
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"The server answered with status {response.status_code}."
