"""What a point is made of: its vectors, and a payload of every field that can be asked for."""

from typing import Any, cast
from uuid import UUID, uuid5

import numpy as np
from qdrant_client import models

from backstory_shared.adapters.passages import direction
from backstory_shared.adapters.payload import payload
from backstory_shared.ports import IndexEntry, Matrix, Terms, Vector

#: Point ids are made of article ids, so that whoever writes an article writes the same point.
_ARTICLES = UUID("6f0a4be6-3d0c-5c1e-9a55-2f6a1f4b7a10")


def point_id(article_id: str) -> str:
    return str(uuid5(_ARTICLES, article_id))


def point(entry: IndexEntry) -> models.PointStruct:
    lexical = models.SparseVector(
        indices=list(entry.lexical.indices), values=list(entry.lexical.values)
    )
    return models.PointStruct(
        id=point_id(entry.id),
        vector={"dense": entry.dense.tolist(), "lexical": lexical},
        payload=payload(entry) | {"terms": list(entry.lexical.indices)},
    )


def payload_of(found: models.Record | models.ScoredPoint) -> dict[str, Any]:
    return found.payload or {}


def dense_of(record: models.Record) -> Vector | Matrix:
    return np.asarray(cast(dict[str, Any], record.vector)["dense"], dtype=np.float32)


def vectors_of(record: models.Record) -> tuple[Vector, Terms]:
    lexical = cast(dict[str, models.SparseVector], record.vector)["lexical"]
    terms = Terms(indices=tuple(lexical.indices), values=tuple(lexical.values))
    return direction(dense_of(record)), terms
