"""What a point is made of in the engine's words, and what is read back from one."""

from collections.abc import Iterable
from typing import Any, cast

import numpy as np
import qdrant_edge as edge

from backstory_shared.adapters.passages import direction
from backstory_shared.adapters.payload import payload
from backstory_shared.adapters.qdrant_edge.catalogue import Written
from backstory_shared.adapters.qdrant_edge.labels import labelled, unlabelled
from backstory_shared.ports import IndexEntry, Matrix, Terms, Vector


def point(number: int, entry: IndexEntry) -> edge.Point:
    lexical = edge.SparseVector(list(entry.lexical.indices), list(entry.lexical.values))
    kept = labelled(payload(entry))
    return edge.Point(number, {"dense": entry.dense.tolist(), "lexical": lexical}, kept)


def numbers_of(found: Iterable[edge.Record | edge.ScoredPoint]) -> list[int]:
    return cast(list[int], [each.id for each in found])


def payload_of(record: edge.Record) -> dict[str, Any]:
    return record.payload or {}


def vectors_of(record: edge.Record) -> tuple[Vector, Terms]:
    named = cast(dict[str, Any], record.vector)
    lexical: edge.SparseVector = named["lexical"]
    return direction(dense_of(record)), Terms(
        indices=tuple(lexical.indices), values=tuple(lexical.values)
    )


def dense_of(record: edge.Record) -> Vector | Matrix:
    return np.asarray(cast(dict[str, Any], record.vector)["dense"], dtype=np.float32)


def written(record: edge.Record) -> Written:
    """What the catalogue knows of a point, read back from the shard."""
    named = cast(dict[str, edge.SparseVector], record.vector)
    return Written(cast(int, record.id), unlabelled(payload_of(record)), named["lexical"].indices)
