"""Who is answered at all: by which name, how slowly, and with what loaded from elsewhere."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from backstory_shared.web import (
    PROBLEM_JSON,
    HostMiddleware,
    HttpMetrics,
    Limits,
    add_web_basics,
    docs_routes,
)
from backstory_shared.web.hosts import names_this_machine
from support import patience
from support.server import RunningServer, serving

#: Enough for a request that is sent in one piece, also on a busy machine.
HASTY_SECONDS = 2.0


@contextmanager
def _served(head_seconds: float) -> Iterator[RunningServer]:
    app = FastAPI(docs_url=None, redoc_url=None)
    metrics = HttpMetrics(CollectorRegistry())
    add_web_basics(app, limits=Limits(), metrics=metrics, guards=[HostMiddleware])
    app.include_router(docs_routes("A title"))

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    with serving(app, head_seconds=head_seconds) as server:
        yield server


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with _served(patience.SECONDS) as server:
        yield server


@pytest.fixture(scope="module")
def hasty() -> Iterator[RunningServer]:
    with _served(HASTY_SECONDS) as server:
        yield server


def get(server: RunningServer, path: str, **headers: str) -> httpx.Response:
    return httpx.get(server.url + path, headers=headers, timeout=patience.SECONDS)


def test_a_request_by_two_names_is_refused(server: RunningServer) -> None:
    head = (
        b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    )

    assert server.raw(head).startswith(b"HTTP/1.1 421 ")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8000",
        "LOCALHOST",
        "a.localhost:1",
        "127.0.0.1",
        "127.8.8.8:80",
        "[::1]",
        "[::1]:8000",
    ],
)
def test_names_of_this_machine_are_answered(server: RunningServer, host: str) -> None:
    assert names_this_machine(host)
    assert get(server, "/hello", Host=host).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "notlocalhost",
        "192.168.0.7",
        "0.0.0.0",
        "[::2]",
        "[",
        "evil.example@127.0.0.1",
        "evil.example@127.0.0.1:x",
        "127.1",
    ],
)
def test_any_other_name_is_refused_before_anything_is_read(
    server: RunningServer, host: str
) -> None:
    answer = get(server, "/hello", Host=host)

    assert (answer.status_code, answer.json()["type"]) == (421, "/problems/misdirected")
    assert "evil" not in answer.text


def test_a_head_that_trickles_in_is_refused(hasty: RunningServer) -> None:
    answer = hasty.raw(b"GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert PROBLEM_JSON.encode() in head
    assert b'"/problems/request-too-slow"' in body


def test_whoever_connects_and_says_nothing_is_let_go(hasty: RunningServer) -> None:
    assert hasty.raw(b"") == b""


def test_the_next_request_on_a_connection_has_its_own_deadline(hasty: RunningServer) -> None:
    whole = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"

    answer = hasty.raw(whole + b"GET /hello HTTP/1.1\r\nHost")

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answer


def test_a_head_without_end_is_refused(server: RunningServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), patience.SECONDS) as connection:
        with suppress(ConnectionError):  # it may hang up before all is sent
            connection.sendall(b"GET /hello HTTP/1.1\r\nHost: localhost\r\n")
            connection.sendall(b"X: y\r\n" * 200_000)

        assert connection.recv(64).startswith(b"HTTP/1.1 400 ")


def test_the_page_of_all_routes_loads_nothing_from_elsewhere(server: RunningServer) -> None:
    page = get(server, "/docs").text

    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert {"/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css"} <= set(loaded)
    assert not [address for address in loaded if address.startswith(("http", "//"))]
    assert "SwaggerUIBundle" in get(server, "/docs/swagger-ui-bundle.js").text
    assert get(server, "/docs/swagger-ui.css").headers["Content-Type"].startswith("text/css")
    assert get(server, "/docs/redoc.standalone.js").status_code == 404
