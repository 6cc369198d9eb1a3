"""Bulk: any number of lines, each with its own result, whatever the client does meanwhile."""

import json
import socket
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest

from backstory_shared.errors import StorageFull
from backstory_shared.ports import Accepted, Submission
from backstory_shared.stages import Lane
from backstory_shared.web import Limits
from support import patience
from support.ingest import KEY, Newsroom, newsroom
from support.memory_ledger import MemoryLedger
from support.stories import eventually

NDJSON = {"Content-Type": "application/x-ndjson"}
HEAD = (
    "POST /v1/articles/bulk HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
    f"Authorization: Bearer {KEY}\r\nTransfer-Encoding: chunked\r\n\r\n"
).encode()


class PickyLedger(MemoryLedger):
    """Breaks on one article, as a database does on a value that it does not like."""

    def accept(self, submissions: Sequence[Submission]) -> list[Accepted]:
        if any(submission.draft.article.id == "poison" for submission in submissions):
            raise RuntimeError("canary")
        return super().accept(submissions)


class FullLedger(MemoryLedger):
    """Has no room."""

    def accept(self, submissions: Sequence[Submission]) -> list[Accepted]:
        raise StorageFull


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as room:
        yield room


def _line(name: str, **changes: Any) -> bytes:
    article = {"id": name, "title": "A bridge opens", "text": "It opened on Monday."} | changes
    return json.dumps(article).encode() + b"\n"


def _bulk(room: Newsroom, content: Any) -> httpx.Response:
    with room.client() as client:
        return client.post("/v1/articles/bulk", content=content, headers=NDJSON)


def _results(answer: httpx.Response) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.text.splitlines()]


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def test_every_line_has_a_result(room: Newsroom) -> None:
    answer = _bulk(room, _line("a") + _line("b"))

    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert _results(answer) == [
        {"line": 1, "status": 202, "id": "a", "revision": 1, "outcome": "created"},
        {"line": 2, "status": 202, "id": "b", "revision": 1, "outcome": "created"},
    ]


def test_one_bad_line_of_a_thousand_spoils_no_other(room: Newsroom) -> None:
    lines = [_line(f"n{i}") for i in range(999)]
    lines.insert(500, b'{"title": "canary", "text": 5}\n')

    answer = _bulk(room, b"".join(lines))

    results = _results(answer)
    assert [r["line"] for r in results if r["status"] != 202] == [501]
    assert results[500]["problem"]["type"] == "/problems/invalid-article"
    assert results[500]["problem"]["errors"][0]["pointer"] == "/text"
    assert "canary" not in answer.text
    assert len(room.ledger.rows) == 999


def test_lines_share_commits(room: Newsroom) -> None:
    _bulk(room, b"".join(_line(f"n{i}") for i in range(640)))

    assert max(room.ledger.groups) == 64


def test_imported_articles_wait_behind_live_ones(room: Newsroom) -> None:
    _bulk(room, _line("a"))

    assert {lane for _, lane in room.bell.rung} == {Lane.BACKFILL}


def test_a_line_too_long_is_refused_and_the_stream_goes_on(room: Newsroom) -> None:
    answer = _bulk(room, _line("a") + _line("big", text="x" * 2_100_000) + _line("b"))

    assert [(r["line"], r["status"]) for r in _results(answer)] == [(1, 202), (2, 413), (3, 202)]


def test_blank_lines_crlf_and_a_missing_last_line_feed_are_fine(room: Newsroom) -> None:
    body = b"\r\n" + _line("a").strip() + b"\r\n\n  \n" + _line("b").strip()

    assert [(r["line"], r["id"]) for r in _results(_bulk(room, body))] == [(2, "a"), (5, "b")]


def test_an_empty_body_has_no_results(room: Newsroom) -> None:
    answer = _bulk(room, b"")

    assert (answer.status_code, answer.text) == (200, "")


def test_the_same_article_twice_is_stored_once(room: Newsroom) -> None:
    answer = _bulk(room, _line("a") + _line("a"))

    assert [(r["status"], r["outcome"]) for r in _results(answer)] == [
        (202, "created"),
        (200, "unchanged"),
    ]


def test_an_article_the_ledger_cannot_keep_fails_alone() -> None:
    ledger = PickyLedger()
    with newsroom(ledger=ledger) as room:
        answer = _bulk(room, _line("a") + _line("poison") + _line("b"))

    assert [r["status"] for r in _results(answer)] == [202, 500, 202]
    assert set(ledger.rows) == {"a", "b"}
    assert "canary" not in answer.text


def test_a_full_disk_is_told_line_by_line() -> None:
    with newsroom(ledger=FullLedger()) as room:
        answer = _bulk(room, _line("a") + _line("b"))

    assert [r["status"] for r in _results(answer)] == [507, 507]


def test_a_client_that_reads_nothing_until_it_has_sent_everything_gets_every_result(
    room: Newsroom,
) -> None:
    """Both ways carry more than all the buffers between the two can hold."""
    count = 30_000
    hundred_bad_lines = _chunk((b'{"n": "%s"}\n' % (b"x" * 300)) * 100)
    with _deaf_client(room) as connection:
        connection.sendall(HEAD)
        for _ in range(count // 100):
            connection.sendall(hundred_bad_lines)
        connection.sendall(_chunk(b""))
        received = _read_answer(connection)

    assert _unchunked(received).count(b"\n") == count


def _deaf_client(room: Newsroom) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    connection.settimeout(patience.SECONDS)
    connection.connect(("127.0.0.1", room.server.port))
    return connection


def _connected(room: Newsroom) -> socket.socket:
    return socket.create_connection(("127.0.0.1", room.server.port), patience.SECONDS)


def _unchunked(answer: bytes) -> bytes:
    body, rest = b"", answer.partition(b"\r\n\r\n")[2]
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        body, rest = body + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return body


def _read_answer(connection: socket.socket) -> bytes:
    received = bytearray()
    while not received.endswith(b"\r\n0\r\n\r\n"):
        received += connection.recv(1 << 20)
    return bytes(received)


def test_results_come_while_the_client_is_still_sending(room: Newsroom) -> None:
    with _connected(room) as connection:
        connection.sendall(HEAD + _chunk(_line("a")))

        received = b""
        while b'"id": "a"' not in received:
            received += connection.recv(65536)
        connection.sendall(_chunk(_line("b")) + _chunk(b""))
        received = _read_answer(connection)

    assert b'"id": "b"' in received


def test_a_client_that_goes_away_in_the_middle_of_a_line_has_sent_the_lines_before(
    room: Newsroom,
) -> None:
    with _connected(room) as connection:
        connection.sendall(HEAD + _chunk(_line("a") + _line("b") + _line("cut").strip()))
        eventually(lambda: len(room.ledger.rows), lambda count: count == 2)

    with room.client() as client:
        client.post("/v1/articles", json={"id": "later", "title": "t", "text": "x"})
    assert set(room.ledger.rows) == {"a", "b", "later"}


def test_a_client_that_falls_silent_is_told_so_after_its_results() -> None:
    with newsroom(limits=Limits(idle_seconds=1)) as room, _connected(room) as connection:
        connection.sendall(HEAD + _chunk(_line("a") + b'{"title"'))

        received = _read_answer(connection)

    assert b'"line": 1, "status": 202' in received
    assert b'"line": 2, "status": 408' in received
