"""Importing a file of articles: in chunks, with a bookmark, so that a killed import goes on."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from backstory_standalone.client import Client

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
class Bookmark:
    """Where an import of one very file stands, kept in the data folder."""

    folder: Path
    source: Path

    def read(self) -> int:
        """The first line that is not known to be accepted."""
        try:
            return int(json.loads(self._file().read_text())["next_line"])
        except (OSError, ValueError, KeyError):
            return 1

    def write(self, next_line: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self._file().with_suffix(".new")
        temporary.write_text(json.dumps({"file": self.source.name, "next_line": next_line}))
        temporary.replace(self._file())

    def remove(self) -> None:
        self._file().unlink(missing_ok=True)

    def _file(self) -> Path:
        stat = self.source.stat()
        identity = f"{self.source.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
        return self.folder / f"{hashlib.sha256(identity.encode()).hexdigest()[:24]}.json"


def import_file(
    client: Client, source: Path, bookmark: Bookmark, report: Callable[[Progress], None]
) -> None:
    """Send the lines the bookmark has not passed; a chunk is passed once all of it is answered.

    Sending a line again does no harm: the server finds it unchanged.
    """
    for chunk in chunks(source, start=bookmark.read()):
        results = client.post_lines(b"".join(chunk.lines))
        bookmark.write(chunk.next)
        report(_progress(chunk, results))
    bookmark.remove()


def chunks(source: Path, *, start: int) -> Iterator[Chunk]:
    """The file's lines from number `start` on, some 256 lines or 1 MiB at a time."""
    with source.open("rb") as raw, _decompressed(raw, source) as lines:
        for _ in islice(lines, start - 1):
            pass
        first = start
        while taken := tuple(_some(lines)):
            yield Chunk(first, taken, raw.tell())
            first += len(taken)


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
            Rejection(chunk.first + result["line"] - 1, result["problem"]["detail"])
            for result in results
            if result["status"] >= 400
        ),
    )
