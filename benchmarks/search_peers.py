"""What one would search with instead: txtai, `QdrantClient(path=)`, bm25s and vectors by hand."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import cycle, islice, repeat
from pathlib import Path
from typing import Any

import numpy as np

from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.ports import Matrix, Passage, Terms, Vector
from backstory_standalone.evaluation.dataset import Dataset, Document, read_dataset
from backstory_standalone.evaluation.measures import ndcg
from backstory_standalone.evaluation.searching import SYSTEMS, evaluate_search
from backstory_standalone.evaluation.transformer import MINILM, CachedTransformer, cache_folder
from benchmarks.measures import Measure, milliseconds, percentile, timed
from benchmarks.peers import minilm_folder

_ASKED = 60
_SHOWN = 20
_BATCH = 64
_NAMES = {
    "hybrid": "Backstory hybrid, bundled model",
    "semantic": "Backstory by meaning, bundled model",
    "keyword": "Backstory by words",
    "bm25s": "bm25s",
    "minilm": "MiniLM by hand",
    "minilm+bm25": "bm25s and MiniLM by hand",
}

#: A question as text and as vector, to the ids of the best.
Ask = Callable[[str, Vector], Sequence[str]]


def same_vectors(
    documents: Sequence[Document], sections: Sequence[str], asked: Sequence[str]
) -> Iterator[Measure]:
    """The same articles, the same vectors: only the searching differs."""
    embedder = StaticEmbedder.open()
    dense = embedder.embed_passages(list(map(_passage, documents)))
    told = f"{len(documents):,} with our vectors"
    yield from _asked(f"bm25s by hand, {told}", by_hand(documents, dense), embedder, asked)
    with local_client(documents, dense, sections) as ask:
        yield from _asked(f"QdrantClient(path=), {told}, filter", ask, embedder, asked)


def own_vectors(documents: Sequence[Document], asked: Sequence[str]) -> Iterator[Measure]:
    """Peers that embed with MiniLM, the query included."""
    model = CachedTransformer(MINILM, cache_folder())
    told = f"{len(documents):,} by MiniLM"
    embeddings, seconds = _txtai(documents)
    yield Measure(name=f"txtai, {told}: CPU to index one more", value=seconds, unit="ms")
    spent = [timed(partial(embeddings.search, text, _SHOWN)) for text in asked[:_ASKED]]
    yield from _speeds(f"txtai hybrid, {told}", spent)
    dense = model.encode([f"{one.title}\n\n{one.text}" for one in documents])
    ask, encoded = by_hand(documents, dense), _encoder()
    spent = [timed(lambda text=text: ask(text, encoded(text))) for text in asked[:_ASKED]]
    yield from _speeds(f"bm25s and MiniLM by hand, {told}", spent)


def qualities(folder: Path) -> Iterator[Measure]:
    """nDCG@10 of each on a folder with known answers."""
    data, report = read_dataset(folder), evaluate_search(folder, SYSTEMS, "bundled")
    for system, figures in report["systems"].items():
        yield _quality(data, _NAMES[system], figures["ndcg@10"])
    embedder = StaticEmbedder.open()
    dense = embedder.embed_passages(list(map(_passage, data.documents)))
    with local_client(data.documents, dense) as ask:
        mean = _ndcg(data, lambda text: ask(text, embedder.embed_query(text)))
        yield _quality(data, "QdrantClient(path=), RRF, our vectors", mean)
    embeddings, _ = _txtai(data.documents)
    mean = _ndcg(data, lambda text: [id_ for id_, _ in embeddings.search(text, _SHOWN)])
    yield _quality(data, "txtai hybrid, MiniLM", mean)


def by_hand(documents: Sequence[Document], dense: Matrix) -> Ask:
    """bm25s and a matrix product, z-scores added; no filter, no counts, nothing on disk."""
    import bm25s

    texts = [f"{one.title}\n{one.text}" for one in documents]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)

    def ask(text: str, vector: Vector) -> Sequence[str]:
        words = bm25s.tokenize([text], stopwords="en", return_ids=False, show_progress=False)[0]
        lexical, near = index.get_scores(words), dense @ vector
        both = _standard(lexical) + _standard(near)
        return [documents[place].id for place in np.argsort(-both)[:_SHOWN].tolist()]

    return ask


@contextmanager
def local_client(
    documents: Sequence[Document], dense: Matrix, sections: Sequence[str] = ()
) -> Iterator[Ask]:
    """`QdrantClient(path=)`, hybrid by RRF; each question within a section, if there are any."""
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
                payload={"section": section},
            )
            for number, (passage, row, section) in enumerate(
                zip(map(_passage, documents), dense, sections or repeat(None), strict=False)
            )
        )
        while batch := list(islice(points, _BATCH)):
            client.upsert("articles", batch)
        turns = cycle(sorted(set(sections)) or [None])
        yield lambda text, vector: [
            documents[number].id
            for number in _found(client, terms.encode_query(text), vector, next(turns))
        ]


def _found(client: Any, terms: Terms, vector: Vector, section: str | None) -> list[int]:
    from qdrant_client import models

    within = models.FieldCondition(key="section", match=models.MatchValue(value=section))
    only = models.Filter(must=[within]) if section is not None else None
    near = models.Prefetch(query=vector.tolist(), using="dense", limit=200, filter=only)
    words = models.Prefetch(query=_sparse(terms), using="lexical", limit=200, filter=only)
    fused = models.FusionQuery(fusion=models.Fusion.RRF)
    found = client.query_points("articles", prefetch=[near, words], query=fused, limit=_SHOWN)
    return [point.id for point in found.points]


def _txtai(documents: Sequence[Document]) -> tuple[Any, float]:
    """txtai with hybrid search over MiniLM, and the CPU time an article takes it."""
    from txtai import Embeddings

    embeddings = Embeddings(path=str(minilm_folder()), hybrid=True)
    rows = [(one.id, f"{one.title}\n{one.text}", None) for one in documents]
    return embeddings, timed(lambda: embeddings.index(rows))[1] / len(documents)


def _encoder() -> Callable[[str], Vector]:
    """Nothing is remembered: a reader's query is new."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(minilm_folder()))
    return lambda text: np.asarray(
        model.encode([text], normalize_embeddings=True, show_progress_bar=False)[0], np.float32
    )


def _passage(one: Document) -> Passage:
    return Passage(title=one.title, text=one.text, language=one.language)


def _sparse(terms: Terms) -> Any:
    from qdrant_client import models

    return models.SparseVector(indices=list(terms.indices), values=list(terms.values))


def _standard(scores: Any) -> Any:
    return (scores - scores.mean()) / (scores.std() or 1)


def _asked(
    name: str, ask: Ask, embedder: StaticEmbedder, asked: Sequence[str]
) -> Iterator[Measure]:
    spent = [
        timed(lambda text=text: ask(text, embedder.embed_query(text))) for text in asked[:_ASKED]
    ]
    yield from _speeds(name, spent)


def _speeds(name: str, spent: Sequence[tuple[float, float]]) -> Iterator[Measure]:
    yield milliseconds(f"{name}: p95", percentile([wall for wall, _ in spent], 0.95))
    yield milliseconds(f"{name}: CPU p95", percentile([cpu for _, cpu in spent], 0.95))


def _ndcg(data: Dataset, ask: Callable[[str], Sequence[str]]) -> float:
    return float(np.mean([ndcg(ask(one.text), one.relevant, 10) for one in data.questions]))


def _quality(data: Dataset, name: str, value: float) -> Measure:
    return Measure(name=f"{data.name}: {name}, nDCG@10", value=value * 100, unit="of 100")
