"""Memory: what the C library keeps for itself, it is asked to keep little of, and to give back.

glibc keeps an arena of free memory for every few threads, and pages that only once were full; of an
import's memory growth that was a quarter. Other C libraries have no such functions, and no such
habits.
"""

import ctypes
from collections.abc import Callable

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # from malloc.h
_ARENAS = 2
_LARGE = 128 * 1024


def keep_little() -> None:
    """To be called before there are threads. Large blocks go back as soon as they are free."""
    mallopt = _function("mallopt")
    mallopt(_ARENA_MAX, _ARENAS)
    mallopt(_MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    _function("malloc_trim")(0)


def _function(name: str) -> Callable[..., object]:
    try:
        found: Callable[..., object] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return lambda *_: None
    return found
