"""Memory: what is kept only because nobody asked for it back.

glibc keeps an arena of free memory for every few threads, and pages that only once were full; of an
import's memory growth that was a quarter. Another fifth were pages of the index's mapped files that
were written once, and counted as ours ever after. Other systems have neither these functions nor
these habits.
"""

import ctypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # from malloc.h
_ARENAS = 2
_LARGE = 128 * 1024
_DONT_NEED = 4  # from mman.h
_MAPPINGS = Path("/proc/self/maps")
#: Of the engine's files those that a search does not read.
_WRITTEN_ONCE = re.compile(r"/(wal|payload_storage|vector_storage-lexical)/")


def keep_little() -> None:
    """To be called before there are threads. Large blocks go back as soon as they are free."""
    mallopt = _function("mallopt")
    mallopt(_ARENA_MAX, _ARENAS)
    mallopt(_MMAP_THRESHOLD, _LARGE)


def give_back(folder: Path) -> None:
    """Free memory, and the pages of files below `folder` that are on disk as well.

    A page that is wanted after all is read again from the file, with all that was written to it.
    """
    _function("malloc_trim")(0)
    advise = _function("madvise")
    for begin, end in _written_once(folder):
        advise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), _DONT_NEED)


def _written_once(folder: Path) -> Iterator[tuple[int, int]]:
    """The addresses of shared mappings alone: of a private one, what was written would be lost."""
    try:
        mappings = _MAPPINGS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for fields in (line.split(maxsplit=5) for line in mappings):
        if len(fields) == 6 and "s" in fields[1] and _is_written_once(fields[5], folder):
            begin, _, end = fields[0].partition("-")
            yield int(begin, 16), int(end, 16)


def _is_written_once(path: str, folder: Path) -> bool:
    return path.startswith(f"{folder.resolve()}/") and _WRITTEN_ONCE.search(path) is not None


def _function(name: str) -> Callable[..., object]:
    try:
        found: Callable[..., object] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return lambda *_: None
    return found
