"""The client's side: importing, searching and waiting, over HTTP as a publisher would."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import httpx

_CHUNK = 500


def import_all(client: httpx.Client, articles: Iterable[dict[str, Any]]) -> int:
    """Send all of them by the bulk route; how many were accepted."""
    accepted = 0
    rest = iter(articles)
    while chunk := list(islice(rest, _CHUNK)):
        lines = "\n".join(json.dumps(article) for article in chunk)
        answer = client.post(
            "/v1/articles/bulk",
            content=lines,
            headers={"Content-Type": "application/x-ndjson"},
        )
        accepted += sum(json.loads(line)["status"] == 202 for line in answer.text.splitlines())
    return accepted


def wait_until_ready(client: httpx.Client) -> None:
    """Until every article can be read with its summary and found; relating may go on behind."""
    while client.get("/v1/stats").json()["articles"]["accepted"]:
        time.sleep(0.2)


def wait_until_settled(client: httpx.Client) -> None:
    while True:
        stages = client.get("/v1/stats").json()["stages"].values()
        if not any(stage["pending"] + stage["running"] for stage in stages):
            return
        time.sleep(0.2)


def searches(
    client: httpx.Client, queries: Sequence[str], sections: Sequence[str], count: int, seed: int
) -> list[float]:
    """Milliseconds of `count` hybrid searches, every other one with a filter and facets."""
    chance = random.Random(seed)
    return [
        _search(client, chance.choice(queries), sections, chance, n % 2 == 0) for n in range(count)
    ]


def _search(
    client: httpx.Client,
    query: str,
    sections: Sequence[str],
    chance: random.Random,
    filtered: bool,
) -> float:
    parameters: dict[str, Any] = {"q": query, "limit": 10}
    if filtered:
        parameters |= {"section": chance.choice(sections), "facets": "section,source"}
    return timed(client, "/v1/search", parameters)


def timed(client: httpx.Client, path: str, parameters: dict[str, Any] | None = None) -> float:
    """Milliseconds until the whole answer is there."""
    began = time.perf_counter()
    client.get(path, params=parameters or {}).raise_for_status()
    return (time.perf_counter() - began) * 1000


@contextmanager
def searching_meanwhile(
    client: httpx.Client, queries: Sequence[str], sections: Sequence[str]
) -> Iterator[list[float]]:
    """A reader who searches ten times a second while the block runs; their milliseconds."""
    chance = random.Random(1)
    with _again_and_again(
        0.1, lambda _: _search(client, chance.choice(queries), sections, chance, True)
    ) as found:
        yield found


@contextmanager
def publishing_meanwhile(client: httpx.Client, name: str) -> Iterator[list[float]]:
    """A newsroom with an article a second while the block runs.

    The milliseconds from each one's 202 until a search for its words finds it, looked at ten times
    a second. `name` tells these articles from those of another block.
    """
    with _again_and_again(1.0, lambda count: _publish_and_find(client, f"{name}-{count}")) as found:
        yield found


@contextmanager
def _again_and_again(pause: float, measured: Callable[[int], float]) -> Iterator[list[float]]:
    found: list[float] = []
    done = threading.Event()

    def act() -> None:
        while not done.wait(pause):
            found.append(measured(len(found)))

    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


def _publish_and_find(client: httpx.Client, article_id: str) -> float:
    """The title is a word that no other article has."""
    word = "".join(chr(ord("g") + int(digit, 16)) for digit in article_id.encode().hex())
    article = {
        "id": article_id,
        "title": f"What {word} said",
        "text": f"It was {word} who said so.",
    }
    client.post("/v1/articles", json=article).raise_for_status()
    accepted = time.perf_counter()
    asked = {"q": word, "mode": "keyword", "limit": 1}
    while not client.get("/v1/search", params=asked).raise_for_status().json()["total"]:
        time.sleep(0.1)
    return (time.perf_counter() - accepted) * 1000


def post_and_wait(client: httpx.Client, article: dict[str, Any]) -> tuple[float, float]:
    """Milliseconds until a posted article is accepted, and until it is ready."""
    began = time.perf_counter()
    client.post("/v1/articles", json=article).raise_for_status()
    accepted = time.perf_counter()
    while client.get(f"/v1/articles/{article['id']}/status").json()["status"] == "accepted":
        time.sleep(0.005)
    return (accepted - began) * 1000, (time.perf_counter() - began) * 1000
