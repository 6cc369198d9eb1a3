"""Events: what happens is told in order, from any place in the log, to whoever listens."""

import json
import threading
from collections.abc import Iterator
from itertools import islice
from typing import Any

import httpx
import pytest

from support import patience
from support.ingest import Newsroom, newsroom


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as room:
        yield room


@pytest.fixture
def client(room: Newsroom) -> Iterator[httpx.Client]:
    with room.client() as client:
        yield client


def _post(client: httpx.Client, name: str) -> None:
    client.put(f"/v1/articles/{name}", json={"title": "A bridge", "text": "It opened."})


def _told(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    """The events of a stream, one dict of fields each."""
    event: dict[str, Any] = {}
    for line in answer.iter_lines():
        name, _, value = line.partition(": ")
        if line and name:
            event[name] = json.loads(value) if name == "data" else value
        elif event:
            yield event
            event = {}


def _listen(client: httpx.Client, count: int, *, last: str | None = None, types: str = "") -> Any:
    headers = {} if last is None else {"Last-Event-ID": last}
    with client.stream(
        "GET", "/v1/events", params={"types": types} if types else {}, headers=headers
    ) as answer:
        return list(islice(_told(answer), count))


def test_a_listener_hears_everything_from_the_beginning(client: httpx.Client) -> None:
    _post(client, "a")
    client.delete("/v1/articles/a")

    first, second = _listen(client, 2, last="0")

    assert (first["id"], first["event"], first["data"]["id"]) == ("1", "article.accepted", "a")
    assert (second["id"], second["event"]) == ("2", "article.deleted")
    assert second["data"]["revision"] == 2


def test_a_listener_that_comes_back_misses_nothing(client: httpx.Client) -> None:
    for name in ("a", "b", "c"):
        _post(client, name)

    events = _listen(client, 2, last="1")

    assert [event["data"]["id"] for event in events] == ["b", "c"]


def test_a_new_listener_hears_what_is_new(room: Newsroom, client: httpx.Client) -> None:
    _post(client, "before")
    with client.stream("GET", "/v1/events") as answer:
        with room.client() as other:
            _post(other, "after")
        event = next(_told(answer))

    assert event["data"]["id"] == "after"


def test_a_listener_can_ask_for_some_types_only(client: httpx.Client) -> None:
    _post(client, "a")
    client.delete("/v1/articles/a")

    (event,) = _listen(client, 1, last="0", types="article.deleted,article.failed")

    assert event["event"] == "article.deleted"


def test_an_event_names_the_request_that_caused_it(client: httpx.Client) -> None:
    article = {"title": "A bridge", "text": "It opened."}
    client.put("/v1/articles/a", json=article, headers={"X-Request-ID": "order-66"})

    (event,) = _listen(client, 1, last="0")

    assert event["data"]["correlation_id"] == "order-66"


def test_a_stream_ends_when_the_program_stops() -> None:
    ended = threading.Event()
    with newsroom() as room, room.client() as client:
        answer = client.send(client.build_request("GET", "/v1/events"), stream=True)
        reader = threading.Thread(target=lambda: (answer.read(), ended.set()))
        reader.start()
        room.stop.set()

        assert ended.wait(patience.SECONDS)
