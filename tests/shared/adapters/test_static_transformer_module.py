"""The model folder as sentence-transformers reads it gives the vectors that we compute."""

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from backstory_shared.adapters.static_embedder import StaticEmbedder, document_text
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.ports import Passage

SAME = 0.9999

TEXTS = [
    "harbour bridge",
    "Storm closes three schools; trains run late, the operator said on Tuesday.",
    "Zürich’s Café «Odeon» schließt nach 112 Jahren – für immer?",
    "Shares fell 3.5% to $1,204.75 after the A.G.M. (its 14th) on 2026-03-09.",
    "control\x0bcharacters\x0cand\x85zero\u200bwidth\x1fones [CLS] [UNK]",
    "İstanbul ΣΑΣ ﬁ ½ ① 記者 news",
    "The council met again. " * 400,
    "covid19 blockchain unfathomableness antidisestablishmentarianism",
]
PASSAGES = [Passage(title=text[:40], text=text) for text in TEXTS]


@pytest.fixture(scope="module")
def transformer() -> SentenceTransformer:
    return open_transformer(BUNDLED)


def open_transformer(folder: Path) -> SentenceTransformer:
    return SentenceTransformer(str(folder), device="cpu", trust_remote_code=True)


def cosines(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.asarray((left * right).sum(axis=1))


def test_queries_get_the_same_vectors(transformer: SentenceTransformer) -> None:
    ours = np.stack([StaticEmbedder.open().embed_query(text) for text in TEXTS])

    theirs = transformer.encode_query(TEXTS)

    assert cosines(ours, theirs).min() >= SAME


def test_documents_get_the_same_vectors(transformer: SentenceTransformer) -> None:
    ours = StaticEmbedder.open().embed_passages(PASSAGES)

    theirs = transformer.encode_document([document_text(passage) for passage in PASSAGES])

    assert cosines(ours, theirs).min() >= SAME


def test_a_document_is_not_embedded_as_a_query(transformer: SentenceTransformer) -> None:
    text = "The harbour bridge opens. " * 20 + "A volcano erupts. " * 20

    as_query, as_document = transformer.encode_query(text), transformer.encode_document(text)

    assert float(as_query @ as_document) < SAME


def test_a_saved_copy_is_the_same_model(transformer: SentenceTransformer, tmp_path: Path) -> None:
    transformer.save(str(tmp_path))

    again = open_transformer(tmp_path).encode_document(TEXTS)

    assert cosines(again, transformer.encode_document(TEXTS)).min() >= SAME
    assert StaticEmbedder.open(tmp_path).model == StaticEmbedder.open().model
