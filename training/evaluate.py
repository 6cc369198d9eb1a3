"""nDCG@10 of a model folder: `python -m training.evaluate TEXT_FOLDER MODEL [--minilm]`.

Each cell is the model alone, then together with BM25 (bm25s, English stems): both scores as
unclipped z-scores over all documents of a question, added.
"""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import bm25s
import numpy as np
from nltk.stem.snowball import SnowballStemmer
from numpy.typing import NDArray

from backstory_shared.adapters.static_embedder import StaticEmbedder, document_text
from backstory_shared.ports import Passage
from training.encode import encoded
from training.judged import Judged, all_judged
from training.teacher import Floats, Teacher

DEPTH = 10

#: Questions by documents.
Scores = NDArray[np.float32]
Ranker = Callable[[Judged], Scores]


def ndcg(scores: Scores, relevant: Sequence[Mapping[int, float]]) -> float:
    """Mean over the questions, with linear gains as in trec_eval."""
    return float(np.mean([_ndcg(row, gains) for row, gains in zip(scores, relevant, strict=True)]))


def _ndcg(scores: NDArray[np.float32], gains: Mapping[int, float]) -> float:
    best = np.argsort(-scores, kind="stable")[:DEPTH]
    found = _gain(gains.get(int(document), 0.0) for document in best)
    return found / _gain(sorted(gains.values(), reverse=True)[:DEPTH])


def _gain(gains: Iterable[float]) -> float:
    return float(sum(gain / np.log2(rank + 2) for rank, gain in enumerate(gains)))


def z_scores(scores: Scores) -> Scores:
    spread = scores.std(axis=1, keepdims=True)
    return np.asarray(
        (scores - scores.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    )


def bm25_scores(judged: Judged) -> Scores:
    index = bm25s.BM25()
    index.index(_terms(map(document_text, judged.documents)), show_progress=False)
    return np.stack([index.get_scores(terms) for terms in _terms(judged.queries)])


def _terms(texts: Iterable[str]) -> list[list[str]]:
    """Stemmed words without the most frequent ones."""
    stem = lru_cache(maxsize=None)(SnowballStemmer("english").stem)
    words = bm25s.tokenize(list(texts), stopwords="en", return_ids=False, show_progress=False)
    return [[stem(word) for word in found] for found in words]


def static_scores(embedder: StaticEmbedder) -> Ranker:
    def scores(judged: Judged) -> Scores:
        queries = np.stack([embedder.embed_query(query) for query in judged.queries])
        return queries @ embedder.embed_passages(judged.documents).T

    return scores


def teacher_scores(teacher: Teacher, folder: Path) -> Ranker:
    """What the teacher finds; it reads the first 256 tokens. Vectors are kept in `folder`."""

    def vectors(texts: Sequence[str]) -> Floats:
        return encoded(texts, teacher, folder)

    def scores(judged: Judged) -> Scores:
        return vectors(judged.queries) @ vectors(list(map(_whole, judged.documents))).T

    return scores


def _whole(passage: Passage) -> str:
    return document_text(passage).strip()


def measure(judged: Iterable[Judged], rankers: Mapping[str, Ranker]) -> list[list[str]]:
    """One row per collection, and the mean of each column."""
    figures = {one.name: _measure_one(one, rankers) for one in judged}
    mean = list(np.mean(list(figures.values()), axis=0))
    cells = [[name, *_cells(row)] for name, row in (figures | {"mean": mean}).items()]
    return [["nDCG@10", "BM25", *rankers], *cells]


def _measure_one(judged: Judged, rankers: Mapping[str, Ranker]) -> list[float]:
    lexical = bm25_scores(judged)
    found = [ndcg(lexical, judged.relevant)]
    for ranker in rankers.values():
        dense = ranker(judged)
        found.append(ndcg(dense, judged.relevant))
        found.append(ndcg(z_scores(dense) + z_scores(lexical), judged.relevant))
    return found


def _cells(row: Sequence[float]) -> list[str]:
    pairs = zip(row[1::2], row[2::2], strict=True)
    return [f"{row[0]:.3f}", *(f"{alone:.3f} / {fused:.3f}" for alone, fused in pairs)]


def table(cells: list[list[str]]) -> str:
    """As Markdown."""
    head, *body = (f"| {' | '.join(row)} |" for row in cells)
    return "\n".join([head, "|---" * len(cells[0]) + "|", *body])


def figures(texts: Path, models: Sequence[Path], build: Path | None) -> str:
    """The table for some model folders, with the teacher beside them if it is in `build`."""
    rankers = {folder.name: static_scores(StaticEmbedder.open(folder)) for folder in models}
    if build:
        teacher = Teacher(build / "teacher.onnx")
        rankers["all-MiniLM-L6-v2"] = teacher_scores(teacher, build / "judged")
    return table(measure(all_judged(texts), rankers))


def main() -> None:
    parsed = argparse.ArgumentParser(description=__doc__)
    parsed.add_argument("texts", type=Path)
    parsed.add_argument("models", type=Path, nargs="+")
    parsed.add_argument("--build", type=Path, default=Path("training/build"))
    parsed.add_argument("--minilm", action="store_true", help="the teacher beside it; slow")
    given = parsed.parse_args()
    print(figures(given.texts, given.models, given.build if given.minilm else None))


if __name__ == "__main__":
    main()
