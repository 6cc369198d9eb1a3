"""Memory: what is kept only because nobody asked for it back.

glibc keeps an arena of free memory for every few threads, and pages that only once were full; of an
import's memory growth that was a quarter. Another fifth were pages of the index's mapped files that
were written once, and counted as ours ever after. Other systems have neither these functions nor
these habits.
"""

import re
from functools import partial
from pathlib import Path

from backstory_shared.mapped import c_function, let_go

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # from malloc.h
_ARENAS = 2
_LARGE = 128 * 1024
#: Of the engine's files those that a search does not read.
_WRITTEN_ONCE = re.compile(r"/(wal|payload_storage|vector_storage-lexical)/")


def keep_little() -> None:
    """To be called before there are threads. Large blocks go back as soon as they are free."""
    mallopt = c_function("mallopt")
    mallopt(_ARENA_MAX, _ARENAS)
    mallopt(_MMAP_THRESHOLD, _LARGE)


def give_back(folder: Path) -> None:
    """Free memory, and the pages of files below `folder` that are on disk as well."""
    c_function("malloc_trim")(0)
    let_go(partial(_is_written_once, folder.resolve()))


def _is_written_once(folder: Path, path: str) -> bool:
    return path.startswith(f"{folder}/") and _WRITTEN_ONCE.search(path) is not None
