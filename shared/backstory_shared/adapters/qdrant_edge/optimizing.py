"""An optimized copy of a shard, made by a child while the shard goes on serving, and swapped in.

The engine holds the GIL for as long as it optimizes, which is why it must be a child; and as its
process owns the folder, the child gets a copy. What is written meanwhile goes into the shard that
serves, and is carried over before the copy takes its place. Until then the copy is nothing: who
dies on the way leaves a folder that the next start throws away.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import qdrant_edge as edge

from backstory_shared.adapters.qdrant_edge.folder import beside, config, let_serve, sync_files
from backstory_shared.adapters.qdrant_edge.points import numbers_of
from backstory_shared.errors import StorageFull
from backstory_shared.ports import Compute, ModelCard

#: For some millions of articles.
_SECONDS = 6 * 3600.0
#: The copy, what is made of it, and as much to spare.
_ROOM = 3
#: Carried over at once: some 4 ms in the engine, for which a reader waits at most.
_BATCH = 16


@dataclass
class Copy:
    """A copy of the shard at one moment, and the numbers of the points that changed since.

    `unoptimized` is how many had been written by then and will be optimized.
    """

    folder: Path
    unoptimized: int
    changed: set[int] = field(default_factory=set)
    flushed: bool = True

    @classmethod
    def of(cls, serving: Path, unoptimized: int) -> "Copy":
        """Whoever calls keeps writers out, and has flushed. Raises StorageFull.

        An index can be made again; the ledger beside it must not run out of room for its sake.
        """
        size = sum(file.stat().st_size for file in serving.rglob("*") if file.is_file())
        if shutil.disk_usage(serving).free < _ROOM * size:
            raise StorageFull("There is too little room on the disk for a copy of the index.")
        copy = cls(beside(serving), unoptimized)
        shutil.copytree(serving, copy.folder)
        return copy

    def optimize(self, compute: Compute, model: ModelCard, *, graph: bool) -> None:
        """Raises WorkerDied, OutOfTime, StageError."""
        compute.submit(_SECONDS, optimize_folder, str(self.folder), model, graph=graph).result()

    def opened(self) -> edge.EdgeShard:
        """The engine holds the interpreter meanwhile: of all the swap, what readers notice most."""
        return edge.EdgeShard.load(str(self.folder))

    def carry_over(self, serving: edge.EdgeShard, fresh: edge.EdgeShard) -> None:
        """The next few of the changes, as they are by now; writers are kept out meanwhile."""
        self.flushed = False
        some = [self.changed.pop() for _ in range(min(_BATCH, len(self.changed)))]
        known: list[Any] = list(some)
        there = serving.retrieve(known, with_payload=True, with_vector=True)
        gone: list[Any] = sorted(set(some) - set(numbers_of(there)))
        if gone:
            fresh.update(edge.UpdateOperation.delete_points(gone))
        if there:
            fresh.update(edge.UpdateOperation.upsert_points(_points(there)))

    def take_over(self) -> None:
        """Nothing is left to carry over. What was is in the engine's log, as all that is written:
        a kill loses none of it, and the next flush brings it to disk."""
        let_serve(self.folder)


def optimize_folder(folder: str, model: ModelCard, *, graph: bool) -> None:
    """What the child does."""
    shard = edge.EdgeShard.load(folder, config(model, graph=graph))
    shard.optimize()
    shard.flush()
    shard.close()
    sync_files(Path(folder))


def _points(records: Sequence[edge.Record]) -> list[edge.Point]:
    return [edge.Point(one.id, _vector(one), one.payload) for one in records]


def _vector(record: edge.Record) -> Any:
    return record.vector
