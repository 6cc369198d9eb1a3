"""An independent checker: it believes nothing that the program says about itself.

It compares the load client's own record of what was answered with what is there in the end.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from support.load import Record
from support.progress import followed, progress

_FAILURES = "/v1/failures?limit=200"
_AT_ONCE = 4
#: Looking counts all there is: more often, and a long campaign would do little else.
_LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Witness:
    """Where the checker looks; on one machine both clients are of the same server.

    `index_differences` compares the index with the ledger: how many articles differ. `upkeep` is
    what goes on all the while, as whoever runs the programs starts again what ends.
    """

    ingest: Callable[[], httpx.Client]
    search: Callable[[], httpx.Client]
    index_differences: Callable[[], int]
    upkeep: Callable[[], None] = lambda: None


def check(
    witness: Witness, record: Record, stuck_seconds: float, failing: Collection[str] = ()
) -> list[str]:
    """Every promise that was broken, as a sentence; `failing` are those that must fail.

    Stuck is where nothing comes to an end for `stuck_seconds`, however much is left over.
    """
    doomed = set(failing)
    with witness.ingest() as ingest, witness.search() as search:
        if not _settled(ingest, witness.upkeep, stuck_seconds):
            return [f"work was left over: {ingest.get('/v1/stats').json()['stages']}"]
        listed = Counter(_all_ids(search))
        return [
            *_lost(ingest, search, record, listed, doomed),
            *_doubled(listed),
            *_resurrected(search, record, listed),
            *_failed(ingest, doomed),
            *_told_wrongly(ingest),
            *_index_differs(witness),
        ]


def _settled(client: httpx.Client, upkeep: Callable[[], None], seconds: float) -> bool:
    """Whether all comes to its end, however long it takes, as long as something always does."""
    deadline, before = time.monotonic() + seconds, _Progress.of(client)
    with progress("work that was left over", before.left) as show:
        most = before.done
        while (now := _Progress.of(client)).left and time.monotonic() < deadline:
            upkeep()
            show(now.done - before.done, now.done - before.done + now.left)
            if now.done > most:
                deadline, most = time.monotonic() + seconds, now.done
            time.sleep(_LOOK_SECONDS)
    return not now.left


@dataclass(frozen=True)
class _Progress:
    """How many stages of articles have come to an end, and how many have not."""

    done: int
    left: int

    @classmethod
    def of(cls, client: httpx.Client) -> "_Progress":
        stages = client.get("/v1/stats").json()["stages"].values()
        return cls(
            done=sum(stage["done"] + stage["failed"] for stage in stages),
            left=sum(stage["pending"] + stage["running"] for stage in stages),
        )


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


def _lost(
    ingest: httpx.Client,
    search: httpx.Client,
    record: Record,
    listed: Counter[str],
    failing: set[str],
) -> Iterator[str]:
    """Not ready, not in the newest revision, not in the list, or with a summary of old words."""

    def look(article_id: str) -> list[str]:
        expected, wrong = record.revisions[article_id], []
        status = ingest.get(f"/v1/articles/{article_id}/status").json()
        if (status.get("status"), status.get("revision")) != ("ready", expected):
            wrong.append(f"{article_id} is {status}, not ready in revision {expected}")
        if article_id not in listed:
            wrong.append(f"{article_id} is not listed")
        summary = search.get(f"/v1/articles/{article_id}/summary").json()
        if (summary.get("state"), summary.get("revision")) != ("ready", expected):
            wrong.append(f"{article_id} has a summary that is {summary.get('state')}")
        return wrong

    there = sorted(record.certain() - record.deleted - failing)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for wrong in followed("articles that must be there", threads.map(look, there), len(there)):
            yield from wrong


def _doubled(listed: Counter[str]) -> Iterator[str]:
    yield from (f"{id_} is there {n} times" for id_, n in listed.items() if n > 1)


def _resurrected(client: httpx.Client, record: Record, listed: Counter[str]) -> Iterator[str]:
    for article_id in sorted(record.certain() & record.deleted):
        if article_id in listed or client.get(f"/v1/articles/{article_id}").status_code != 410:
            yield f"{article_id} was deleted and is there"


def _failed(client: httpx.Client, failing: set[str]) -> Iterator[str]:
    """Those that kill whoever works on them must fail, for that reason, and nobody else."""
    failed = {item["id"]: item["stages"] for item in client.get(_FAILURES).json()["items"]}
    for article_id in sorted(failed.keys() - failing):
        yield f"{article_id} failed: {failed[article_id]}"
    for article_id in sorted(failing):
        reasons = {(stage["error"] or {}).get("type") for stage in failed.get(article_id, [])}
        if "worker-lost" not in reasons:
            yield f"{article_id} should have failed with worker-lost, not {reasons}"


def _told_wrongly(client: httpx.Client) -> Iterator[str]:
    """Each revision is accepted once, whatever was sent again; once it is accepted or deleted,
    nothing happens to an older one any more."""
    newest: dict[str, int] = {}
    accepted: Counter[tuple[str, int]] = Counter()
    for event in _events(client):
        id_, revision = event["id"], event["revision"]
        accepted[id_, revision] += event["type"] == "article.accepted"
        if revision < newest.get(id_, 0):
            yield f"{id_} revision {revision} had its {event['type']} after a newer one came"
        newest[id_] = max(revision, newest.get(id_, 0))
    for (id_, revision), times in accepted.items():
        if times > 1:
            yield f"{id_} revision {revision} was accepted {times} times"


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


def _index_differs(witness: Witness) -> Iterator[str]:
    if different := witness.index_differences():
        yield f"{different} articles differ between the index and the ledger"
