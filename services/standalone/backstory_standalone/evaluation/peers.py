"""What one would build by hand: bm25s, all-MiniLM-L6-v2, and both together.

None of them is part of the base install. Which are there is asked before anything is imported.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from backstory_standalone.evaluation.dataset import Dataset, Document
from backstory_standalone.evaluation.measures import Run
from backstory_standalone.evaluation.product import DEPTH
from backstory_standalone.evaluation.watching import Watch, unwatched

if TYPE_CHECKING:
    from backstory_standalone.evaluation.transformer import CachedTransformer

#: How well each document answers one question; higher is better.
Scores = NDArray[np.float32]
Score = Callable[[str], Scores]

BM25S, MINILM, BOTH = "bm25s", "minilm", "minilm+bm25"
PEERS = (BM25S, MINILM, BOTH)
_NEEDS = {
    BM25S: ("bm25s",),
    MINILM: ("sentence_transformers",),
    BOTH: ("bm25s", "sentence_transformers"),
}


def installed(
    peers: Sequence[str],
    find: Callable[[str], object | None] = find_spec,
    needs: Mapping[str, Sequence[str]] = _NEEDS,
) -> tuple[list[str], list[str]]:
    """Those of `peers` that can run here, and a sentence for each of the others."""
    missing = {peer: [name for name in needs[peer] if find(name) is None] for peer in peers}
    return (
        [peer for peer in peers if not missing[peer]],
        [
            f"{peer} is left out: {' and '.join(names)} not installed."
            for peer, names in missing.items()
            if names
        ],
    )


def peer_runs(
    data: Dataset,
    peers: Sequence[str],
    minilm: "Callable[[], CachedTransformer]",
    watch: Watch = unwatched,
) -> dict[str, Run]:
    scores: dict[str, Score] = {}
    if {BM25S, BOTH} & set(peers):
        scores[BM25S] = bm25(data.documents)
    if {MINILM, BOTH} & set(peers):
        scores[MINILM] = cosines(data, minilm())
    if BOTH in peers:
        scores[BOTH] = lambda text: standard(scores[MINILM](text)) + standard(scores[BM25S](text))
    return {
        peer: [
            best(data.documents, scores[peer](question.text), DEPTH)
            for question in watch(f"Asking {peer}", data.questions)
        ]
        for peer in peers
    }


def whole(document: Document) -> str:
    return f"{document.title}\n\n{document.text}".strip()


def bm25(documents: Sequence[Document]) -> Score:
    """English stop words; stemmed where nltk or PyStemmer is installed too."""
    import bm25s

    stem = stemmer()

    def terms(texts: Sequence[str]) -> list[list[str]]:
        words = bm25s.tokenize(list(texts), stopwords="en", return_ids=False, show_progress=False)
        return [[stem(word) for word in found] for found in words]

    index = bm25s.BM25()
    index.index(terms([whole(one) for one in documents]), show_progress=False)

    def scores(text: str) -> Scores:
        asked = terms([text])[0]
        return index.get_scores(asked) if asked else np.zeros(len(documents), np.float32)

    return scores


def cosines(data: Dataset, model: "CachedTransformer") -> Score:
    """Of the dataset's own questions, which are embedded all at once."""
    texts = [question.text for question in data.questions]
    asked = dict(zip(texts, model.encode(texts), strict=True))
    documents = model.encode([whole(one) for one in data.documents])
    return lambda text: np.asarray(documents @ asked[text])


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


def standard(scores: Scores) -> Scores:
    """In standard deviations from the mean over all documents, and not clipped."""
    return np.asarray((scores - scores.mean()) / (scores.std() or 1))


def best(documents: Sequence[Document], scores: Scores, depth: int) -> list[str]:
    """The ids of the highest scores; of equal ones the first in the corpus."""
    order = np.argsort(-scores, kind="stable")[:depth]
    return [documents[place].id for place in order.tolist()]
