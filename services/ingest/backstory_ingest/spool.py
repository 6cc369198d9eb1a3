"""Spool: a first-in-first-out of bytes that keeps a little in memory and the rest in a file."""

import tempfile

_IN_MEMORY = 256 * 1024
_PIECE = 64 * 1024


class Spool:
    """For results that are made faster than they are read: memory stays constant."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, prefix="backstory-")  # noqa: SIM115 - open for the spool's life
        self._taken = 0
        self._put = 0

    def put(self, data: bytes) -> None:
        self._file.seek(self._put)
        self._put += self._file.write(data)

    def take(self) -> bytes:
        """The oldest bytes, at most a piece; nothing if it is empty."""
        self._file.seek(self._taken)
        piece = self._file.read(_PIECE)
        self._taken += len(piece)
        if self._taken == self._put:
            self._file.seek(0)
            self._file.truncate()
            self._taken = self._put = 0
        return piece

    def close(self) -> None:
        self._file.close()
