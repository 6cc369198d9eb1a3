"""What a point is made of: two vectors, and a payload of every field that can be asked for."""

from collections.abc import Iterable
from typing import Any, cast

import numpy as np
import qdrant_edge as edge

from backstory_shared.adapters.passages import direction
from backstory_shared.adapters.qdrant_edge.catalogue import Written
from backstory_shared.ports import Facet, IndexEntry, Matrix, Terms, Vector


def point(number: int, entry: IndexEntry) -> edge.Point:
    lexical = edge.SparseVector(list(entry.lexical.indices), list(entry.lexical.values))
    return edge.Point(number, {"dense": entry.dense.tolist(), "lexical": lexical}, payload(entry))


def payload(entry: IndexEntry) -> dict[str, Any]:
    single = {
        Facet.SECTION: entry.section,
        Facet.SOURCE: entry.source,
        Facet.LANGUAGE: entry.language,
    }
    spans = {"spans": [list(span) for span in entry.spans]} if entry.spans else {}
    return spans | {
        "id": entry.id,
        "revision": entry.revision,
        "sort_at": entry.sort_at.isoformat(),
        "copy_hash": entry.copy_hash,
        Facet.TAG.value: list(entry.tags),
        Facet.AUTHOR.value: list(entry.authors),
        **{facet.value: [value] for facet, value in single.items() if value is not None},
    }


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
    return Written(cast(int, record.id), payload_of(record), named["lexical"].indices)
