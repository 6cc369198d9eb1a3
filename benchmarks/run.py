"""`make bench`: import, search, memory and start of the whole program, and its peers.

    python -m benchmarks.run --articles 10000

Prints a table and writes the same as JSON to bench-results/. Goals are stated beside the figures,
and asserted nowhere: the machine decides, ratios hold.
"""

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.progress import track

from backstory_shared.adapters.extractive_summarizer import ExtractiveSummarizer
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.ports import Passage
from benchmarks.corpus import articles, queries
from benchmarks.load import (
    import_all,
    post_and_wait,
    publishing_meanwhile,
    searches,
    searching_meanwhile,
    timed,
    wait_until_ready,
    wait_until_settled,
)
from benchmarks.measures import Measure, Wanted, percentile, table
from benchmarks.peers import peers
from benchmarks.program import Program, running

_PEER_ARTICLES = 500
_SEARCHES = 400
_EARLY = 2_000
_LONG = 200_000


def main() -> None:
    options = _options()
    made = list(articles(options.articles, seed=options.seed, folder=options.folder))
    asked = list(queries(200, seed=options.seed))
    with tempfile.TemporaryDirectory() as folder:
        measures = list(_whole_program(Path(folder) / "data", made, asked))
    measures += _parts(made[:_PEER_ARTICLES])
    if options.peers:
        measures += peers(made[:_PEER_ARTICLES], asked)
    table(measures, print)
    print(f"written to {write_report('one-machine', vars(options), measures)}")


def _whole_program(
    data: Path, made: list[dict[str, Any]], asked: Sequence[str]
) -> Iterator[Measure]:
    sections = sorted({article["section"] for article in made if article.get("section")})
    with running(data) as program, program.client() as client:
        yield from _importing(program, made, asked, sections)
        busy = searches(client, asked, sections, _SEARCHES, seed=4)
        yield _ms("search p95, while articles are related", percentile(busy, 0.95))
        yield from _single_posts(program, made)
        yield from _relating(client)
        searches(client, asked, sections, 50, seed=2)  # warm
        idle = searches(client, asked, sections, _SEARCHES, seed=3)
        yield _ms("search p50, idle", percentile(idle, 0.5))
        yield _ms("search p95, idle", percentile(idle, 0.95), goal=15)
        ids = [article["id"] for article in made[:_SEARCHES]]
        for name, goal in (("summary", 10), ("related", 5)):
            times = [timed(client, f"/v1/articles/{id_}/{name}") for id_ in ids]
            yield _ms(f"{name} p95", percentile(times, 0.95), goal=goal)
    with running(data) as again:
        yield Measure(
            name="start to first answer", value=again.first_answer_seconds, unit="s", goal=2
        )


@dataclass(frozen=True)
class _Imported:
    """How many articles became ready, what that took, and searches meanwhile in milliseconds."""

    accepted: int
    seconds: float
    cpu_seconds: float
    searches: Sequence[float]
    published: Sequence[float]


def _imported(
    program: Program,
    client: httpx.Client,
    reader: httpx.Client,
    made: Sequence[dict[str, Any]],
    asked: Sequence[str],
    sections: Sequence[str],
) -> _Imported:
    began, cpu = time.perf_counter(), program.cpu_seconds()
    with (
        program.client() as newsroom,
        searching_meanwhile(reader, asked, sections) as searches,
        publishing_meanwhile(newsroom, f"live-{len(made)}") as published,
    ):
        accepted = import_all(client, track(made, "importing"))
        wait_until_ready(client)
        seconds = time.perf_counter() - began
    return _Imported(accepted, seconds, program.cpu_seconds() - cpu, searches, published)


def _importing(
    program: Program, made: list[dict[str, Any]], asked: Sequence[str], sections: Sequence[str]
) -> Iterator[Measure]:
    """The import in two parts, so that memory can be compared between them."""
    early, late = made[:_EARLY], made[_EARLY:]
    with program.client() as client, program.client() as reader:
        first = _imported(program, client, reader, early, asked, sections)
        before = program.rested_pss_mib()
        second = _imported(program, client, reader, late, asked, sections)
        after = program.rested_pss_mib()
    accepted = first.accepted + second.accepted
    seconds = first.seconds + second.seconds
    cpu_ms = (first.cpu_seconds + second.cpu_seconds) / accepted * 1000
    meanwhile = [*first.searches, *second.searches]
    yield Measure(
        name="import to ready",
        value=accepted / seconds,
        unit="articles/s",
        wanted=Wanted.AT_LEAST,
        goal=200,
    )
    yield Measure(name="CPU per article, searches included", value=cpu_ms, unit="ms")
    yield _ms("search p50, during the import", percentile(meanwhile, 0.5))
    yield _ms("search p95, during the import", percentile(meanwhile, 0.95), goal=60)
    published = [*first.published, *second.published]
    yield _ms("202 to found, p50, during the import", percentile(published, 0.5))
    yield _ms("202 to found, p95, during the import", percentile(published, 0.95), goal=1000)
    yield Measure(
        name=f"memory (PSS) at {len(made):,}", value=after, unit="MiB", goal=700 / 1.048576
    )
    if late:
        growth = (after - before) * 1024 / len(late)
        yield Measure(name="memory growth", value=growth, unit="KiB/article", goal=10 / 1.024)


def _relating(client: httpx.Client) -> Iterator[Measure]:
    """What the low lane still has to do once every article is ready."""
    began = time.perf_counter()
    wait_until_settled(client)
    yield Measure(name="relating, after the import", value=time.perf_counter() - began, unit="s")


def _single_posts(program: Program, made: list[dict[str, Any]]) -> Iterator[Measure]:
    with program.client() as client:
        times = [
            post_and_wait(client, {**article, "id": f"single-{n}", "url": None})
            for n, article in enumerate(made[:50])
        ]
    yield _ms(
        "POST to 202, p95, while articles are related",
        percentile([accepted for accepted, _ in times], 0.95),
    )
    yield _ms(
        "POST to ready, p95, while articles are related",
        percentile([ready for _, ready in times], 0.95),
    )


def _parts(made: Sequence[dict[str, Any]]) -> Iterator[Measure]:
    """The two costly steps alone, on one core."""
    embedder, summarizer = StaticEmbedder.open(), ExtractiveSummarizer()
    began = time.perf_counter()
    embedder.embed_passages([Passage(title=a["title"], text=a["text"]) for a in made])
    yield _rate("embedding, one core", len(made), began)
    began = time.perf_counter()
    times = [_summarizing(summarizer, article) for article in made]
    yield Measure(
        name="summarizing, one core",
        value=len(made) / (time.perf_counter() - began),
        unit="articles/s",
        wanted=Wanted.AT_LEAST,
        goal=300,
    )
    yield _ms("summarizing, p99", percentile(times, 0.99), 15)
    text = " ".join(article["text"] for article in made)[:_LONG]
    long = {"title": made[0]["title"], "text": text}
    yield _ms(f"summarizing {_LONG:,} characters", _summarizing(summarizer, long), 500)


def _summarizing(summarizer: ExtractiveSummarizer, article: dict[str, Any]) -> float:
    began = time.perf_counter()
    summarizer.summarize(article["title"], article["text"], (), article.get("language"))
    return (time.perf_counter() - began) * 1000


def _rate(name: str, count: int, began: float) -> Measure:
    return Measure(name=name, value=count / (time.perf_counter() - began), unit="articles/s")


def _ms(name: str, value: float, goal: float | None = None) -> Measure:
    return Measure(name=name, value=value, unit="ms", goal=goal)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="read articles from here instead")
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


def write_report(name: str, options: dict[str, Any], measures: Sequence[Measure]) -> Path:
    folder = Path("bench-results")
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}-{time.strftime('%Y-%m-%d-%H%M%S')}.json"
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg(),
    }
    report = {
        "options": options,
        "machine": machine,
        "measures": [{**asdict(measure), "met": measure.met} for measure in measures],
    }
    file.write_text(json.dumps(report, indent=2, default=str))
    return file


if __name__ == "__main__":
    main()
