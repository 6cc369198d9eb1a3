"""The folder of an Edge shard: made whole or not at all, and opened only for the right model."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import qdrant_edge as edge

from backstory_shared.errors import CannotStart, FolderLocked, ModelMismatch, StorageFull
from backstory_shared.ports import Facet, ModelCard

if TYPE_CHECKING:
    from qdrant_edge import PayloadSchemaParams

#: Raised with every change after which an older index would give other answers.
FORMAT = 3

#: Where an article has several vectors, the nearest counts.
_NEAREST_ROW = edge.MultiVectorConfig(edge.MultiVectorComparator.MaxSim)

_REINDEX = "run `backstory reindex` to make it again from the ledger"


def open_shard(folder: Path, model: ModelCard) -> edge.EdgeShard:
    """The shard in `folder`, made there if there is none.

    Raises ModelMismatch if it was made with another model, and FolderLocked if it is open.
    """
    if not folder.exists():
        _create(folder, model)
    _check(folder, model)
    return _load(folder / "shard")


@contextmanager
def storage_errors() -> Iterator[None]:
    """The engine raises bare exceptions; its message is all there is to tell them apart by."""
    try:
        yield
    except Exception as error:
        if "No space left" in str(error):
            raise StorageFull("The disk with the index is full.") from error
        raise


def _create(folder: Path, model: ModelCard) -> None:
    """Made beside its place and moved there: a folder that exists is complete."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "shard").mkdir(parents=True)
    shard = edge.EdgeShard.create(str(fresh / "shard"), _config(model))
    for field, schema in _field_indexes().items():
        shard.update(edge.UpdateOperation.create_field_index(field, schema))
    shard.close()
    (fresh / "index.json").write_text(json.dumps(_description(model)))
    fresh.rename(folder)


def _config(model: ModelCard) -> edge.EdgeConfig:
    """Half precision moves a cosine by less than .001, and halves what the vectors take."""
    dense = edge.EdgeVectorParams(
        size=model.dimension,
        distance=edge.Distance.Dot,
        datatype=edge.VectorStorageDatatype.Float16,
        multivector_config=_NEAREST_ROW if model.passages else None,
    )
    lexical = edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)
    return edge.EdgeConfig(vectors={"dense": dense}, sparse_vectors={"lexical": lexical})


def _field_indexes() -> "dict[str, PayloadSchemaParams]":
    return {
        "revision": edge.IntegerIndexParams(lookup=False, range=True),
        "sort_at": edge.DatetimeIndexParams(),
        **{facet.value: edge.KeywordIndexParams() for facet in Facet},
    }


def _description(model: ModelCard) -> dict[str, object]:
    return {
        "format": FORMAT,
        "model": model.id,
        "dimension": model.dimension,
        "passages": model.passages,
    }


def _check(folder: Path, model: ModelCard) -> None:
    try:
        found = json.loads((folder / "index.json").read_text())
    except (OSError, ValueError) as error:
        raise CannotStart(f"The index in {folder} cannot be read: {_REINDEX}.") from error
    if found != _description(model):
        raise ModelMismatch(f"The index in {folder} was not made with {model.id}: {_REINDEX}.")


def _load(folder: Path) -> edge.EdgeShard:
    try:
        return edge.EdgeShard.load(str(folder))
    except Exception as error:
        if "WouldBlock" in str(error):
            raise FolderLocked(f"The index in {folder} is open in another program.") from error
        raise CannotStart(f"The index in {folder} cannot be read: {_REINDEX}.") from error
