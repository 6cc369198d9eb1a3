"""Files that are mapped into memory: pages of them that nobody reads any more.

Nothing of them is lost: who reads one after all has it from the file again. All of it happens
without the interpreter's lock, and where the C library has no such function it does not happen.
"""

import ctypes
from collections.abc import Callable, Iterator
from pathlib import Path

_DONT_NEED = 4  # from mman.h, and from fcntl.h alike
_MAPPINGS = Path("/proc/self/maps")


def let_go(wanted: Callable[[str], bool]) -> None:
    """No longer hold those files whose path is `wanted` in this program's memory."""
    advise = c_function("madvise")
    for begin, end in _shared_mappings(wanted):
        advise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), _DONT_NEED)


def forget(file: Path) -> None:
    """Let the system drop what it holds of the file and is on disk, but what a program holds."""
    advise = c_function("posix_fadvise")
    with file.open("rb") as opened:
        advise(opened.fileno(), ctypes.c_long(0), ctypes.c_long(0), _DONT_NEED)


def c_function(name: str) -> Callable[..., object]:
    try:
        found: Callable[..., object] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return lambda *_: None
    return found


def _shared_mappings(wanted: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Their addresses; not those of private ones, of which what was written would be lost."""
    try:
        mappings = _MAPPINGS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for fields in (line.split(maxsplit=5) for line in mappings):
        if len(fields) == 6 and "s" in fields[1] and wanted(fields[5]):
            begin, _, end = fields[0].partition("-")
            yield int(begin, 16), int(end, 16)
