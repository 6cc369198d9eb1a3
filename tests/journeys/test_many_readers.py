"""A hundred readers at once, while articles are imported and deleted."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from support import patience
from support.program import running
from support.stories import as_lines, eventually

pytestmark = pytest.mark.serial

READERS = 100
KEPT, COMING, BATCH = 20, 60, 10
NDJSON = {"Content-Type": "application/x-ndjson"}
ASKED = {"q": "zeppelin", "limit": 100, "facets": "section", "collapse": "none"}


def zeppelins(name: str, first: int, count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{name}-{number}",
            "title": f"Zeppelin {name} {number}",
            "text": f"The zeppelin {name} of line {number} landed at gate {number * 7} at noon.",
            "section": ("news", "travel")[number % 2],
        }
        for number in range(first, first + count)
    ]


def send(client: httpx.Client, articles: Sequence[dict[str, Any]]) -> None:
    client.post("/v1/articles/bulk", content=as_lines(articles), headers=NDJSON)


@dataclass(frozen=True)
class Answer:
    """What was known to be deleted before a question was asked, and what came back."""

    deleted: frozenset[str]
    response: httpx.Response


@dataclass
class House:
    """Who reads and who changes, and what they know of each other."""

    deleted: set[str] = field(default_factory=set)
    over: Event = field(default_factory=Event)

    def read(self, client: httpx.Client) -> list[Answer]:
        """Once at least."""
        answers = [self._ask(client)]
        while not self.over.is_set():
            answers.append(self._ask(client))
        return answers

    def _ask(self, client: httpx.Client) -> Answer:
        deleted = frozenset(self.deleted)
        return Answer(deleted, client.get("/v1/search", params=ASKED))

    def change(self, client: httpx.Client) -> None:
        """Import a few, and delete every other one of them at once, wherever it is by then."""
        for first in range(0, COMING, BATCH):
            coming = zeppelins("coming", first, BATCH)
            send(client, coming)
            for article in coming[::2]:
                assert client.delete(f"/v1/articles/{article['id']}").status_code == 200
                self.deleted.add(article["id"])


def test_a_hundred_readers_are_answered_truly_while_articles_come_and_go(tmp_path: Path) -> None:
    with running(tmp_path / "data") as program:
        house = House()
        limits = httpx.Limits(max_connections=READERS + 1)
        with httpx.Client(
            base_url=program.url, timeout=patience.SECONDS, limits=limits, trust_env=False
        ) as client:
            send(client, zeppelins("kept", 0, KEPT))
            wait_for_total(client, KEPT)
            with ThreadPoolExecutor(READERS) as readers:
                reading = [readers.submit(house.read, client) for _ in range(READERS)]
                try:
                    house.change(client)
                finally:
                    house.over.set()
            wait_for_total(client, KEPT + COMING - len(house.deleted))

    answers = [answer for each in reading for answer in each.result()]
    for answer in answers:
        check(answer)


def check(answer: Answer) -> None:
    """What is deleted while it is answered may be counted still; nothing else is missing."""
    assert answer.response.status_code == 200, answer.response.text
    found = answer.response.json()
    ids = [one["id"] for one in found["items"]]
    assert len(set(ids)) == len(ids) <= found["total"]
    assert {f"kept-{number}" for number in range(KEPT)} <= set(ids)
    assert not answer.deleted & set(ids)
    assert sum(one["count"] for one in found["facets"]["section"]) == found["total"]


def wait_for_total(client: httpx.Client, total: int) -> None:
    def look() -> int:
        found: int = client.get("/v1/search", params=ASKED).json()["total"]
        return found

    assert eventually(look, lambda found: found == total) == total
