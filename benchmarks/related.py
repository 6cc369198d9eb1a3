"""Related lists of a large archive while it changes: `python -m benchmarks.related [--articles N]`.

Imports N invented articles into a running program, then asks for every list while articles are
changed and deleted, and counts the lists in which something has no place. Before that, what an
import costs with relating behind it and without.
"""

import random
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx

from benchmarks.corpus import articles
from benchmarks.load import import_all, timed, wait_until_ready
from benchmarks.measures import Measure, Wanted, as_they_come, percentile
from benchmarks.program import Program, running
from benchmarks.progress import bar, each
from benchmarks.words import command

_TIMED = 500
#: Each of these is one reader after the other.
_READERS = 4
#: Imported in turns with relating and without, so that whatever else goes on slows both.
_TURNS = 3
_IMPORTED = 2_000
#: Of what happens to the archive meanwhile, these shares; the rest are corrections.
_DELETED = 0.3
_COPIED = 0.3
#: Gone, or not in the index yet.
_NO_LIST = frozenset([409, 410])


def main() -> None:
    parsed = command(__doc__)
    parsed.add_argument("--articles", type=int, default=10_000, help="in the archive")
    parsed.add_argument("--seed", type=int, default=0, help="of what is made up")
    parsed.add_argument("--lists", type=int, default=10_000, help="again from the first, if more")
    parsed.add_argument("--turns", type=int, default=_TURNS, help="0 leaves the imports out")
    parsed.add_argument("--imported", type=int, default=_IMPORTED, help="articles of each import")
    given = parsed.parse_args()
    if given.turns:
        as_they_come(imports(given.turns, given.imported, given.seed), print)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "data") as program:
        as_they_come(measured(program, given.articles, given.lists, given.seed), print)


def imports(turns: int, articles_each: int, seed: int) -> Iterator[Measure]:
    """How many articles a second are made ready, with relating behind it and without."""
    made = list(islice(articles(articles_each, seed), articles_each))
    related = alone = 0.0
    for _ in range(turns):
        alone += _import_seconds("without relating", made, ("benchmarks.unrelated",))
        related += _import_seconds("with relating", made, ("backstory_standalone", "serve"))
    count = turns * articles_each
    yield _figure("imported without relating", count / alone, "articles/s")
    yield _figure("imported with relating behind", count / related, "articles/s")
    yield Measure(
        name="of the rate without",
        value=alone / related,
        unit="",
        wanted=Wanted.AT_LEAST,
        goal=0.8,
    )


def _import_seconds(how: str, made: Sequence[dict[str, Any]], module: Sequence[str]) -> float:
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "data", module) as program,
        program.client() as client,
    ):
        began = time.perf_counter()
        import_all(client, each(f"Importing {how}", made, len(made)))
        wait_until_ready(client)
        return time.perf_counter() - began


def measured(program: Program, count: int, lists: int, seed: int) -> Iterator[Measure]:
    made = list(islice(articles(count, seed), count))
    with program.client() as client:
        began, used = time.perf_counter(), program.cpu_seconds()
        import_all(client, each("Importing", made, count))
        wait_until_ready(client)
        ready, spent = time.perf_counter() - began, program.cpu_seconds() - used
        _wait_until_related(client)
        yield _figure("imported and ready", count / ready, "articles/s")
        yield _figure("imported and ready", 1000 * spent / count, "CPU ms each")
        related = 1000 * (program.cpu_seconds() - used - spent) / count
        yield _figure("what was left to relate then", related, "CPU ms each")
        ids = [one["id"] for one in made]
        yield from _latency(client, ids, seed)
        with _changing(client, made, seed) as changes:
            asked = _asked(program, list(islice(cycle(ids), lists)), changes.gone)
        wrong = [article_id for article_id, why in asked if why]
        yield Measure(name="changed, copied or deleted meanwhile", value=changes.made, unit="")
        yield Measure(name="lists looked at", value=len(asked), unit="")
        yield Measure(
            name="lists with itself, a copy or a deleted one", value=len(wrong), unit="", goal=0
        )


def _wait_until_related(client: httpx.Client) -> None:
    left = _unrelated(client)
    with bar("Relating", left) as done:
        while left:
            time.sleep(0.2)
            before, left = left, _unrelated(client)
            done(before - left)


def _unrelated(client: httpx.Client) -> int:
    stages = client.get("/v1/stats").json()["stages"].values()
    return sum(stage["pending"] + stage["running"] for stage in stages)


def _latency(client: httpx.Client, ids: Sequence[str], seed: int) -> Iterator[Measure]:
    chosen = random.Random(seed).sample(list(ids), min(_TIMED, len(ids)))
    times = [timed(client, f"/v1/articles/{id_}/related") for id_ in chosen]
    yield Measure(name="related, p95", value=percentile(times, 0.95), unit="ms", goal=5)
    yield Measure(name="related, median", value=percentile(times, 0.5), unit="ms")


@dataclass
class _Changes:
    """What somebody does to the archive meanwhile: how often, and what is gone for good."""

    made: int = 0
    gone: set[str] = field(default_factory=set)


@contextmanager
def _changing(
    client: httpx.Client, articles: Sequence[dict[str, Any]], seed: int
) -> Iterator[_Changes]:
    """Somebody who changes, copies and deletes articles; whatever is refused ends it all."""
    changes, done = _Changes(), threading.Event()
    chance = random.Random(seed)

    def change() -> None:
        while not done.wait(0.05):
            one, other = chance.sample(articles, 2)
            if one["id"] not in changes.gone:
                _change(client, one, other, chance.random(), changes)
                changes.made += 1

    with ThreadPoolExecutor(1) as somebody:
        changing = somebody.submit(change)
        try:
            yield changes
        finally:
            done.set()
        changing.result()


def _change(
    client: httpx.Client,
    one: dict[str, Any],
    other: dict[str, Any],
    move: float,
    changes: _Changes,
) -> None:
    if move < _DELETED:
        client.delete(f"/v1/articles/{one['id']}").raise_for_status()
        changes.gone.add(one["id"])
        return
    text = other["text"] if move < _DELETED + _COPIED else f"{one['text']} It was corrected."
    client.put(f"/v1/articles/{one['id']}", json={**one, "text": text}).raise_for_status()


def _asked(program: Program, ids: Sequence[str], gone: set[str]) -> list[tuple[str, str | None]]:
    """Each list, and what is wrong with it; only what was gone before it was asked counts."""

    def ask(some: Sequence[str]) -> list[tuple[str, str | None]]:
        found = []
        with program.client() as client:
            for id_ in some:
                found += _looked_at(client, id_, set(gone))
                done(1)
        return found

    with bar("Lists", len(ids)) as done, ThreadPoolExecutor(_READERS) as readers:
        parts = readers.map(ask, (ids[start::_READERS] for start in range(_READERS)))
        return [found for part in parts for found in part]


def _looked_at(
    client: httpx.Client, article_id: str, gone: set[str]
) -> list[tuple[str, str | None]]:
    """None of an article that is gone itself, or not in the index yet."""
    answer = client.get(f"/v1/articles/{article_id}/related")
    if answer.status_code in _NO_LIST:
        return []
    answer.raise_for_status()
    shown = [item["id"] for item in answer.json()["items"]]
    return [(article_id, _wrong(client, article_id, shown, gone))]


def _wrong(
    client: httpx.Client, article_id: str, shown: Sequence[str], gone: set[str]
) -> str | None:
    if article_id in shown:
        return "itself"
    if set(shown) & gone:
        return "a deleted one"
    if not shown:
        return None
    answer = client.get(f"/v1/articles/{article_id}/duplicates")
    if answer.status_code in _NO_LIST:
        return None
    answer.raise_for_status()
    copies = {item["id"] for item in answer.json()["items"]}
    if not copies & set(shown):
        return None
    # It may have become a copy between the two questions: ask once more.
    again = client.get(f"/v1/articles/{article_id}/related")
    later = {item["id"] for item in again.json()["items"]} if again.status_code == 200 else set()
    return "a copy" if copies & later else None


def _figure(name: str, value: float, unit: str) -> Measure:
    return Measure(name=name, value=value, unit=unit, wanted=Wanted.AT_LEAST)


if __name__ == "__main__":
    main()
