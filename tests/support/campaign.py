"""A fault campaign: a load client with a record of its own, a killer, and an independent checker.

The checker believes nothing the program says about itself: it compares the client's fsynced record
of what was answered with what is there in the end. What was in flight at a kill is left out, since
nobody can know whether it was accepted.
"""

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from support.program import SERVE, Program, start

ANSWER_SECONDS = 30.0
_BULK_LINES = 40


class Record:
    """What the client was promised, on disk before the next request goes out."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8")
        self.revisions: dict[str, int] = {}
        self.deleted: set[str] = set()
        self.uncertain: set[str] = set()
        self.answers = 0

    def accepted(self, article_id: str, revision: int) -> None:
        self._write("accepted", article_id)
        self.revisions[article_id] = revision
        self.deleted.discard(article_id)

    def removed(self, article_id: str) -> None:
        self._write("deleted", article_id)
        self.deleted.add(article_id)

    def in_flight(self, article_ids: Sequence[str]) -> None:
        self.uncertain.update(article_ids)

    def certain(self) -> set[str]:
        return self.revisions.keys() - self.uncertain

    def _write(self, event: str, article_id: str) -> None:
        self._file.write(json.dumps({"event": event, "id": article_id}) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.answers += 1


@dataclass
class Campaign:
    """Load and kills against one data folder; `program` is whichever process runs right now."""

    data: Path
    seed: int
    arguments: Sequence[str] = SERVE
    settle_seconds: float = 180.0
    record: Record = field(init=False)
    program: Program = field(init=False)
    _done: threading.Event = field(default_factory=threading.Event)

    def run(self, kills: int) -> list[str]:
        """Kill `kills` times under load, let it settle, and check; the broken promises."""
        self.record = Record(self.data.parent / "record.jsonl")
        self.program = start(self.data, arguments=self.arguments)
        client = threading.Thread(target=self._load, daemon=True)
        client.start()
        try:
            chance = random.Random(self.seed)
            for _ in range(kills):
                self._wait_for_an_answer()
                time.sleep(chance.uniform(0.0, 0.8))
                self._kill_something(chance)
            assert client.is_alive(), "the load client gave up"
            self._done.set()
            client.join(60)
            return check(self.program, self.record, self.settle_seconds)
        finally:
            self._done.set()
            self.program.kill()

    def _wait_for_an_answer(self) -> None:
        """A slow machine must not make the campaign one of kills without load."""
        before = self.record.answers
        deadline = time.monotonic() + ANSWER_SECONDS
        while self.record.answers == before and time.monotonic() < deadline:
            time.sleep(0.005)

    def _kill_something(self, chance: random.Random) -> None:
        workers = self.program.workers()
        if workers and chance.random() < 0.4:
            chance.choice(workers).kill()
            return
        self.program.kill()
        self.program = start(self.data, arguments=self.arguments)

    def _load(self) -> None:
        chance = random.Random(self.seed + 1)
        numbers = iter(range(10**9))
        while not self._done.is_set():
            move = chance.choices([_post, _bulk, _update, _delete], [6, 3, 2, 1])[0]
            try:
                with self.program.client() as client:
                    move(client, self.record, numbers, chance)
            except (httpx.HTTPError, json.JSONDecodeError):  # the kill may cut a line in two
                time.sleep(0.02)


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
    known = sorted(record.certain() - record.deleted)
    if known:
        changed = {**article(next(numbers), chance), "id": chance.choice(known)}
        _send(client, record, changed)


def _send(client: httpx.Client, record: Record, body: dict[str, Any]) -> None:
    with _maybe_in_flight(record, [body["id"]]):
        answer = client.post("/v1/articles", json=body)
        if answer.status_code == 202:
            record.accepted(body["id"], answer.json()["revision"])


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
                if result["status"] == 202:
                    record.accepted(result["id"], result["revision"])
                waiting.discard(result["id"])
    finally:
        record.in_flight(sorted(waiting))


def _delete(
    client: httpx.Client, record: Record, numbers: Iterator[int], chance: random.Random
) -> None:
    known = sorted(record.certain() - record.deleted)
    if known:
        article_id = chance.choice(known)
        with _maybe_in_flight(record, [article_id]):
            if client.delete(f"/v1/articles/{article_id}").is_success:
                record.removed(article_id)


@dataclass
class _maybe_in_flight:  # noqa: N801 - reads as the statement it is
    """Whoever leaves with a transport error may or may not have been heard."""

    record: Record
    ids: list[str]

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self.record.in_flight(self.ids)


def check(program: Program, record: Record, settle_seconds: float) -> list[str]:
    """Every promise that was broken, as a sentence."""
    with program.client() as client:
        if not _settled(client, settle_seconds):
            return [f"work was left over: {client.get('/v1/stats').json()['stages']}"]
        listed = list(_all_ids(client))
        return [
            *_lost(client, record, listed),
            *_doubled(listed),
            *_resurrected(client, record, listed),
            *_failed(client),
            *_told_twice(client),
            *_index_differs(client),
        ]


def _settled(client: httpx.Client, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        stages = client.get("/v1/stats").json()["stages"].values()
        if not any(stage["pending"] + stage["running"] for stage in stages):
            return True
        time.sleep(0.1)
    return False


def _all_ids(client: httpx.Client) -> Iterator[str]:
    cursor = None
    while True:
        page = client.get(
            "/v1/articles", params={"limit": 100, **({"cursor": cursor} if cursor else {})}
        ).json()
        yield from (item["id"] for item in page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _lost(client: httpx.Client, record: Record, listed: list[str]) -> Iterator[str]:
    for article_id in sorted(record.certain() - record.deleted):
        status = client.get(f"/v1/articles/{article_id}/status").json()
        expected = ("ready", record.revisions[article_id])
        if (status.get("status"), status.get("revision")) != expected:
            yield f"{article_id} is {status}, not {expected}"
        if article_id not in set(listed):
            yield f"{article_id} is not listed"


def _doubled(listed: list[str]) -> Iterator[str]:
    yield from (f"{id_} is there {n} times" for id_, n in Counter(listed).items() if n > 1)


def _resurrected(client: httpx.Client, record: Record, listed: list[str]) -> Iterator[str]:
    for article_id in sorted(record.certain() & record.deleted):
        if article_id in listed or client.get(f"/v1/articles/{article_id}").status_code != 410:
            yield f"{article_id} was deleted and is there"


def _failed(client: httpx.Client) -> Iterator[str]:
    for item in client.get("/v1/failures").json()["items"]:
        yield f"{item['id']} failed: {item['stages']}"


def _told_twice(client: httpx.Client) -> Iterator[str]:
    """Each revision is accepted once, whatever was sent again."""
    told = Counter(
        (event["id"], event["revision"])
        for event in _events(client)
        if event["type"] == "article.accepted"
    )
    yield from (
        f"{id_} revision {r} was accepted {n} times" for (id_, r), n in told.items() if n > 1
    )


def _events(client: httpx.Client) -> Iterator[dict[str, Any]]:
    last = client.get("/v1/stats").json()["last_event"]
    sequence = 0
    with client.stream("GET", "/v1/events", headers={"Last-Event-ID": "0"}) as stream:
        for line in stream.iter_lines():
            if line.startswith("id:"):
                sequence = int(line.removeprefix("id:"))
            if line.startswith("data:"):
                yield json.loads(line.removeprefix("data:"))
            if not line and sequence >= last:
                return


def _index_differs(client: httpx.Client) -> Iterator[str]:
    found = client.post("/v1/admin/verify").json()
    if found["requeued"] or found["removed"]:
        yield f"the index differs from the ledger: {found}"
