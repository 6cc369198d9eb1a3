"""Index entries, and the indexes that promise the same: one factory for each adapter."""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.qdrant_server import QdrantServerIndex, connect
from backstory_shared.articles import Span
from backstory_shared.ports import Index, IndexEntry, Matrix, ModelCard, SearchIndex, Terms, Vector
from support.qdrant import (
    OneAtATime,
    has_real_server,
    real_server,
    settings_of,
    shared_program,
)

DIMENSION = 8
MODEL = ModelCard(id="toy-8d", dimension=DIMENSION, floor=0.2)
IN_PASSAGES = ModelCard(id="toy-8d-passages", dimension=DIMENSION, floor=0.2, passages=True)
START = datetime(2026, 5, 1, tzinfo=UTC)


class AnyIndex(Index, SearchIndex, Protocol):
    """Both sides of an index."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one adapter keeps an index, so that a test can open it again."""

    open: Callable[[ModelCard], AbstractContextManager[AnyIndex]]


def edge_place(folder: Path) -> Place:
    return Place(lambda model: closing(EdgeIndex.open(folder / "index", model)))


def memory_place(folder: Path) -> Place:
    client: Any = OneAtATime()
    settings = settings_of("http://in-memory", folder)
    return Place(lambda model: closing(QdrantServerIndex.open(client, settings, model)))


def server_place(address: Callable[[], str]) -> Callable[[Path], Place]:
    def place(folder: Path) -> Place:
        settings = settings_of(address(), folder)
        return Place(
            lambda model: closing(QdrantServerIndex.open(connect(settings), settings, model))
        )

    return place


#: What is still there when the program that wrote it was killed.
DURABLE: dict[str, Callable[[Path], Place]] = {
    "edge": edge_place,
    "program": server_place(shared_program),
    **({"server": server_place(real_server)} if has_real_server() else {}),
}
PLACES: dict[str, Callable[[Path], Place]] = {**DURABLE, "memory": memory_place}


def direction(*weights: float) -> Vector:
    """A unit vector from its first components."""
    vector = np.zeros(DIMENSION, dtype=np.float32)
    vector[: len(weights)] = weights
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def terms(*indices: int, weight: float = 1.0) -> Terms:
    return Terms(indices=indices, values=(weight,) * len(indices))


def entry(
    article_id: str,
    revision: int = 1,
    *,
    dense: Vector | Matrix | None = None,
    spans: tuple[Span, ...] = (),
    coverage: float = 1.0,
    lexical: Terms | None = None,
    days: float = 0,
    section: str | None = None,
    tags: tuple[str, ...] = (),
    authors: tuple[str, ...] = (),
    source: str | None = None,
    language: str | None = None,
) -> IndexEntry:
    return IndexEntry(
        id=article_id,
        revision=revision,
        dense=direction(1) if dense is None else dense,
        spans=spans,
        coverage=coverage,
        lexical=lexical or terms(1),
        sort_at=START + timedelta(days=days),
        copy_hash="0" * 64,
        section=section,
        tags=tags,
        authors=authors,
        source=source,
        language=language,
    )
