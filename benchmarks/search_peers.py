"""What one would search with instead: txtai, `QdrantClient(path=)`, bm25s and vectors by hand.

Every system has the same articles and is asked the same questions, whose answers are known, in a
process of its own. A question comes as text: to embed it is part of the time it takes. Each is set
up as its own documentation does for hybrid search; Qdrant's local mode, which has no BM25 of its
own, gets Backstory's. A peer that is not installed is named on stderr and left out.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
import psutil

from backstory_search.search import Mode
from backstory_shared.adapters.embedders import open_embedder
from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.ports import Matrix, ModelChoice, Passage, Terms, Vector
from backstory_standalone.evaluation.dataset import Dataset, Document, Question, read_dataset
from backstory_standalone.evaluation.measures import ndcg
from backstory_standalone.evaluation.peers import best, bm25, installed, standard, whole
from backstory_standalone.evaluation.product import order, searching
from backstory_standalone.evaluation.remembered import Remembered
from backstory_standalone.evaluation.transformer import (
    MINILM,
    CachedTransformer,
    cache_folder,
    place,
)
from benchmarks.corpus import articles
from benchmarks.measures import Measure, milliseconds, percentile, timed
from training.judged import NEWS, titles, write
from training.texts import articles as news

P = ParamSpec("P")
T = TypeVar("T")

_SHOWN = 10
_WARMING_UP = 10
_QUESTIONS = 300
_BATCH = 64
_EMBEDDED = 64

#: A question to the ids of the best.
Ask = Callable[[str], Sequence[str]]
Encode = Callable[[str], Vector]
#: Documents, a row for each, and what makes one of a question.
Peer = Callable[[Sequence[Document], Matrix, Encode], AbstractContextManager[Ask]]


@dataclass(frozen=True)
class Standing:
    """How well a system found, how long that took, and what its process holds in memory.

    `p50` and `p95` are milliseconds by the clock; `cpu` is the median of processor time, in which
    all threads count.
    """

    system: str
    articles: int
    ndcg: float
    p50: float
    p95: float
    cpu: float
    megabytes: float


# --- the questions --------------------------------------------------------------------------------


def news_titles(texts: Path, name: str, count: int) -> Dataset:
    """Titles of news that the model never saw; each must find its own text among so many."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / name
        write(titles(name, news(texts, NEWS[name]), count), out)
        return _cut(read_dataset(out))


def made_titles(count: int, seed: int) -> Dataset:
    """The same of articles of our own making: of a title, the text has the names alone."""
    made = list(articles(count, seed=seed))
    documents = tuple(Document(one["id"], "", one["text"], one["language"]) for one in made)
    asked = (Question(one["id"], one["title"], {one["id"]: 1.0}) for one in made)
    return Dataset("made titles", documents, tuple(islice(asked, _QUESTIONS)))


def _cut(data: Dataset) -> Dataset:
    return Dataset(data.name, data.documents, data.questions[:_QUESTIONS])


# --- the contest ----------------------------------------------------------------------------------


def by_minilm(data: Dataset) -> Iterator[Standing]:
    """The peers as their users have them, with one set of vectors; and Backstory with either."""
    dense = alone(minilm_rows, [whole(one) for one in data.documents])
    yield alone(backstory, data)
    yield alone(backstory_by_minilm, data)
    for _ in present(["bm25s"]):
        yield alone(words_alone, data)
    for name in present(list(PEERS)):
        yield alone(with_minilm, name, data, dense)


def by_our_vectors(data: Dataset) -> Iterator[Standing]:
    """The same vectors for all: only the searching differs."""
    yield alone(backstory, data)
    for name in present(list(PEERS)):
        yield alone(with_ours, name, data)


def embedding() -> Iterator[Measure]:
    """What a model's vectors cost, in the CPU time of one article."""
    for name, cost in (("the bundled model", our_cost), ("MiniLM", minilm_cost)):
        yield milliseconds(f"CPU to embed one article with {name}", alone(cost))


def present(names: Sequence[str]) -> list[str]:
    """Those that are installed; each of the others is named on stderr."""
    found, absent = installed(names, needs=NEEDS)
    for sentence in absent:
        sys.stderr.write(f"{sentence}\n")
    return found


def versions() -> str:
    """Of what is compared, in one line."""
    packages = sorted({module for of in NEEDS.values() for module in of if find_spec(module)})
    return ", ".join(f"{name} {version(name)}" for name in ("backstory", *packages))


def alone(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Called in a process of its own, so that nothing but it is in its memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(function, *args, **kwargs).result()


def standing(system: str, data: Dataset, ask: Ask) -> Standing:
    for question in data.questions[:_WARMING_UP]:
        ask(question.text)
    found, wall, cpu = [], [], []
    for question in data.questions:
        spent, ids = _answered(ask, question.text)
        wall.append(spent[0])
        cpu.append(spent[1])
        found.append(ndcg(ids, question.relevant, _SHOWN))
    return Standing(
        system=system,
        articles=len(data.documents),
        ndcg=float(np.mean(found)),
        p50=percentile(wall, 0.5),
        p95=percentile(wall, 0.95),
        cpu=percentile(cpu, 0.5),
        megabytes=psutil.Process().memory_full_info().pss / 1e6,
    )


def _answered(ask: Ask, text: str) -> tuple[tuple[float, float], Sequence[str]]:
    ids: list[str] = []
    return timed(lambda: ids.extend(ask(text))), ids


# --- who takes part -------------------------------------------------------------------------------


def backstory(data: Dataset) -> Standing:
    with searching(data, StaticEmbedder.open()) as search:
        return standing(
            "Backstory, bundled model", data, lambda text: order(search, text, Mode.HYBRID, _SHOWN)
        )


def backstory_by_minilm(data: Dataset) -> Standing:
    _silence()
    with searching(data, _FreshlyAsked(open_embedder(_minilm_choice()), cache_folder())) as search:
        return standing(
            "Backstory, MiniLM", data, lambda text: order(search, text, Mode.HYBRID, _SHOWN)
        )


def words_alone(data: Dataset) -> Standing:
    scores = bm25(data.documents)
    return standing("bm25s", data, lambda text: best(data.documents, scores(text), _SHOWN))


def with_minilm(name: str, data: Dataset, dense: Matrix) -> Standing:
    with PEERS[name](data.documents, dense, _minilm_query()) as ask:
        return standing(f"{name}, MiniLM", data, ask)


def with_ours(name: str, data: Dataset) -> Standing:
    embedder = StaticEmbedder.open()
    dense = embedder.embed_passages(list(map(_passage, data.documents)))
    with PEERS[name](data.documents, dense, embedder.embed_query) as ask:
        return standing(name, data, ask)


class _FreshlyAsked(Remembered):
    """Articles are remembered, questions are not: a reader's is new."""

    def embed_query(self, text: str) -> Vector:
        return self._embedder.embed_query(text)


def minilm_rows(texts: Sequence[str]) -> Matrix:
    _silence()
    return CachedTransformer(MINILM, cache_folder()).encode(texts)


def our_cost() -> float:
    embedder, passages = StaticEmbedder.open(), list(map(_passage, _some()))
    embedder.embed_passages(passages)
    return timed(lambda: embedder.embed_passages(passages))[1] / len(passages)


def minilm_cost() -> float:
    encode = _minilm().encode
    texts = list(map(whole, _some()))
    encode(texts[:1])
    return timed(lambda: encode(texts, show_progress_bar=False))[1] / len(texts)


def _some() -> list[Document]:
    return [Document(one["id"], one["title"], one["text"]) for one in articles(_EMBEDDED)]


def _minilm_choice() -> ModelChoice:
    return ModelChoice(place(MINILM))


def _minilm() -> Any:
    """On as many threads as Backstory gives it."""
    import torch
    from sentence_transformers import SentenceTransformer

    _silence()
    torch.set_num_threads(_minilm_choice().threads)
    return SentenceTransformer(place(MINILM))


def _silence() -> None:
    """A bar for every model that is loaded would stand in the middle of the table."""
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()


def _minilm_query() -> Encode:
    model = _minilm()
    return lambda text: np.asarray(
        model.encode([text], normalize_embeddings=True, show_progress_bar=False)[0], np.float32
    )


# --- the peers ------------------------------------------------------------------------------------


@contextmanager
def by_hand(documents: Sequence[Document], dense: Matrix, encode: Encode) -> Iterator[Ask]:
    """bm25s, stemmed, and a matrix product, their z-scores added.

    No filter, no counts, nothing on disk.
    """
    scores = bm25(documents)
    yield lambda text: best(
        documents, standard(scores(text)) + standard(dense @ encode(text)), _SHOWN
    )


@contextmanager
def local_client(documents: Sequence[Document], dense: Matrix, encode: Encode) -> Iterator[Ask]:
    """`QdrantClient(path=)`: our BM25 terms and vectors, its own fusion by reciprocal ranks."""
    from qdrant_client import QdrantClient, models

    terms = Bm25TermEncoder()
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
            )
            for number, (passage, row) in enumerate(
                zip(map(_passage, documents), dense, strict=True)
            )
        )
        while batch := list(islice(points, _BATCH)):
            client.upsert("articles", batch)
        yield lambda text: [
            documents[number].id
            for number in _found(client, terms.encode_query(text), encode(text))
        ]


def _found(client: Any, terms: Terms, vector: Vector) -> list[int]:
    from qdrant_client import models

    near = models.Prefetch(query=vector.tolist(), using="dense", limit=200)
    words = models.Prefetch(query=_sparse(terms), using="lexical", limit=200)
    fused = models.FusionQuery(fusion=models.Fusion.RRF)
    found = client.query_points("articles", prefetch=[near, words], query=fused, limit=_SHOWN)
    return [point.id for point in found.points]


@contextmanager
def txtai_hybrid(documents: Sequence[Document], dense: Matrix, encode: Encode) -> Iterator[Ask]:
    """`hybrid=True`: txtai's BM25, Faiss and fusion; the vectors are made outside of it."""
    from txtai import Embeddings

    texts = list(map(whole, documents))
    known = dict(zip(texts, dense, strict=True))
    embeddings = Embeddings(
        method="external",
        transform=lambda asked: np.stack([known[t] if t in known else encode(t) for t in asked]),
        hybrid=True,
    )
    embeddings.index((one.id, text, None) for one, text in zip(documents, texts, strict=True))
    yield lambda text: [id_ for id_, _ in embeddings.search(text, _SHOWN)]


PEERS: Mapping[str, Peer] = {
    "bm25s by hand": by_hand,
    "QdrantClient(path=)": local_client,
    "txtai hybrid": txtai_hybrid,
}
#: The modules of each, which are called as their packages are.
NEEDS = {
    "bm25s": ("bm25s",),
    "bm25s by hand": ("bm25s",),
    "QdrantClient(path=)": ("qdrant_client",),
    "txtai hybrid": ("txtai",),
}


def _passage(one: Document) -> Passage:
    return Passage(title=one.title, text=one.text, language=one.language)


def _sparse(terms: Terms) -> Any:
    from qdrant_client import models

    return models.SparseVector(indices=list(terms.indices), values=list(terms.values))
