"""What one would build by hand: bm25s, all-MiniLM-L6-v2, and both together.

None of them is part of the base install. Which are there is asked before anything is imported.
"""

import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from backstory_standalone.evaluation.dataset import Dataset, Document
from backstory_standalone.evaluation.measures import Run
from backstory_standalone.evaluation.product import DEPTH

if TYPE_CHECKING:
    from backstory_standalone.evaluation.transformer import CachedTransformer

#: Questions by documents.
Scores = NDArray[np.float32]

BM25S, MINILM, BOTH = "bm25s", "minilm", "minilm+bm25"
PEERS = (BM25S, MINILM, BOTH)
_NEEDS = {
    BM25S: ("bm25s",),
    MINILM: ("sentence_transformers",),
    BOTH: ("bm25s", "sentence_transformers"),
}


def installed(
    peers: Sequence[str], find: Callable[[str], object | None] = find_spec
) -> tuple[list[str], list[str]]:
    """Those of `peers` that can run here, and a sentence for each of the others."""
    missing = {peer: [name for name in _NEEDS[peer] if find(name) is None] for peer in peers}
    return (
        [peer for peer in peers if not missing[peer]],
        [
            f"{peer} is left out: {' and '.join(names)} not installed."
            for peer, names in missing.items()
            if names
        ],
    )


def peer_runs(
    data: Dataset, peers: Sequence[str], minilm: "Callable[[], CachedTransformer]"
) -> dict[str, Run]:
    lexical = bm25_scores(data) if {BM25S, BOTH} & set(peers) else None
    dense = minilm_scores(data, minilm()) if {MINILM, BOTH} & set(peers) else None
    found: dict[str, Run] = {}
    if lexical is not None and BM25S in peers:
        found[BM25S] = _run(data, lexical)
    if dense is not None and MINILM in peers:
        found[MINILM] = _run(data, dense)
    if lexical is not None and dense is not None and BOTH in peers:
        found[BOTH] = _run(data, _z_scores(dense) + _z_scores(lexical))
    return found


def whole(document: Document) -> str:
    return f"{document.title}\n\n{document.text}".strip()


def bm25_scores(data: Dataset) -> Scores:
    """English stop words; stemmed where nltk or PyStemmer is installed too."""
    import bm25s

    stem = stemmer()

    def terms(texts: Sequence[str]) -> list[list[str]]:
        words = bm25s.tokenize(list(texts), stopwords="en", return_ids=False, show_progress=False)
        return [[stem(word) for word in found] for found in words]

    index = bm25s.BM25()
    index.index(terms([whole(one) for one in data.documents]), show_progress=False)
    return np.stack(
        [
            index.get_scores(found) if found else np.zeros(len(data.documents), np.float32)
            for found in terms([question.text for question in data.questions])
        ]
    )


def minilm_scores(data: Dataset, model: "CachedTransformer") -> Scores:
    queries = model.encode([question.text for question in data.questions])
    return np.asarray(queries @ model.encode([whole(one) for one in data.documents]).T)


def stemmer() -> Callable[[str], str]:
    if find_spec("Stemmer") is not None:
        import Stemmer

        word: Callable[[str], str] = Stemmer.Stemmer("english").stemWord
        return lru_cache(maxsize=None)(word)
    if find_spec("nltk") is not None:
        from nltk.stem.snowball import SnowballStemmer

        return lru_cache(maxsize=None)(SnowballStemmer("english").stem)
    sys.stderr.write("bm25s does not stem: neither PyStemmer nor nltk is installed.\n")
    return str


def _z_scores(scores: Scores) -> Scores:
    """Over all documents of a question, and not clipped."""
    spread = scores.std(axis=1, keepdims=True)
    mean = scores.mean(axis=1, keepdims=True)
    return np.asarray((scores - mean) / np.where(spread > 0, spread, 1))


def _run(data: Dataset, scores: Scores) -> Run:
    best = np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH]
    return [[data.documents[place].id for place in row] for row in best.tolist()]
