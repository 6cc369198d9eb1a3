"""`make bench-search`: the embedded index at several sizes, loaded directly, with peers beside.

    python -m benchmarks.search --sizes 5000 10000 100000 --peers 1000 --same-vectors 5000 \\
        --judged FOLDER

Every size grows out of the one before, in one process, as an archive does. A question is hybrid,
with a filter and three facets; its CPU time is given beside the time by the clock. Each size is
asked as it was written, and again once it is optimized, as the program does now and then. Readers
ask fifty times a second before that, meanwhile, and as the copy is swapped in.

Then the peers, each in a process of its own: what finds how well, how quickly, in how much memory
(PSS). First on `--peers` articles with MiniLM's vectors, which the first run computes and later
ones find in `~/.cache/backstory`; then on `--same-vectors` articles with ours. The questions are
titles that must find their own articles: of BBC's and Reuters' news where BACKSTORY_TEST_DATA has
them, else of articles made up. `--judged` names folders with other questions: `corpus.jsonl`,
`queries.jsonl` and `qrels.tsv`, as for `backstory eval search`.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import fmean
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
from backstory_shared.readers import Readers
from backstory_shared.web import put_readers_first
from backstory_standalone.evaluation.dataset import Dataset, read_dataset
from backstory_standalone.evaluation.product import Shelf
from backstory_standalone.memory import give_back
from benchmarks.corpus import articles, queries
from benchmarks.filed import Filed
from benchmarks.measures import Measure, as_they_come, milliseconds, percentile, timed
from benchmarks.search_peers import (
    Standing,
    by_minilm,
    by_our_vectors,
    embedding,
    made_titles,
    news_titles,
    versions,
)
from benchmarks.steady import Steady, Watched
from benchmarks.words import command

_BATCH = 64
_SEARCHES = 300
_LAST = 32
_GOALS = {10_000: 15.0, 100_000: 40.0}
_MOST_MEMORY = 1_500
#: Seconds of the load alone, and after the swap.
_ALONE, _AFTERWARDS = 5.0, 2.0
_COLUMNS = ("articles", "nDCG@10", "p50 ms", "p95 ms", "CPU ms", "MB")
_HEAD = "system".ljust(30) + "".join(name.rjust(9) for name in _COLUMNS)


@dataclass(frozen=True)
class Grown:
    """An index and what reads it; articles are in a file, as the ledger is not measured."""

    index: EdgeIndex
    embedder: StaticEmbedder
    terms: Bm25TermEncoder
    readers: Readers = field(default_factory=Readers)
    kept: Filed = field(default_factory=Filed)

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

    def search(self) -> SearchArticles:
        return SearchArticles(
            articles=Shelf(self.kept),
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
        embedder, readers = StaticEmbedder.open(), Readers()
        place = Path(folder) / "index"
        opened = EdgeIndex.open(place, embedder.model, make_way=readers.make_way)
        with closing(opened) as index:
            grown = Grown(index, embedder, Bm25TermEncoder(), readers)
            for size in sorted(sizes):
                yield from _grow(grown, made, size)
                yield from _asked(grown, asked, f"{size:,}, as written", size, seed)
                yield from _optimized(grown, child, asked, f"{size:,}")
                child.rest()
                give_back(Path(folder))
                yield from _asked(grown, asked, f"{size:,}, optimized", size, seed)


def _grow(grown: Grown, made: Iterator[dict[str, Any]], size: int) -> Iterator[Measure]:
    """What one more article costs when so many are there, as the mean of the last.

    Each goes into an empty index too, just before or after: a machine is not always as quick.
    """
    missing = max(0, size - len(grown.kept) - _LAST * _BATCH)
    for batch in _batches(made, missing):
        _cost(grown, batch)
    with _empty(grown) as fresh:
        last = list(_batches(made, size - len(grown.kept)))
        here, empty = zip(*_costs(grown, fresh, last), strict=True)
        yield milliseconds(f"{size:,}: CPU to embed and index one more", fmean(here))
        yield milliseconds(f"{size:,}: the same in an empty index", fmean(empty))
    grown.index.flush()


@contextmanager
def _empty(like: Grown) -> Iterator[Grown]:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(EdgeIndex.open(Path(folder) / "index", like.embedder.model)) as index,
    ):
        yield Grown(index, like.embedder, like.terms)


def _costs(
    grown: Grown, fresh: Grown, batches: Iterable[list[dict[str, Any]]]
) -> Iterator[tuple[float, float]]:
    """Each goes first in turn, for the second finds all words known already."""
    for number, batch in enumerate(batches):
        if number % 2:
            yield _cost(grown, batch), _cost(fresh, batch)
        else:
            before = _cost(fresh, batch)
            yield _cost(grown, batch), before


def _cost(grown: Grown, batch: Sequence[dict[str, Any]]) -> float:
    """To keep the texts is the ledger's part, and not counted."""
    spent = timed(lambda: grown.load(batch))[1]
    grown.kept.keep(batch)
    return spent / len(batch)


def _batches(made: Iterator[dict[str, Any]], count: int) -> Iterator[list[dict[str, Any]]]:
    some = islice(made, count)
    while batch := list(islice(some, _BATCH)):
        yield batch


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


def _optimized(
    grown: Grown, child: WorkerProcesses, asked: Sequence[str], name: str
) -> Iterator[Measure]:
    """What readers notice of it: they wait for what is due, be it answered at once or not."""
    readers, compute = Steady(_question(grown, asked)), Watched(child)
    with readers.asking():
        time.sleep(_ALONE)
        began = time.perf_counter()
        grown.index.optimize(compute)
        ended = time.perf_counter()
        time.sleep(_AFTERWARDS)
    yield Measure(name=f"{name}: optimizing", value=ended - began, unit="s")
    for when, waits in (
        ("no optimizing", readers.waits(0, began)),
        ("a child at it", readers.waits(began, compute.done)),
        ("the swap", readers.waits(compute.done, ended + _AFTERWARDS)),
    ):
        yield milliseconds(f"{name}, {when}: an answer is waited for, p99", percentile(waits, 0.99))
        yield milliseconds(f"{name}, {when}: the longest wait", max(waits))


def _question(grown: Grown, asked: Sequence[str]) -> Callable[[], object]:
    """The next one, asked as a reader of the program does."""
    search, texts = grown.search(), cycle(asked)

    def ask() -> object:
        with grown.readers.one():
            return search(_plain(next(texts)))

    return ask


def _plain(text: str) -> Search:
    return Search(text=text, mode=Mode.HYBRID, filters=Filters(), collapse=Collapse.NONE)


def grown_sections(grown: Grown) -> list[str]:
    counted = grown.index.counts(MatchSet(), [Facet.SECTION]).facets[Facet.SECTION]
    return [value for value, _ in counted]


def _passage(one: dict[str, Any]) -> Passage:
    return Passage(title=one["title"], text=one["text"], language=one.get("language"))


def main() -> None:
    parser = command(__doc__)
    sizes, none = [5_000, 10_000, 100_000], "articles; 0 for none"
    parser.add_argument("--sizes", type=int, nargs="*", default=sizes, help="of the index")
    parser.add_argument("--peers", type=int, default=1_000, help=f"with MiniLM: {none}")
    parser.add_argument("--same-vectors", type=int, default=5_000, help=f"with ours: {none}")
    parser.add_argument("--judged", type=Path, nargs="*", default=[], help="more, with MiniLM")
    parser.add_argument("--seed", type=int, default=0, help="of what is made up")
    given = parser.parse_args()
    line = partial(print, flush=True)
    put_readers_first()
    if given.sizes:
        asked = list(queries(200, seed=given.seed))
        as_they_come(sizes_measured(given.sizes, asked, given.seed), line)
    if given.peers or given.same_vectors:
        line(f"\n{versions()}")
    for told, found in _contests(given):
        line(f"\n{told}\n{_HEAD}")
        for one in found:
            line(_row(one))
    if given.peers:
        line("")
        as_they_come(embedding(), line)


def _contests(given: argparse.Namespace) -> Iterator[tuple[str, Iterator[Standing]]]:
    if given.peers:
        own = _titles("bbc titles", given.peers, given.seed)
        for data in [own, *map(read_dataset, given.judged)]:
            yield _told(data, "the peers with MiniLM's vectors"), by_minilm(data)
    if given.same_vectors:
        data = _titles("reuters titles", given.same_vectors, given.seed)
        yield _told(data, "all with the bundled model's vectors"), by_our_vectors(data)


def _told(data: Dataset, how: str) -> str:
    return f"{data.name}, {len(data.questions)} questions, {how}"


def _titles(name: str, count: int, seed: int) -> Dataset:
    folder = os.environ.get("BACKSTORY_TEST_DATA")
    return news_titles(Path(folder), name, count) if folder else made_titles(count, seed)


def _row(one: Standing) -> str:
    times = f"{one.p50:>9.1f}{one.p95:>9.1f}{one.cpu:>9.1f}"
    return f"{one.system:<30}{one.articles:>9,}{one.ndcg:>9.3f}{times}{one.megabytes:>9,.0f}"


if __name__ == "__main__":
    main()
