"""Bad input over real HTTP: each case with its status, its problem type and the field it names.

A canary is hidden in every payload that has room for one, and must not come back.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from backstory_shared.web import PROBLEM_JSON, Limits
from support.ingest import KEY, Newsroom, newsroom

CANARY = "xyzzy-canary"
JSON = {"Content-Type": "application/json"}
NO_ADDRESS = "An id is not . or .. alone: no address could end with it."
GOOD: dict[str, Any] = {"id": "good", "title": "A bridge opens", "text": "It opened on Monday."}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One bad request: its number in the list of bad inputs, and what must come back."""

    number: int
    body: bytes
    status: int
    type: str
    pointer: str | None = None
    method: str = "POST"
    path: str = "/v1/articles"
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))


def _said(number: int, pointer: str | None, **changes: Any) -> Case:
    """A good article but for these fields; None leaves a field out."""
    article = {name: v for name, v in {**GOOD, **changes}.items() if v is not None}
    return Case(
        number=number,
        body=json.dumps(article).encode(),
        status=422,
        type="invalid-article",
        pointer=pointer,
    )


def _raw(number: int, body: bytes, status: int = 400, type: str = "malformed-body") -> Case:
    return Case(number=number, body=body, status=status, type=type)


def _sent(number: int, status: int, type: str, **changes: Any) -> Case:
    return Case(
        number=number,
        **{"body": json.dumps(GOOD).encode(), "status": status, "type": type} | changes,
    )


def _with_number(digits: str) -> bytes:
    return b'{"title": "T", "text": "%s", "metadata": {"n": %s}}' % (
        CANARY.encode(),
        digits.encode(),
    )


def _nested(depth: int) -> bytes:
    return b'{"title": "T", "text": "x", "metadata": {"n": %s1%s}}' % (b"[" * depth, b"]" * depth)


JSON_BODY = [
    _raw(1, b""),
    _raw(1, b" \n "),
    _raw(2, b"null", 422, "invalid-article"),
    _raw(3, b"[]", 422, "invalid-article"),
    _raw(4, b'{"title": "xyzzy-canary", "te'),
    _raw(5, json.dumps(GOOD).encode() + b" xyzzy-canary"),
    _raw(6, b'{"title": "xyzzy-canary", "text": "\xff\xfe"}'),
    _raw(7, json.dumps(GOOD).encode("utf-16")),
    _raw(7, json.dumps(GOOD).encode("utf-16-le")),
    _raw(9, b'{"title": "a", "title": "xyzzy-canary", "text": "b"}'),
    _raw(9, b'{"title": "a", "text": "b", "metadata": {"xyzzy-canary": 1, "xyzzy-canary": 2}}'),
    _raw(10, _with_number("NaN")),
    _raw(11, _with_number("Infinity")),
    _raw(11, _with_number("-Infinity")),
    _raw(11, _with_number("1e999")),
    _raw(12, _with_number("9" * 5000)),
    _raw(13, b"[" * 100_000),
    _raw(13, _nested(100_000)),
    _raw(14, _nested(900), 422, "invalid-article"),
]

STRINGS = [
    _said(15, "/text", text=f"{CANARY} \ud800"),
    _said(15, "/html", text=None, html=f"{CANARY} \ud800"),
    _said(15, "/title", title=f"{CANARY} \ud800"),
    _said(16, "/metadata", metadata={"a": f"{CANARY} \udfff"}),
    _said(17, "/metadata", metadata={f"{CANARY}\ud800": 1}),
    _said(17, "/*", **{f"{CANARY}\ud800": 1}),
    _said(18, "/published_at", published_at=f"{CANARY}\ud800"),
    _said(18, "/tags", tags="\ud800"),
    _said(18, "/language", language="\ud800"),
    _said(18, "/url", url=f"https://example.org/{CANARY}\ud800"),
    _said(19, "/title", title=f"{CANARY}\x00"),
    _said(19, "/text", text=f"{CANARY}\x00"),
    _said(20, "/title", title=f"{CANARY}\x01"),
    _said(20, "/title", title=f"{CANARY}\x85b"),
    _said(20, "/title", title=f"{CANARY}\nb"),
    _said(20, "/section", section=f"{CANARY}\x7f"),
    _said(22, "/title", title=CANARY.ljust(301, "x")),
    _said(23, "/text", text=CANARY.ljust(1024 * 1024 + 1, "x")),
    _said(23, "/text", text="é" * (512 * 1024 + 1)),
    _said(24, "/text", text=" \n\t\u00a0\u2003"),
    _said(24, "/title", title="  "),
    _said(24, "/html", text=None, html=" \n "),
    _said(25, "/text", text="\u200b\u200d\ufeff\u2060"),
    _said(27, "/text", text="a" + "\u0301" * 100_000),
    _said(28, "/id", id="café"),
    _said(28, "/id", id="cafe\u0301"),
]

SHAPE_AND_TYPES = [
    _said(29, "/title", title=None),
    _said(29, "/text", text=None),
    _said(29, "/html", html=f"<p>{CANARY}</p>"),
    _said(30, "/text", text=12),
    _said(30, "/title", title=["xyzzy-canary"]),
    _said(30, "/id", id=7),
    _said(30, "/authors/1", authors=["A", 7]),
    _said(31, "/body", body=CANARY),
    _said(31, "/*", **{f"{CANARY} {CANARY}": 1}),
    _said(32, "/metadata", metadata={f"k{i}": CANARY for i in range(101)}),
    _said(33, "/metadata", metadata={"n": 2**63}),
    _said(33, "/metadata", metadata={"n": [{"m": -(2**63) - 1}]}),
    _said(34, "/metadata", metadata={"a.b": CANARY}),
    _said(34, "/metadata", metadata={"a[]": CANARY}),
    _said(34, "/metadata", metadata={"": CANARY}),
    _said(34, "/metadata", metadata={"a": {"b.c": CANARY}}),
    _said(34, "/metadata", metadata=[CANARY]),
    _said(34, "/metadata", metadata={"a": "x" * 70_000}),
    _said(35, "/published_at", published_at="2026-13-45"),
    _said(35, "/published_at", published_at="2026-02-30T00:00:00Z"),
    _said(35, "/published_at", published_at=1_700_000_000),
    _said(36, "/published_at", published_at="9999999-01-01T00:00:00Z"),
    _said(36, "/modified_at", modified_at="0001-01-01T00:00:00+14:00"),
    _said(37, "/modified_at", modified_at="2026-11-23T09:30:00"),
    _said(38, "/language", language="xx-invalid-xyzzy-canary"),
    _said(38, "/language", language="english"),
    _said(39, "/tags", tags=["t"] * 1000),
    _said(39, "/authors", authors=["a"] * 1000),
    _said(40, "/state", state="ready"),
    _said(40, "/rev", rev=7),
    _said(40, "/tenant", tenant=CANARY),
    _said(74, "/id", id="a b xyzzy-canary"),
    _said(74, "/id", id=""),
    _said(74, "/id", id="x" * 201),
    _said(74, "/id", id="."),
    _said(74, "/id", id=".."),
    _said(94, "/url", url="javascript:xyzzy-canary"),
    _said(94, "/url", url="https://user:xyzzy-canary@example.org/"),
    _said(94, "/image_url", image_url="/xyzzy-canary.png"),
    _said(94, "/url", url="https://example.org/" + "x" * 2100),
    _sent(91, 422, "not-supported", body=b'{"url": "https://example.org/xyzzy-canary"}'),
    _sent(91, 422, "invalid-article", pointer="/id", method="PUT", path="/v1/articles/other"),
    _sent(91, 422, "invalid-article", pointer="/id", method="PUT", path="/v1/articles/a%20b"),
]

HTTP = [
    _sent(26, 413, "body-too-large", body=b'{"title": "%s"}' % (b"x" * 10_000_000)),
    _sent(41, 415, "unsupported-media-type", headers={}),
    _sent(42, 415, "unsupported-media-type", headers={"Content-Type": "text/plain"}),
    _sent(42, 415, "unsupported-media-type", headers={"Content-Type": "xyzzy-canary"}),
    _sent(
        43,
        415,
        "unsupported-media-type",
        headers={"Content-Type": "application/json; charset=latin-1"},
    ),
    _sent(44, 415, "unsupported-media-type", headers=JSON | {"Content-Encoding": "gzip"}),
    _sent(45, 413, "body-too-large", body=b" " * (4 * 1024 * 1024 + 1)),
    _sent(49, 431, "headers-too-large", headers=JSON | {"X-Large": CANARY * 6000}),
    _sent(50, 414, "uri-too-long", path="/v1/articles?x=" + CANARY * 700),
    _sent(51, 404, "not-found", method="GET", path="/%00"),
    _sent(51, 404, "not-found", method="GET", path="/..%2f"),
    _sent(51, 404, "not-found", method="GET", path="/v1/articles/%00/status"),
    _sent(51, 404, "not-found", method="DELETE", path="/v1/articles/..%2f"),
    _sent(52, 405, "method-not-allowed", method="PUT"),
    _sent(53, 406, "not-acceptable", headers=JSON | {"Accept": "image/png"}),
    _sent(55, 401, "unauthorized", headers=JSON | {"Authorization": ""}),
    _sent(56, 401, "unauthorized", headers=JSON | {"Authorization": f"Bearer {CANARY}"}),
    _sent(60, 401, "unauthorized", headers=JSON | {"Authorization": f"Bearer {'x' * 10_000}"}),
    _sent(42, 415, "unsupported-media-type", path="/v1/articles/bulk"),
    _sent(79, 422, "invalid-parameter", method="GET", path="/v1/failures?limit=0", pointer="limit"),
    _sent(80, 400, "invalid-cursor", method="GET", path="/v1/failures?cursor=xyzzy%20canary"),
    _sent(
        81, 422, "invalid-parameter", method="GET", path="/v1/events?types=xyzzy", pointer="types"
    ),
    _sent(
        81,
        422,
        "invalid-parameter",
        method="GET",
        path="/v1/events",
        headers={"Last-Event-ID": CANARY},
        pointer="Last-Event-ID",
    ),
]

CASES = [*JSON_BODY, *STRINGS, *SHAPE_AND_TYPES, *HTTP]


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with newsroom(limits=Limits(body_seconds=0.5)) as room:
        yield room


@pytest.fixture(scope="module")
def client(room: Newsroom) -> Iterator[httpx.Client]:
    with room.client() as client:
        yield client


def _send(client: httpx.Client, case: Case) -> httpx.Response:
    return client.request(case.method, case.path, content=case.body, headers=case.headers)


def _pointers(answer: httpx.Response) -> list[str]:
    return [error["pointer"] for error in answer.json().get("errors", [])]


@pytest.mark.parametrize("case", CASES, ids=[f"{i}-{c.number}" for i, c in enumerate(CASES)])
def test_bad_input_is_refused_by_name_and_never_repeated(client: httpx.Client, case: Case) -> None:
    answer = _send(client, case)

    assert (answer.status_code, answer.json()["type"]) == (case.status, f"/problems/{case.type}")
    assert answer.headers["Content-Type"] == PROBLEM_JSON
    assert case.pointer is None or case.pointer in _pointers(answer)
    assert CANARY not in answer.text.replace(str(answer.json().get("instance")), "")
    assert len(answer.content) <= 4096


def test_every_field_that_is_wrong_is_named_at_once(client: httpx.Client) -> None:
    article = {"title": 1, "text": "\x00", "language": "tlh", "tags": [2]}

    answer = client.post("/v1/articles", json=article)

    assert set(_pointers(answer)) == {"/title", "/text", "/language", "/tags/0"}


@pytest.mark.parametrize(
    ("number", "body"),
    [
        (8, b"\xef\xbb\xbf" + json.dumps(GOOD | {"id": "bom"}).encode()),
        (21, json.dumps(GOOD | {"id": "bidi", "title": "A \u202eb"}).encode()),
        (22, json.dumps(GOOD | {"id": "long", "title": "x" * 300}).encode()),
        (23, json.dumps(GOOD | {"id": "big", "text": "x" * 1024 * 1024}).encode()),
        (33, json.dumps(GOOD | {"id": "int", "metadata": {"n": 2**63 - 1}}).encode()),
        (37, json.dumps(GOOD | {"id": "t", "published_at": "2026-11-23T09:30:00+01:00"}).encode()),
        (38, json.dumps(GOOD | {"id": "l", "language": "en-GB"}).encode()),
        (40, json.dumps(GOOD | {"id": "n", "tags": None, "section": None, "url": None}).encode()),
    ],
)
def test_what_only_looks_odd_is_accepted(client: httpx.Client, number: int, body: bytes) -> None:
    assert client.post("/v1/articles", content=body, headers=JSON).status_code == 202


@pytest.mark.parametrize("content_type", ["application/json", 'application/json; charset="UTF-8"'])
def test_json_in_utf8_is_accepted(client: httpx.Client, content_type: str) -> None:
    body = json.dumps(GOOD).encode()

    answer = client.post("/v1/articles", content=body, headers={"Content-Type": content_type})

    assert answer.is_success


def test_two_spellings_of_the_same_words_are_the_same_article(client: httpx.Client) -> None:
    composed = client.post("/v1/articles", json={"title": "Café", "text": "Un café."})
    decomposed = client.post("/v1/articles", json={"title": "Cafe\u0301", "text": "Un cafe\u0301."})

    assert composed.json()["id"] == decomposed.json()["id"]
    assert decomposed.json()["outcome"] == "unchanged"


def test_a_chunked_body_over_the_cap_is_refused(client: httpx.Client) -> None:
    pieces = iter([b" " * 1024 * 1024] * 5)

    answer = client.post("/v1/articles", content=pieces, headers=JSON)

    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")


def test_a_wrong_method_is_told_the_right_one(client: httpx.Client) -> None:
    assert client.put("/v1/articles", json=GOOD).headers["Allow"] == "POST"


@pytest.mark.parametrize("place", [".", ".."])
def test_an_id_that_no_address_can_end_with_is_refused_by_every_door(
    client: httpx.Client, room: Newsroom, place: str
) -> None:
    """A client resolves such a path before it sends it; this one does not."""
    body = json.dumps(GOOD | {"id": place})
    head = (
        f"PUT /v1/articles/{place} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Authorization: Bearer {KEY}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )

    posted = client.post("/v1/articles", content=body, headers=JSON)
    line = client.post(
        "/v1/articles/bulk", content=body, headers={"Content-Type": "application/x-ndjson"}
    )
    put = room.server.raw(head.encode())

    assert posted.json()["errors"] == [{"pointer": "/id", "detail": NO_ADDRESS}]
    assert json.loads(line.text)["problem"]["errors"] == posted.json()["errors"]
    assert put.startswith(b"HTTP/1.1 422 ")
    assert NO_ADDRESS.encode() in put


@pytest.mark.parametrize(
    ("number", "headers"),
    [
        (47, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        (48, "Content-Length: -1\r\n"),
        (48, "Content-Length: 2\r\nContent-Length: 3\r\n"),
    ],
)
def test_a_request_of_unclear_length_is_refused(room: Newsroom, number: int, headers: str) -> None:
    head = f"POST /v1/articles HTTP/1.1\r\nHost: x\r\n{headers}\r\n{{}}"

    assert room.server.raw(head.encode()).startswith(b"HTTP/1.1 400 ")


def test_a_body_that_trickles_in_is_refused(room: Newsroom) -> None:
    head = (
        "POST /v1/articles HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {KEY}\r\nContent-Length: 999\r\n\r\n{{"
    )

    answer = room.server.raw(head.encode())

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"/problems/body-too-slow"' in answer
