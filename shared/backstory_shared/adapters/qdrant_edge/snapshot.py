"""The catalogue on disk, so that a start need not read the whole shard to make it again.

The file is there only while nothing has changed since the index was closed in order: it is written
after the last flush, and is gone from disk before the first change. So a program that was killed,
at whatever moment, leaves none behind, and none can be older than its shard.
"""

import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backstory_shared.adapters.qdrant_edge.folder import sync_folder
from backstory_shared.adapters.qdrant_edge.postings import Array

#: Raised with every change of what is in the file; one of another format is as good as none.
FORMAT = 1


@dataclass(frozen=True)
class Snapshot:
    """Arrays by name, written whole or not at all."""

    path: Path

    def write(self, arrays: Mapping[str, Array]) -> None:
        """Where the disk has no room for it, there is none: the shard has it all."""
        fresh = self.path.with_suffix(".new")
        try:
            with fresh.open("wb") as file:
                np.savez(file, allow_pickle=False, format=np.array(FORMAT), **arrays)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
            sync_folder(self.path.parent)
        except OSError:
            fresh.unlink(missing_ok=True)

    def read(self) -> dict[str, Array] | None:
        """None if there is none that can be used."""
        try:
            with np.load(self.path, allow_pickle=False) as kept:
                return dict(kept) if int(kept["format"]) == FORMAT else None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def discard(self) -> None:
        """When this returns, no crash brings it back."""
        if self.path.exists():
            self.path.unlink()
            sync_folder(self.path.parent)
