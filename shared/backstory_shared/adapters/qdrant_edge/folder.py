"""The folder of an Edge shard: made whole or not at all, and opened only for the right model.

Now and then an optimized copy takes the place of the shard; a small file says which one serves.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import qdrant_edge as edge

from backstory_shared.adapters.qdrant_edge.labels import LABELS
from backstory_shared.errors import (
    CannotStart,
    FolderLocked,
    ModelMismatch,
    StorageFull,
    StoreUnavailable,
)
from backstory_shared.ports import ModelCard

if TYPE_CHECKING:
    from qdrant_edge import PayloadSchemaParams

#: Raised with every change after which an older index would give other answers.
FORMAT = 6

#: The engine writes into files that are mapped into memory. Where the disk has no room for a page
#: of one, nothing is raised: the system ends the program. So the last of the room is left alone,
#: more than a batch or a new index takes.
RESERVE = 64 * 2**20

#: Where an article has several vectors, the nearest counts.
_NEAREST_ROW = edge.MultiVectorConfig(edge.MultiVectorComparator.MaxSim)

FIRST_SHARD = "shard"
_OTHER_SHARDS = "shard-*"

#: The index of words and those of fields are read from their files as they are needed. In memory
#: they take half as much again, and an optimized copy takes five times as long to load, for which
#: readers wait; `benchmarks/placements.py` measures it.
_ON_DISK = edge.Memory.Cold

#: The engine's own choices for a graph of the vectors, the last in kilobytes.
_EDGES, _BUILT_WITH, _SCANNED = 16, 100, 10_000

#: The index of words and those of fields, where the engine puts them.
_SEARCHED_IN = ("segments/*/vector_index-*/*", "segments/*/payload_index/*/*.bin")
_AT_ONCE = 2**20

#: What the engine says of files that may not be written.
_NO_RIGHTS = ("Permission denied", "Read-only file system")

_REINDEX = "run `backstory reindex` to make it again from the ledger"


def open_shard(folder: Path, model: ModelCard, reserve: int) -> edge.EdgeShard:
    """The shard in `folder`, made there if there is none.

    Raises ModelMismatch if it was made with another model, FolderLocked if it is open,
    StorageFull if there is no room to make it, and CannotStart if it cannot be used.
    """
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        expect_room(folder.parent, reserve)
        _create(folder, model)
    _expect_rights(folder)
    _check(folder, model)
    serving = serving_shard(folder)
    shard = _load(serving)
    _forget_others(folder, serving)
    return shard


def serving_shard(folder: Path) -> Path:
    try:
        return folder / (folder / "serving").read_text(encoding="ascii")
    except FileNotFoundError:
        return folder / FIRST_SHARD


def let_serve(shard: Path) -> None:
    """From now on this one is opened; when this returns, no crash brings back another."""
    said, folder = shard.with_name("serving"), shard.parent
    fresh = said.with_suffix(".new")
    with fresh.open("w", encoding="ascii") as file:
        file.write(shard.name)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(said)
    sync_folder(folder)


def read_unoptimized(folder: Path, otherwise: int) -> int:
    """How many points were written since it was optimized, as far as the last flush knew."""
    try:
        return int((folder / "unoptimized").read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return otherwise


def keep_unoptimized(folder: Path, written: int) -> None:
    """Not brought to disk: it only says when it is worth while to optimize."""
    fresh = folder / "unoptimized.new"
    fresh.write_text(str(written), encoding="ascii")
    fresh.replace(folder / "unoptimized")


def beside(shard: Path) -> Path:
    """The place for a copy of it, with nothing there."""
    numbers = (shard.with_name(f"{FIRST_SHARD}-{number}") for number in count(2))
    place = next(one for one in numbers if one != shard)
    shutil.rmtree(place, ignore_errors=True)
    return place


def sync_files(folder: Path) -> None:
    """Bring to disk what the engine would have to when it opens or closes them.

    It would hold the interpreter while it waits for the disk; this does not.
    """
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())


def searched_files(shard: Path) -> list[Path]:
    return [file for part in _SEARCHED_IN for file in sorted(shard.glob(part))]


def read_files(shard: Path) -> None:
    """Have the system keep at hand what is searched in.

    When the engine opens files that are read as they are needed, it makes the system let go of
    them, and would hold the interpreter while the first questions wait for the disk.
    """
    for file in searched_files(shard):
        with file.open("rb", buffering=0) as opened:
            while opened.read(_AT_ONCE):
                pass


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _forget_others(folder: Path, serving: Path) -> None:
    """Copies that were not finished, and what one of them took the place of."""
    for other in (folder / FIRST_SHARD, *folder.glob(_OTHER_SHARDS)):
        if other != serving:
            shutil.rmtree(other, ignore_errors=True)


def expect_room(folder: Path, reserve: int) -> None:
    """Raises StorageFull where the disk has less left."""
    left = shutil.disk_usage(folder).free
    if left < reserve:
        raise StorageFull(
            f"The disk with the index is full: {left // 2**20} MB are left, and it takes no more "
            f"while there are less than {reserve // 2**20}."
        )


@contextmanager
def storage_errors() -> Iterator[None]:
    """The engine raises bare exceptions; its message is all there is to tell them apart by."""
    try:
        yield
    except Exception as error:
        if "No space left" in str(error):
            raise StorageFull("The disk with the index is full.") from error
        if any(said in str(error) for said in _NO_RIGHTS):
            raise StoreUnavailable(
                "The index may not be written: somebody took the right to write in its folder."
            ) from error
        raise


def _create(folder: Path, model: ModelCard) -> None:
    """Made beside its place and moved there: a folder that exists is complete."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / FIRST_SHARD).mkdir(parents=True)
    shard = edge.EdgeShard.create(str(fresh / FIRST_SHARD), config(model, graph=False))
    for field, schema in field_indexes(_ON_DISK).items():
        shard.update(edge.UpdateOperation.create_field_index(field, schema))
    shard.close()
    (fresh / "index.json").write_text(json.dumps(_description(model)))
    fresh.rename(folder)


def config(model: ModelCard, *, graph: bool) -> edge.EdgeConfig:
    """Half precision moves a cosine by less than .001, and halves what the vectors take."""
    dense = edge.EdgeVectorParams(
        size=model.dimension,
        distance=edge.Distance.Dot,
        datatype=edge.VectorStorageDatatype.Float16,
        multivector_config=_NEAREST_ROW if model.passages else None,
    )
    lexical = edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf, memory=_ON_DISK)
    return edge.EdgeConfig(
        vectors={"dense": dense},
        sparse_vectors={"lexical": lexical},
        hnsw_config=edge.HnswIndexConfig(
            m=_EDGES if graph else 0, ef_construct=_BUILT_WITH, full_scan_threshold=_SCANNED
        ),
    )


def field_indexes(place: edge.Memory) -> "dict[str, PayloadSchemaParams]":
    return {
        "sort_at": edge.DatetimeIndexParams(memory=place),
        LABELS: edge.KeywordIndexParams(memory=place),
    }


def _description(model: ModelCard) -> dict[str, object]:
    return {
        "format": FORMAT,
        "model": model.id,
        "dimension": model.dimension,
        "passages": model.passages,
    }


def _expect_rights(folder: Path) -> None:
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise _without_rights(folder)


def _without_rights(folder: Path) -> CannotStart:
    return CannotStart(
        f"The index in {folder} may not be written: it takes the right to read and write all "
        "files and folders in it, on a disk that is not read-only."
    )


def _check(folder: Path, model: ModelCard) -> None:
    try:
        found = json.loads((folder / "index.json").read_text())
    except PermissionError as error:
        raise _without_rights(folder) from error
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
        if any(said in str(error) for said in _NO_RIGHTS):
            raise _without_rights(folder) from error
        raise CannotStart(f"The index in {folder} cannot be read: {_REINDEX}.") from error
