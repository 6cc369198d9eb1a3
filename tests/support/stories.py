"""Articles for tests of the whole program, and the patience to wait until they are ready."""

import json
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import httpx

from support import patience

T = TypeVar("T")
Json = dict[str, Any]

HARBOUR: Json = {
    "id": "harbour",
    "title": "Port Ellery harbour to close for six weeks",
    "section": "local",
    "published_at": "2026-10-12T08:00:00Z",
    "text": (
        "The harbour at Port Ellery will close for six weeks while engineers replace the sea gate. "
        "Ferries to the islands will leave from Saltmouth instead. "
        "The old gate was damaged in the storm, when waves broke two of its hinges."
    ),
}
FERRIES: Json = {
    "id": "ferries",
    "title": "Island ferries leave from Saltmouth while the harbour is shut",
    "section": "local",
    "published_at": "2026-10-13T08:00:00Z",
    "text": (
        "Passengers for the islands must take the ferry from Saltmouth from Monday. "
        "The harbour at Port Ellery is closed while engineers replace the sea gate. "
        "The storm had damaged the gate and the ferry berth beside it."
    ),
}
#: On the same story in words of its own; the one that tests delete.
DOOMED: Json = {
    "id": "doomed",
    "title": "Ferry passengers from Port Ellery want their money back",
    "section": "local",
    "published_at": "2026-10-13T12:00:00Z",
    "text": (
        "Passengers of the island ferries have asked for their money back since the harbour at "
        "Port Ellery was shut. The ferry from Saltmouth takes an hour longer. "
        "Engineers need six weeks to replace the sea gate that the storm damaged."
    ),
}
#: The same words under another id, as an agency's clients print them.
REPRINT: Json = {**HARBOUR, "id": "harbour-reprint", "source": "Saltmouth Mail"}
BAKERY: Json = {
    "id": "bakery",
    "title": "A bakery wins the prize for the best rye bread",
    "section": "food",
    "published_at": "2026-10-14T08:00:00Z",
    "text": (
        "The jury praised the crust, the crumb and the sourdough. "
        "The baker, who is nineteen, began in her aunt's kitchen. "
        "She bakes two hundred loaves a night."
    ),
}


def numbered(count: int, *, first: int = 1) -> list[Json]:
    """Articles that differ in their number only."""
    return [
        {
            "id": f"note-{number}",
            "title": f"Council note {number}",
            "text": f"The council met for the {number}th time. It agreed on item {number} at once.",
        }
        for number in range(first, first + count)
    ]


def as_lines(articles: Iterable[Json]) -> bytes:
    return b"".join(json.dumps(article).encode() + b"\n" for article in articles)


def get(client: httpx.Client, path: str, **parameters: Any) -> Json:
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def ids(found: Json) -> list[str]:
    return [item["id"] for item in found["items"]]


def post(client: httpx.Client, *articles: Json) -> None:
    """Post them and wait until each is ready."""
    for article in articles:
        assert client.post("/v1/articles", json=article).status_code in (200, 202)
    for article in articles:
        wait_until_ready(client, article["id"])


def wait_until_ready(client: httpx.Client, article_id: str) -> Json:
    def status() -> Json:
        found: Json = client.get(f"/v1/articles/{article_id}/status").json()
        return found

    return eventually(status, lambda found: found["status"] == "ready")


def wait_until_settled(client: httpx.Client) -> None:
    """However long it takes, as long as it gets less."""
    waiting = _waiting(client)
    while waiting:
        waiting = eventually(lambda: _waiting(client), lambda count, before=waiting: count < before)


def _waiting(client: httpx.Client) -> int:
    stages = client.get("/v1/stats").json()["stages"].values()
    return sum(stage["pending"] + stage["running"] for stage in stages)


def eventually(look: Callable[[], T], good: Callable[[T], bool]) -> T:
    """What is seen once it is good; an error that shows it if it never gets so."""
    deadline = time.monotonic() + patience.SECONDS
    while time.monotonic() < deadline:
        if good(seen := look()):
            return seen
        time.sleep(0.02)
    raise AssertionError(f"It never came to that; last seen: {seen}")
