"""A load client with a record of its own: what it was promised, and nothing else.

What was in flight when something broke is left out, since nobody can know whether it was accepted.
"""

import json
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

_BULK_LINES = 40
_TRIES = 100
_LEISURE_SECONDS = 0.2


class Record:
    """What the client was promised, on disk before the next request goes out.

    Whoever opens the file again knows what it says, and nothing else.
    """

    def __init__(self, file: Path) -> None:
        self.revisions: dict[str, int] = {}
        self.deleted: set[str] = set()
        self.uncertain: set[str] = set()
        self.answers = 0
        self._ids: list[str] = []
        for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
            self._take(**json.loads(line))
        self._file = file.open("a", encoding="utf-8")

    def accepted(self, article_id: str, revision: int) -> None:
        self._write("accepted", [article_id], revision)
        self.answers += 1

    def removed(self, article_id: str) -> None:
        self._write("deleted", [article_id])
        self.answers += 1

    def in_flight(self, article_ids: Sequence[str]) -> None:
        if article_ids:
            self._write("in flight", article_ids)

    def certain(self) -> set[str]:
        return self.revisions.keys() - self.uncertain

    def any_that_is_there(self, chance: random.Random) -> str | None:
        """One whose state is known; looked for by chance, since a campaign has many thousands."""
        for _ in range(_TRIES if self._ids else 0):
            found = chance.choice(self._ids)
            if found not in self.uncertain and found not in self.deleted:
                return found
        return None

    def _write(self, event: str, ids: Sequence[str], revision: int = 0) -> None:
        line = {"event": event, "ids": list(ids), "revision": revision}
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._take(event, ids, revision)

    def _take(self, event: str, ids: Sequence[str], revision: int) -> None:
        match event:
            case "accepted":
                self._ids += [id_ for id_ in ids if id_ not in self.revisions]
                self.revisions.update(dict.fromkeys(ids, revision))
                self.deleted.difference_update(ids)
            case "deleted":
                self.deleted.update(ids)
            case "in flight":
                self.uncertain.update(ids)


@dataclass
class Load:
    """One publisher who posts, updates and deletes until told to stop: without a pause, and at
    leisure while there is enough."""

    client: Callable[[], httpx.Client]
    record: Record
    seed: int
    enough: Callable[[], bool] = lambda: False
    _thread: threading.Thread = field(init=False)
    _done: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator["Load"]:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        try:
            yield self
            assert self._thread.is_alive(), "the load client gave up"
        finally:
            self._done.set()
            self._thread.join(60)

    def wait_for_an_answer(self, seconds: float = 30.0) -> bool:
        """Whether one came: a slow machine must not make a campaign one of faults without load."""
        before = self.record.answers
        deadline = time.monotonic() + seconds
        while self.record.answers == before and time.monotonic() < deadline:
            assert self._thread.is_alive(), "the load client gave up"
            time.sleep(0.005)
        return self.record.answers > before

    def _run(self) -> None:
        chance = random.Random(self.seed)
        numbers = iter(range(10**9))
        while not self._done.is_set():
            at_leisure = self.enough()
            weights = [6, 0 if at_leisure else 3, 2, 1]
            move = chance.choices([_post, _bulk, _update, _delete], weights)[0]
            try:
                with self.client() as client:
                    move(client, self.record, numbers, chance)
            except (httpx.HTTPError, ValueError):  # the kill may cut a line in two
                time.sleep(0.1)
            if at_leisure:
                self._done.wait(_LEISURE_SECONDS)


Move = Callable[[httpx.Client, Record, Iterator[int], random.Random], None]


def article(number: int, chance: random.Random) -> dict[str, Any]:
    """A short article nobody else has: its title holds a word of its own."""
    words = ["harbour", "council", "bridge", "storm", "school", "budget", "station", "museum"]
    sentences = [
        f"The {chance.choice(words)} {chance.choice(words)} was discussed on day {number + day}."
        for day in range(8)
    ]
    return {
        "id": f"article-{number}",
        "title": f"Report unique{number} from the {chance.choice(words)}",
        "text": " ".join(sentences),
    }


def _post(
    client: httpx.Client, record: Record, numbers: Iterator[int], chance: random.Random
) -> None:
    _send(client, record, article(next(numbers), chance))


def _update(
    client: httpx.Client, record: Record, numbers: Iterator[int], chance: random.Random
) -> None:
    if article_id := record.any_that_is_there(chance):
        _send(client, record, {**article(next(numbers), chance), "id": article_id})


def _send(client: httpx.Client, record: Record, body: dict[str, Any]) -> None:
    with _maybe_in_flight(record, [body["id"]]):
        answer = client.post("/v1/articles", json=body)
        if answer.status_code == 202:
            record.accepted(body["id"], answer.json()["revision"])
        answer.raise_for_status()


def _bulk(
    client: httpx.Client, record: Record, numbers: Iterator[int], chance: random.Random
) -> None:
    bodies = [article(next(numbers), chance) for _ in range(_BULK_LINES)]
    lines = "\n".join(json.dumps(body) for body in bodies)
    waiting = {body["id"] for body in bodies}
    headers = {"Content-Type": "application/x-ndjson"}
    try:
        with client.stream("POST", "/v1/articles/bulk", content=lines, headers=headers) as answer:
            for line in answer.iter_lines():
                result = json.loads(line)
                if result.get("status") == 202:
                    record.accepted(result["id"], result["revision"])
                    waiting.discard(result["id"])
    finally:
        record.in_flight(sorted(waiting))


def _delete(
    client: httpx.Client, record: Record, numbers: Iterator[int], chance: random.Random
) -> None:
    if article_id := record.any_that_is_there(chance):
        with _maybe_in_flight(record, [article_id]):
            client.delete(f"/v1/articles/{article_id}").raise_for_status()
            record.removed(article_id)


@dataclass
class _maybe_in_flight:  # noqa: N801 - reads as the statement it is
    """Whoever leaves with an error may or may not have been heard: a commit can succeed though its
    answer never came."""

    record: Record
    ids: list[str]

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self.record.in_flight(self.ids)
