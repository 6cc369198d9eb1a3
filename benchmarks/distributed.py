"""`make bench-distributed`: what accepting and working cost on many machines, all of them this one.

    python -m benchmarks.distributed --seconds 20 --articles 2000

Prints a table and writes the same as JSON to bench-results/, as `make bench` does. The servers are
those of the tests: PostgreSQL and Valkey from pip, Qdrant's engine behind a small program.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from json import dumps
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from backstory_shared.adapters.ledger import open_postgres_ledger
from backstory_shared.adapters.local_queue import LocalQueue
from backstory_shared.adapters.qdrant_server import QdrantServerIndex, connect
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_summarize.verify import VerifyIndex
from benchmarks import embedders
from benchmarks.corpus import articles
from benchmarks.load import import_all, wait_until_settled
from benchmarks.measures import Measure, Wanted, percentile, table
from benchmarks.posting import connected, post, posted
from benchmarks.run import write_report
from support.compose import ENV
from support.machines import Machines, Service, machines

_RATE = 200
_TWINS = 10_000
_TWIN_SENDERS = 64
_WARM = 64
_MOST_WORKERS = 2
_PAIRS = 6
_WARM_SECONDS = 3.0
_PAUSE_SECONDS = 3.0


def main() -> None:
    options = _options()
    measures = []
    for measure in _measures(options):
        sys.stderr.write(f"{measure.name}: {measure.value:,.2f} {measure.unit}\n")
        measures.append(measure)
    table(measures, print)
    print(f"written to {write_report('distributed', vars(options), measures)}")


def _measures(options: argparse.Namespace) -> Iterator[Measure]:
    made = list(articles(options.articles + _MOST_WORKERS * _WARM, seed=options.seed))
    one_process = {"BACKSTORY_WORKERS": "1"}
    with (
        tempfile.TemporaryDirectory() as folder,
        machines(Path(folder), environment=one_process) as servers,
    ):
        yield from _accepting(servers, options.seconds, options.seed)
        yield from _accepting_beside_a_worker(servers, options.seconds, options.seed)
        yield from _working(servers, made)
    if options.embedders:
        yield from embedders.measures()


# --- accepting ------------------------------------------------------------------------------------


def _accepting(servers: Machines, seconds: float, seed: int) -> Iterator[Measure]:
    """One ingest process and nothing else of ours, with Redis in each of its states."""
    servers.empty()
    publisher = _Publisher(seed)
    with _programs(servers, "ingest") as [ingest]:
        ingest.wait_until_ready()
        publisher.posts_to(ingest, _WARM_SECONDS)
        before = _cpu_seconds(ingest)
        up = publisher.posts_to(ingest, seconds)
        spent = (_cpu_seconds(ingest) - before) / len(up) * 1000
        yield Measure(name="accept, CPU of ingest", value=spent, unit="ms/article")
        yield from _latencies("Redis up, no worker", up, met=True)
        servers.valkey.kill()
        down = publisher.posts_to(ingest, seconds)
        servers.valkey.start()
        yield from _latencies("Redis down", down, met=True)
        servers.valkey.hang()
        hung = publisher.posts_to(ingest, seconds)
        servers.valkey.wake()
        yield from _latencies("Redis hung", hung, met=True)
        yield from _twins(ingest, next(articles(1, seed)))


def _accepting_beside_a_worker(servers: Machines, seconds: float, seed: int) -> Iterator[Measure]:
    """The same while a worker works on what is accepted; it shares the processors with ingest."""
    servers.empty()
    publisher = _Publisher(seed)
    with _programs(servers, "ingest", "beat", "worker-0") as [ingest, *_]:
        ingest.wait_until_ready()
        servers.wait_for_workers(1)
        publisher.posts_to(ingest, _WARM_SECONDS)
        yield from _latencies("one worker beside", publisher.posts_to(ingest, seconds), met=False)


def _latencies(name: str, milliseconds: list[float], *, met: bool) -> Iterator[Measure]:
    """`met`: there is a goal to be met."""
    for share, goal in ((0.5, 10), (0.99, 50)):
        yield Measure(
            name=f"accept at {_RATE}/s, {name}, p{share * 100:.0f}",
            value=percentile(milliseconds, share),
            unit="ms",
            goal=goal if met else None,
        )


@dataclass
class _Publisher:
    """Posts articles of which no two are the same or copies of each other."""

    seed: int
    posted: int = 0

    def posts_to(self, ingest: Service, seconds: float) -> list[float]:
        """Milliseconds from when each post was due; all of them are answered with 202."""
        count = int(seconds * _RATE)
        fresh = islice(articles(self.posted + count, self.seed), self.posted, None)
        self.posted += count
        return posted(ingest.port, ENV["BACKSTORY_API_KEY"], _RATE, fresh)


def _twins(ingest: Service, article: dict[str, Any]) -> Iterator[Measure]:
    """The same post many times at once: one of them is the article."""
    twin = dumps({**article, "id": "twin", "url": None}).encode()

    def send(_: int) -> Counter[str]:
        connection, outcomes = connected(ingest.port), Counter[str]()
        for _ in range(_TWINS // _TWIN_SENDERS):
            outcomes[post(connection, ENV["BACKSTORY_API_KEY"], twin)[1]["outcome"]] += 1
        return outcomes

    with ThreadPoolExecutor(_TWIN_SENDERS) as senders:
        outcomes = sum(senders.map(send, range(_TWIN_SENDERS)), Counter[str]())
    sent = outcomes.total()
    yield Measure(
        name=f"articles made of {sent:,} identical posts from {_TWIN_SENDERS} threads",
        value=outcomes["created"] + outcomes["updated"],
        unit="articles",
        goal=1,
    )


# --- working --------------------------------------------------------------------------------------


def _working(servers: Machines, made: Sequence[dict[str, Any]]) -> Iterator[Measure]:
    """Workers of one process each, so that two of them are twice the hands.

    One and two take turns on the same work. A machine is never as quick twice, the less so while
    both of its processors are busy: so only neighbours in time are compared, each of them comes
    first as often, and the median counts. Of six pairs, since single ones lie from .86 to 1.28.
    """
    turns = list(_turns(servers, made))
    ratios = [two / one for one, two in turns]
    yield from _comparing(servers)
    yield from _room(servers, made)
    for name, spent in zip(("one worker", "two workers"), zip(*turns, strict=True), strict=True):
        yield Measure(name=f"CPU per article, {name}", value=median(spent), unit="ms")
    for name, ratio in (("lowest", min(ratios)), ("highest", max(ratios))):
        yield Measure(name=f"two workers to one, {name} of {_PAIRS}", value=ratio, unit="times")
    yield Measure(
        name="two workers to one, CPU per article",
        value=median(ratios),
        unit="times",
        wanted=Wanted.AT_MOST,
        goal=1.1,
    )


def _turns(servers: Machines, made: Sequence[dict[str, Any]]) -> Iterator[tuple[float, float]]:
    """What one worker takes, and what two of them take."""
    for number in range(_PAIRS):
        order = (1, 2) if number % 2 == 0 else (2, 1)
        spent = {workers: _cpu_ms_per_article(servers, made, workers) for workers in order}
        yield spent[1], spent[2]


def _cpu_ms_per_article(servers: Machines, made: Sequence[dict[str, Any]], workers: int) -> float:
    """Over an archive that is as large as in every other turn, in two ways the same for all.

    Nobody loads a model while it is measured: each worker has done every stage by itself before.
    (Of two that are warmed together one may do nothing, as a batch is all that there is.) And all
    that is to be done lies there when they begin. Whoever keeps up with an import finds little each
    time, and a small batch costs as much beside its articles as a large one: so idle hands would
    be counted against the second worker, not what it does.
    """
    servers.empty()
    names = [f"worker-{number}" for number in range(workers)]
    with _programs(servers, "ingest", "beat", *names) as [ingest, _, *hands]:
        ingest.wait_until_ready()
        servers.wait_for_workers(workers)
        with servers.ingest() as client:
            for number in range(_MOST_WORKERS):
                warmed = hands[number % workers]
                with _standing_still([one for one in hands if one is not warmed]):
                    import_all(client, made[number * _WARM : (number + 1) * _WARM])
                    wait_until_settled(client)
            with _standing_still(hands):
                accepted = import_all(client, made[_MOST_WORKERS * _WARM :])
                before = sum(map(_cpu_seconds, hands))
            wait_until_settled(client)
            spent = sum(map(_cpu_seconds, hands)) - before
    return spent / accepted * 1000


@contextmanager
def _standing_still(hands: Sequence[Service]) -> Iterator[None]:
    """For as long as the block. The pause is longer than Redis holds a message ready for those who
    had asked for one just before."""
    for worker in hands:
        worker.signal(signal.SIGSTOP)
    time.sleep(_PAUSE_SECONDS if hands else 0)
    try:
        yield
    finally:
        for worker in hands:
            worker.signal(signal.SIGCONT)


def _comparing(servers: Machines) -> Iterator[Measure]:
    """What `backstory verify` takes of a processor, beside what the servers do."""
    settings, model = servers.qdrant_settings(), StaticEmbedder.open().model
    index = QdrantServerIndex.open(connect(settings), settings, model)
    with closing(index), closing(open_postgres_ledger(servers.ledger_url)) as ledger:
        verify = VerifyIndex(ledger.status, ledger.reading, index, LocalQueue())
        began = time.process_time()
        found = verify()
        spent = time.process_time() - began
    if found.requeued or found.removed:
        raise RuntimeError(f"the index was not the ledger's: {found}")
    yield Measure(name="verify, CPU", value=spent / found.checked * 1e6, unit="s/million articles")


def _room(servers: Machines, made: Sequence[dict[str, Any]]) -> Iterator[Measure]:
    """What the ledger keeps of an article, and what the programs hold in memory beside it."""
    full = _database_bytes(servers)
    with _programs(servers, "ingest", "search", "beat", "worker-0") as programs:
        for program in programs[:2]:
            program.wait_until_ready()
        fresh = [{**one, "id": f"fresh-{n}", "url": None} for n, one in enumerate(made[:_WARM])]
        with servers.ingest() as client:
            import_all(client, fresh)
            wait_until_settled(client)
        with servers.search() as client:
            client.get("/v1/search", params={"q": "harbour"}).raise_for_status()
        for program in programs:
            yield Measure(
                name=f"memory (PSS) of {program.name.partition('-')[0]}",
                value=_pss_mib(program),
                unit="MiB",
            )
    servers.empty()
    kept = (full - _database_bytes(servers)) / len(made) / 1024
    yield Measure(name="ledger on disk", value=kept, unit="KiB/article")


def _database_bytes(servers: Machines) -> int:
    with psycopg.connect(servers.ledger_url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    return int(row[0])


def _pss_mib(service: Service) -> float:
    return sum(each.memory_full_info().pss for each in service.family()) / (1 << 20)


def _cpu_seconds(service: Service) -> float:
    return sum(sum(each.cpu_times()[:2]) for each in service.family())


# --- the programs ---------------------------------------------------------------------------------


@contextmanager
def _programs(servers: Machines, *names: str) -> Iterator[list[Service]]:
    """Programs as docker-compose.yml has them; `worker-0` is a worker."""
    services = [servers.service(name, name.partition("-")[0]) for name in names]
    try:
        for service in services:
            service.start()
        yield services
    finally:
        servers.kill_programs()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each rate")
    parser.add_argument(
        "--articles", type=int, default=2_000, help="that the workers do in each turn"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--embedders", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
