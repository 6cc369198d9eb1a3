"""An embedder that computes what it is asked once, and finds it in a folder ever after."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from backstory_shared.articles import Span
from backstory_shared.ports import Embedder, Meaning, ModelCard, Passage, Vector


class Remembered:
    """Implements Embedder, for a model that takes long."""

    def __init__(self, embedder: Embedder, cache: Path) -> None:
        self._embedder = embedder
        self._cache = cache / _digest(embedder.model.id)

    @property
    def model(self) -> ModelCard:
        return self._embedder.model

    def embed_articles(self, articles: Sequence[Passage]) -> list[Meaning]:
        """All of them together, so that a model may make batches of its own."""
        file = self._cache / f"{_digest(repr(articles))}.npz"
        if not file.exists():
            self._keep(file, self._embedder.embed_articles(articles))
        with np.load(file) as kept:
            rows, spans, ends = kept["rows"], kept["spans"].tolist(), kept["ends"].tolist()
        starts = [0, *ends[:-1]]
        return [
            Meaning(rows[start:end], tuple(Span(*span) for span in spans[start:end]))
            for start, end in zip(starts, ends, strict=True)
        ]

    def embed_query(self, text: str) -> Vector:
        file = self._cache / f"{_digest(text)}.query.npz"
        if not file.exists():
            self._write(file, {"row": self._embedder.embed_query(text)})
        with np.load(file) as kept:
            row: Vector = kept["row"]
        return row

    def _keep(self, file: Path, found: Sequence[Meaning]) -> None:
        rows = [np.atleast_2d(one.dense) for one in found]
        spans = [span for one in found for span in one.spans]
        self._write(
            file,
            {
                "rows": np.concatenate(rows),
                "spans": np.array(spans, np.int64).reshape(-1, 2),
                "ends": np.cumsum([len(of_one) for of_one in rows]),
            },
        )

    def _write(self, file: Path, arrays: dict[str, Any]) -> None:
        self._cache.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
        with fresh.open("wb") as out:
            np.savez(out, **arrays)
        fresh.replace(file)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:24]
