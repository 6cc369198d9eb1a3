"""What to keep of the embedded index in memory, and in how many bits: each way, measured alike.

    python -m benchmarks.placements --articles 100000

One index is loaded, and a copy of it optimized for every way. Memory is what a process of its own
holds more once it has loaded the copy and asked all questions; to load takes CPU time for which
readers wait when an optimized copy is swapped in. Recall is of the ten nearest by meaning, against
comparing every vector at full length.
"""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import qdrant_edge as edge

from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.qdrant_edge.folder import FIRST_SHARD, field_indexes
from backstory_shared.adapters.static_embedder import StaticEmbedder
from benchmarks.corpus import articles, queries
from benchmarks.measures import percentile, timed
from benchmarks.search import Grown
from benchmarks.search_peers import alone
from benchmarks.words import command

_BATCH = 64
_QUESTIONS = 200
_CANDIDATES = 200
_NEAREST = 10
_HEAD = f"{'':<42}{'MB':>8}{'load, CPU ms':>14}{'p95, CPU ms':>13}{'recall@10':>11}"


class Place(StrEnum):
    """As the engine names them: in files read when needed, in files read at once, in memory."""

    COLD = "Cold"
    CACHED = "Cached"
    PINNED = "Pinned"

    @property
    def engines(self) -> edge.Memory:
        found: edge.Memory = getattr(edge.Memory, self.value)
        return found


class Bits(StrEnum):
    """Short copies of the vectors, kept in memory beside them, by which candidates are found."""

    EIGHT = "eight"
    ONE = "one"


@dataclass(frozen=True, kw_only=True)
class Way:
    """The default is how Backstory does it."""

    name: str
    vectors: Place = Place.CACHED
    words: Place = Place.COLD
    fields: Place = Place.COLD
    copies: Bits | None = None


WAYS = (
    Way(name="as Backstory has it"),
    Way(name="words and fields in memory", words=Place.PINNED, fields=Place.PINNED),
    Way(name="fields in memory", fields=Place.PINNED),
    Way(name="vectors on disk", vectors=Place.COLD),
    Way(name="copies of eight bits", copies=Bits.EIGHT),
    Way(name="copies of eight bits, vectors on disk", copies=Bits.EIGHT, vectors=Place.COLD),
    Way(name="copies of one bit", copies=Bits.ONE),
    Way(name="copies of one bit, vectors on disk", copies=Bits.ONE, vectors=Place.COLD),
)


@dataclass(frozen=True)
class Found:
    """What one way takes, and what it loses."""

    megabytes: float
    loading: float
    p95: float
    recall: float


def load(folder: Path, count: int, seed: int) -> None:
    embedder, made = StaticEmbedder.open(), list(articles(count, seed=seed))
    with closing(EdgeIndex.open(folder, embedder.model)) as index:
        grown = Grown(index, embedder, Bm25TermEncoder())
        for start in range(0, count, _BATCH):
            grown.load(made[start : start + _BATCH])


def optimize(way: Way, shard: Path, dimension: int) -> None:
    opened = edge.EdgeShard.load(str(shard), _config(way, dimension))
    for field, schema in field_indexes(way.fields.engines).items():
        opened.update(edge.UpdateOperation.delete_field_index(field))
        opened.update(edge.UpdateOperation.create_field_index(field, schema))
    opened.optimize()
    opened.flush()
    opened.close()


def measured(way: Way, shard: Path, seed: int) -> Found:
    asked = _questions(seed)
    before = _memory()
    opened: list[edge.EdgeShard] = []
    _, loading = timed(lambda: opened.append(edge.EdgeShard.load(str(shard))))
    near = partial(_nearest, params=_params(way))
    spent, found = _answers(opened[0], asked, near)
    taken = _memory() - before
    _, exact = _answers(opened[0], asked, partial(_nearest, params=edge.SearchParams(exact=True)))
    recalls = [len(some & all_) / _NEAREST for some, all_ in zip(found, exact, strict=True)]
    return Found(taken, loading, percentile(spent, 0.95), float(np.mean(recalls)))


#: A vector and the terms of a question, as the engine takes them.
Question = tuple[list[float], edge.SparseVector]


def _questions(seed: int) -> list[Question]:
    embedder, terms = StaticEmbedder.open(), Bm25TermEncoder()
    asked = [
        (embedder.embed_query(text).tolist(), terms.encode_query(text))
        for text in queries(_QUESTIONS, seed=seed)
    ]
    return [(dense, edge.SparseVector(list(t.indices), list(t.values))) for dense, t in asked]


def _answers(
    shard: edge.EdgeShard,
    asked: Sequence[Question],
    near: Callable[[list[float]], edge.QueryRequest],
) -> tuple[list[float], list[set[Any]]]:
    """The CPU time of each question, both lists in one batch, and its nearest by meaning."""
    spent, found = [], []
    for dense, words in asked:
        batch, answers = edge.QueryBatchRequest([near(dense), _lexical(words)]), list[Any]()
        spent.append(timed(lambda b=batch, a=answers: a.extend(shard.query_batch(b)))[1])
        found.append({point.id for point in answers[0][:_NEAREST]})
    return spent, found


def _nearest(dense: list[float], params: edge.SearchParams) -> edge.QueryRequest:
    return edge.QueryRequest(
        limit=_CANDIDATES,
        query=edge.Query.Nearest(dense, using="dense"),
        params=params,
        with_payload=False,
    )


def _lexical(words: edge.SparseVector) -> edge.QueryRequest:
    return edge.QueryRequest(
        limit=_CANDIDATES, query=edge.Query.Nearest(words, using="lexical"), with_payload=False
    )


def _params(way: Way) -> edge.SearchParams:
    """Twice as many candidates as wanted, put in order by the vectors at full length."""
    if way.copies is None:
        return edge.SearchParams(exact=True)
    ordered = edge.QuantizationSearchParams(rescore=True, oversampling=2.0)
    return edge.SearchParams(quantization=ordered)


def _config(way: Way, dimension: int) -> edge.EdgeConfig:
    in_memory = edge.Memory.Pinned
    copies = {
        None: None,
        Bits.EIGHT: edge.ScalarQuantizationConfig(edge.ScalarType.Int8, memory=in_memory),
        Bits.ONE: edge.BinaryQuantizationConfig(memory=in_memory),
    }
    dense = edge.EdgeVectorParams(
        size=dimension,
        distance=edge.Distance.Dot,
        datatype=edge.VectorStorageDatatype.Float16,
        quantization_config=copies[way.copies],
        memory=way.vectors.engines,
    )
    lexical = edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf, memory=way.words.engines)
    return edge.EdgeConfig(
        vectors={"dense": dense},
        sparse_vectors={"lexical": lexical},
        hnsw_config=edge.HnswIndexConfig(m=0, ef_construct=100, full_scan_threshold=10_000),
    )


def _memory() -> float:
    return float(psutil.Process().memory_full_info().pss) / 1e6


def main() -> None:
    parser = command(__doc__)
    parser.add_argument("--articles", type=int, default=100_000, help="in the index")
    parser.add_argument("--seed", type=int, default=0, help="of what is made up")
    given = parser.parse_args()
    dimension = StaticEmbedder.open().model.dimension
    with tempfile.TemporaryDirectory() as folder:
        index, copy = Path(folder) / "index", Path(folder) / "copy"
        alone(load, index, given.articles, given.seed)
        print(_HEAD, flush=True)
        for way in WAYS:
            shutil.copytree(index / FIRST_SHARD, copy)
            alone(optimize, way, copy, dimension)
            one = alone(measured, way, copy, given.seed)
            shutil.rmtree(copy)
            figures = f"{one.megabytes:>8,.0f}{one.loading:>14,.0f}{one.p95:>13.2f}"
            print(f"{way.name:<42}{figures}{one.recall:>11.3f}", flush=True)


if __name__ == "__main__":
    main()
