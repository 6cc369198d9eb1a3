"""Importing a file of articles: in chunks, with a bookmark, so that a killed import goes on."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from backstory_standalone.client import Client, sentence_of
from backstory_standalone.reading import Unreadable

_CHUNK_LINES = 256
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Chunk:
    """Consecutive lines: `first` is the number of the first (from 1), `position` how far into
    the file (in bytes on disk) they reach."""

    first: int
    lines: tuple[bytes, ...]
    position: int

    @property
    def next(self) -> int:
        return self.first + len(self.lines)


@dataclass(frozen=True)
class Rejection:
    line: int
    detail: str


@dataclass(frozen=True)
class Progress:
    """How far an import is: `lines` handled so far, of which `accepted` are new or changed."""

    position: int
    lines: int
    accepted: int
    rejections: tuple[Rejection, ...]


@dataclass(frozen=True)
class Place:
    """The first line that is not known to be answered, and how many before it were refused."""

    next_line: int = 1
    rejected: int = 0


@dataclass(frozen=True)
class Bookmark:
    """Where the import of one very file into one server stands, kept in the data folder."""

    folder: Path
    source: Path
    server: str

    def read(self) -> Place:
        try:
            return Place(**json.loads(self._file().read_text()))
        except (OSError, ValueError, TypeError):
            return Place()

    def write(self, place: Place) -> None:
        """Raises Unreadable."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = self._file().with_suffix(".new")
            temporary.write_text(json.dumps(asdict(place)))
            temporary.replace(self._file())
        except OSError as error:
            raise Unreadable(
                f"How far the import is cannot be noted in {self.folder} ({error.strerror}). "
                "Choose another folder with BACKSTORY_DATA."
            ) from error

    def remove(self) -> None:
        self._file().unlink(missing_ok=True)

    def _file(self) -> Path:
        stat = self.source.stat()
        identity = f"{self.server}|{self.source.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
        return self.folder / f"{hashlib.sha256(identity.encode()).hexdigest()[:24]}.json"


def import_file(
    client: Client, source: Path, bookmark: Bookmark, report: Callable[[Progress], None]
) -> int:
    """Send the lines the bookmark has not passed; how many were refused, then and now.

    A chunk is passed once all of it is answered and reported. Sending a line again does no harm:
    the server finds it unchanged.
    """
    place = bookmark.read()
    bookmark.write(place)  # what cannot be remembered is not begun
    for chunk in chunks(source, start=place.next_line):
        progress = _progress(chunk, client.post_lines(b"".join(chunk.lines)))
        report(progress)
        place = Place(chunk.next, place.rejected + len(progress.rejections))
        bookmark.write(place)
    bookmark.remove()
    return place.rejected


def chunks(source: Path, *, start: int) -> Iterator[Chunk]:
    """The file's lines from number `start` on, some 256 lines or 1 MiB at a time."""
    with source.open("rb") as raw, _decompressed(raw, source) as lines, _readable(source):
        for _ in islice(lines, start - 1):
            pass
        first = start
        while taken := tuple(_some(lines)):
            yield Chunk(first, taken, raw.tell())
            first += len(taken)


@contextmanager
def _readable(source: Path) -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Unreadable(f"{source} is not a whole gzip file.") from error


def _decompressed(raw: BinaryIO, source: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(raw)) if source.suffix == ".gz" else raw


def _some(lines: BinaryIO) -> Iterator[bytes]:
    size = 0
    for line in islice(lines, _CHUNK_LINES):
        yield line
        size += len(line)
        if size >= _CHUNK_BYTES:
            return


def _progress(chunk: Chunk, results: list[dict[str, Any]]) -> Progress:
    return Progress(
        position=chunk.position,
        lines=len(chunk.lines),
        accepted=sum(result["status"] == 202 for result in results),
        rejections=tuple(
            Rejection(chunk.first + result["line"] - 1, sentence_of(result["problem"]))
            for result in results
            if result["status"] >= 400
        ),
    )
