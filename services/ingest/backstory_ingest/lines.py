"""LineSplitter: NDJSON lines out of a stream of chunks, in constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A numbered line with something in it; `data` is None where it is too long to be kept."""

    number: int
    data: bytes | None

    @property
    def size(self) -> int:
        return 0 if self.data is None else len(self.data)


class LineSplitter:
    """Numbers all lines from 1, leaves out the blank ones, and never holds more than `longest`."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._rest = bytearray()
        self._too_long = False
        self._number = 0

    @property
    def number(self) -> int:
        """The number of the last line that ended."""
        return self._number

    def feed(self, chunk: bytes) -> Iterator[Line]:
        """The lines that end in this chunk."""
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            self._add(part)
            yield from self._end()
        self._add(rest)

    def finish(self) -> Iterator[Line]:
        """The last line, where the stream ended properly but without a line feed."""
        if self._rest or self._too_long:
            yield from self._end()

    def _add(self, part: bytes) -> None:
        if self._too_long or len(self._rest) + len(part) > self._longest:
            self._too_long = True
            self._rest = bytearray()
        else:
            self._rest += part

    def _end(self) -> Iterator[Line]:
        data = None if self._too_long else bytes(self._rest).strip()
        self._rest, self._too_long = bytearray(), False
        self._number += 1
        if data != b"":
            yield Line(self._number, data)
