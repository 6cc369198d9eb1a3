"""`make bench-search`: the embedded index at several sizes, loaded directly, with peers beside.

    python -m benchmarks.search --sizes 10000 100000 --peers 5000

Every size grows out of the one before, in one process, as an archive does. A question is hybrid,
with a filter and three facets; its CPU time is given beside the time by the clock.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from backstory_search.cursors import Cursors
from backstory_search.folding import Unfolded
from backstory_search.orders import MemoryOrders
from backstory_search.search import Collapse, Mode, Search, SearchArticles
from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.ports import Facet, Filters, IndexEntry, MatchSet, Passage, Terms
from backstory_standalone.evaluation.dataset import Document
from backstory_standalone.evaluation.product import Shelf, shelved
from benchmarks.corpus import articles, queries
from benchmarks.measures import Measure, percentile, table

_BATCH = 64
_SEARCHES = 300
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
    with tempfile.TemporaryDirectory() as folder:
        embedder = StaticEmbedder.open()
        with closing(EdgeIndex.open(Path(folder) / "index", embedder.model)) as index:
            grown = Grown(index, embedder, Bm25TermEncoder())
            for size in sorted(sizes):
                yield from _grow(grown, made, size - len(grown.shelf.kept), size)
                yield from _asked(grown, asked, size, seed)


def _grow(grown: Grown, made: Iterator[dict[str, Any]], more: int, size: int) -> Iterator[Measure]:
    began = time.process_time()
    left = islice(made, more)
    while batch := list(islice(left, _BATCH)):
        grown.load(batch)
    grown.index.flush()
    spent = (time.process_time() - began) * 1000 / max(more, 1)
    yield Measure(name=f"{size:,}: CPU to make and index one more", value=spent, unit="ms")


def _asked(grown: Grown, asked: Sequence[str], size: int, seed: int) -> Iterator[Measure]:
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
        seconds = _timed(lambda question=question: search(question))
        if number >= 20:
            wall.append(seconds[0])
            cpu.append(seconds[1])
    yield _ms(f"{size:,}: hybrid, filter, facets p50", percentile(wall, 0.5))
    yield _ms(f"{size:,}: hybrid, filter, facets p95", percentile(wall, 0.95), _GOALS.get(size))
    yield _ms(f"{size:,}: the same in CPU time p95", percentile(cpu, 0.95), _GOALS.get(size))
    memory = psutil.Process().memory_full_info().pss / 1e6
    yield Measure(name=f"{size:,}: memory (PSS)", value=memory, unit="MB", goal=_MOST_MEMORY)


def grown_sections(grown: Grown) -> list[str]:
    counted = grown.index.counts(MatchSet(), [Facet.SECTION]).facets[Facet.SECTION]
    return [value for value, _ in counted]


def peers_measured(count: int, asked: Sequence[str], seed: int) -> Iterator[Measure]:
    """The same articles, the same vectors: only the searching differs.

    How well each finds is for `backstory eval search`.
    """
    made = list(articles(count, seed=seed))
    embedder = StaticEmbedder.open()
    dense = embedder.embed_passages(list(map(_passage, made)))
    vectors = [embedder.embed_query(text) for text in asked]
    yield from _by_hand(made, dense, list(zip(asked, vectors, strict=True)))
    yield from _local_client(made, dense, list(zip(asked, vectors, strict=True)))


def _by_hand(
    made: Sequence[dict[str, Any]], dense: np.ndarray, asked: Sequence[tuple[str, np.ndarray]]
) -> Iterator[Measure]:
    """bm25s and a matrix product, z-scores added; no filter, no counts, nothing on disk."""
    import bm25s

    texts = [f"{one['title']}\n{one['text']}" for one in made]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)

    def ask(text: str, vector: np.ndarray) -> None:
        words = bm25s.tokenize([text], stopwords="en", return_ids=False, show_progress=False)[0]
        lexical, near = index.get_scores(words), dense @ vector
        both = (lexical - lexical.mean()) / (lexical.std() or 1) + (near - near.mean()) / near.std()
        np.argsort(-both)[:20]

    yield from _peer("bm25s and vectors by hand", len(made), asked, ask)


def _local_client(
    made: Sequence[dict[str, Any]], dense: np.ndarray, asked: Sequence[tuple[str, np.ndarray]]
) -> Iterator[Measure]:
    """`QdrantClient(path=)`, hybrid by RRF with the same filter."""
    from qdrant_client import QdrantClient, models

    terms = Bm25TermEncoder()
    sections = sorted({one["section"] for one in made if one.get("section")})
    chance = random.Random(0)
    with tempfile.TemporaryDirectory() as folder, closing(QdrantClient(path=folder)) as client:
        client.create_collection(
            "articles",
            {"dense": models.VectorParams(size=dense.shape[1], distance=models.Distance.DOT)},
            sparse_vectors_config={
                "lexical": models.SparseVectorParams(modifier=models.Modifier.IDF)
            },
        )
        points = (
            models.PointStruct(
                id=number,
                vector={"dense": row.tolist(), "lexical": _sparse(terms.encode_passage(passage))},
                payload={"section": one.get("section")},
            )
            for number, (one, passage, row) in enumerate(
                zip(made, map(_passage, made), dense, strict=True)
            )
        )
        while batch := list(islice(points, _BATCH)):
            client.upsert("articles", batch)

        def ask(text: str, vector: np.ndarray) -> None:
            within = models.FieldCondition(
                key="section", match=models.MatchValue(value=chance.choice(sections))
            )
            only = models.Filter(must=[within])
            near = models.Prefetch(query=vector.tolist(), using="dense", limit=200, filter=only)
            words = models.Prefetch(
                query=_sparse(terms.encode_query(text)), using="lexical", limit=200, filter=only
            )
            client.query_points(
                "articles",
                prefetch=[near, words],
                query=models.FusionQuery(fusion=models.Fusion.RRF),
                limit=20,
            )

        yield from _peer("QdrantClient(path=)", len(made), asked, ask)


def _passage(one: dict[str, Any]) -> Passage:
    return Passage(title=one["title"], text=one["text"], language=one.get("language"))


def _sparse(terms: Terms) -> Any:
    from qdrant_client import models

    return models.SparseVector(indices=list(terms.indices), values=list(terms.values))


def _peer(
    name: str,
    count: int,
    asked: Sequence[tuple[str, np.ndarray]],
    ask: Callable[[str, np.ndarray], None],
) -> Iterator[Measure]:
    spent = [_timed(lambda one=one: ask(*one)) for one in asked[:60]]
    yield _ms(f"{name}, {count:,}: p95", percentile([wall for wall, _ in spent], 0.95))
    yield _ms(f"{name}, {count:,}: CPU p95", percentile([cpu for _, cpu in spent], 0.95))


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def _ms(name: str, value: float, goal: float | None = None) -> Measure:
    return Measure(name=name, value=value, unit="ms", goal=goal)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--peers", type=int, default=5_000, help="on so many articles; 0 for none")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    asked = list(queries(200, seed=given.seed))
    found = list(sizes_measured(given.sizes, asked, given.seed))
    if given.peers:
        found += peers_measured(given.peers, asked, given.seed)
    table(found, print)


if __name__ == "__main__":
    main()
