"""`make bench-search`: the embedded index at several sizes, loaded directly, with peers beside.

    python -m benchmarks.search --sizes 5000 10000 100000 --peers 5000 --slow-peers 200 \\
        --judged FOLDER

Every size grows out of the one before, in one process, as an archive does. A question is hybrid,
with a filter and three facets; its CPU time is given beside the time by the clock. Each size is
asked as it was written, and again once it is optimized, as the program does now and then.

Peers get fewer articles: `--peers` those that take our vectors, `--slow-peers` those that make
theirs with MiniLM. How well each finds is measured on a folder with known answers, if one is named:
`corpus.jsonl`, `queries.jsonl` and `qrels.tsv`, as for `backstory eval search`.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import psutil

from backstory_search.cursors import Cursors
from backstory_search.folding import Unfolded
from backstory_search.orders import MemoryOrders
from backstory_search.search import Collapse, Mode, Search, SearchArticles
from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.worker_processes import WorkerProcesses
from backstory_shared.ports import Facet, Filters, IndexEntry, MatchSet, Passage
from backstory_standalone.evaluation.dataset import Document
from backstory_standalone.evaluation.product import Shelf, shelved
from backstory_standalone.memory import give_back
from benchmarks.corpus import articles, queries
from benchmarks.measures import Measure, as_they_come, milliseconds, percentile, timed
from benchmarks.search_peers import own_vectors, qualities, same_vectors

_BATCH = 64
_SEARCHES = 300
_LAST = 32
_GOALS = {10_000: 15.0, 100_000: 40.0}
_MOST_MEMORY = 1_500


@dataclass(frozen=True)
class Grown:
    """An index and what reads it; the shelf knows titles only, as the ledger is not measured."""

    index: EdgeIndex
    embedder: StaticEmbedder
    terms: Bm25TermEncoder
    shelf: Shelf = field(default_factory=lambda: Shelf({}))

    def load(self, more: Sequence[dict[str, Any]]) -> None:
        passages = list(map(_passage, more))
        found = self.embedder.embed_articles(passages)
        self.index.write(
            [
                IndexEntry(
                    id=one["id"],
                    revision=1,
                    dense=meaning.dense,
                    lexical=self.terms.encode_passage(passage),
                    sort_at=datetime.fromisoformat(one["published_at"]),
                    copy_hash="",
                    section=one.get("section"),
                    tags=tuple(one.get("tags", ())),
                    authors=tuple(one.get("authors", ())),
                    source=one.get("source"),
                    language=one.get("language"),
                )
                for one, passage, meaning in zip(more, passages, found, strict=True)
            ]
        )
        for one in more:
            self.shelf.kept[one["id"]] = shelved(Document(one["id"], one["title"], ""))

    def search(self) -> SearchArticles:
        return SearchArticles(
            articles=self.shelf,
            index=self.index,
            embedder=self.embedder,
            terms=self.terms,
            orders=MemoryOrders(_now),
            cursors=Cursors(b"benchmark", _now),
            folds={Collapse.NONE: Unfolded()},
        )


def _now() -> datetime:
    return datetime.now(UTC)


def sizes_measured(sizes: Sequence[int], asked: Sequence[str], seed: int) -> Iterator[Measure]:
    made = articles(max(sizes), seed=seed)
    with tempfile.TemporaryDirectory() as folder, WorkerProcesses(1) as child:
        embedder = StaticEmbedder.open()
        with closing(EdgeIndex.open(Path(folder) / "index", embedder.model)) as index:
            grown = Grown(index, embedder, Bm25TermEncoder())
            for size in sorted(sizes):
                yield from _grow(grown, made, size)
                yield from _asked(grown, asked, f"{size:,}, as written", size, seed)
                began = time.perf_counter()
                index.optimize(child)
                seconds = time.perf_counter() - began
                yield Measure(name=f"{size:,}: optimizing", value=seconds, unit="s")
                child.rest()
                give_back(Path(folder))
                yield from _asked(grown, asked, f"{size:,}, optimized", size, seed)


def _grow(grown: Grown, made: Iterator[dict[str, Any]], size: int) -> Iterator[Measure]:
    """What one more article costs when so many are there: the mean of the last."""
    spent: list[float] = []
    while batch := list(islice(made, min(_BATCH, size - len(grown.shelf.kept)))):
        spent.append(timed(lambda batch=batch: grown.load(batch))[1] / len(batch))
    spent.append(timed(grown.index.flush)[1] / _BATCH)
    last = spent[-_LAST:]
    yield milliseconds(f"{size:,}: CPU to embed and index one more", sum(last) / len(last))


def _asked(
    grown: Grown, asked: Sequence[str], name: str, size: int, seed: int
) -> Iterator[Measure]:
    chance = random.Random(seed)
    search, sections = grown.search(), sorted(grown_sections(grown))
    facets = (Facet.SECTION, Facet.SOURCE, Facet.TAG)
    wall, cpu = [], []
    for number in range(_SEARCHES + 20):
        question = Search(
            text=chance.choice(asked),
            mode=Mode.HYBRID,
            filters=Filters(section=(chance.choice(sections),)),
            facets=facets,
            collapse=Collapse.NONE,
        )
        seconds = timed(lambda question=question: search(question))
        if number >= 20:
            wall.append(seconds[0])
            cpu.append(seconds[1])
    yield milliseconds(f"{name}: hybrid, filter, facets p50", percentile(wall, 0.5))
    yield milliseconds(
        f"{name}: hybrid, filter, facets p95", percentile(wall, 0.95), _GOALS.get(size)
    )
    yield milliseconds(f"{name}: the same in CPU time p95", percentile(cpu, 0.95), _GOALS.get(size))
    memory = psutil.Process().memory_full_info().pss / 1e6
    yield Measure(name=f"{name}: memory (PSS)", value=memory, unit="MB", goal=_MOST_MEMORY)


def grown_sections(grown: Grown) -> list[str]:
    counted = grown.index.counts(MatchSet(), [Facet.SECTION]).facets[Facet.SECTION]
    return [value for value, _ in counted]


def _passage(one: dict[str, Any]) -> Passage:
    return Passage(title=one["title"], text=one["text"], language=one.get("language"))


def _documents(made: Iterable[dict[str, Any]]) -> list[Document]:
    return [Document(one["id"], one["title"], one["text"], one.get("language")) for one in made]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 10_000, 100_000])
    parser.add_argument("--peers", type=int, default=5_000, help="on so many articles; 0 for none")
    parser.add_argument("--slow-peers", type=int, default=200, help="the same for those by MiniLM")
    parser.add_argument("--judged", type=Path, default=_judged())
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    as_they_come(_measured(given), partial(print, flush=True))


def _measured(given: argparse.Namespace) -> Iterator[Measure]:
    asked = list(queries(200, seed=given.seed))
    yield from sizes_measured(given.sizes, asked, given.seed)
    if given.peers:
        made = list(articles(given.peers, seed=given.seed))
        yield from same_vectors(_documents(made), [one["section"] for one in made], asked)
    if given.slow_peers:
        yield from own_vectors(_documents(articles(given.slow_peers, seed=given.seed)), asked)
    if given.judged:
        yield from qualities(given.judged)


def _judged() -> Path | None:
    folder = os.environ.get("BACKSTORY_TEST_DATA")
    return Path(folder) / "retrieval" / "cranfield" if folder else None


if __name__ == "__main__":
    main()
