"""Moving house: an export into a file or a pipe, and a ledger filled from one."""

import gzip
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from backstory_shared.adapters.ledger import SqlLedger, open_postgres_ledger, open_sqlite_ledger
from backstory_shared.adapters.ledger.moving import (
    export,
    first_and_rest,
    is_end,
    restore,
)
from backstory_shared.errors import BrokenExport
from backstory_shared.settings import SharedLedger, Storage, load
from backstory_standalone.client import connected
from backstory_standalone.folder import Folder, owned
from backstory_standalone.reading import Unreadable

STANDARD = "-"

#: Told how many rows there will be, gives what is told how many there are.
Show = Callable[[int], Callable[[int], None]]


def write_export(target: str, show: Show) -> int:
    """Write the ledger's lines; a file is there once it is whole. How many articles that is."""
    with _exported() as lines, _opened_for_writing(target) as file:
        heading, lines = first_and_rest(lines)
        report, whole = show(heading.total), False
        for number, line in enumerate(lines):
            file.write(line)
            whole = is_end(line)
            report(number)
        if not whole:
            raise BrokenExport("The export broke off; the server's log may say why. Try again.")
    return heading.rows["articles"]


def read_export(source: str, show: Show) -> int:
    """Fill the empty ledger of this place, all of it or nothing. How many articles that is."""
    with _opened_for_reading(source) as lines, _own_ledger() as ledger:
        heading, lines = first_and_rest(lines)
        return restore(ledger.database, lines, show(heading.total)).rows["articles"]


@contextmanager
def _exported() -> Iterator[Iterator[bytes]]:
    """From the shared ledger itself; a folder's ledger belongs to its server, which is asked."""
    if load(SharedLedger).ledger_url is not None:
        with _own_ledger() as ledger:
            yield export(ledger.database)
    else:
        with connected(load(Storage)) as client:
            yield client.lines("/v1/admin/export")


@contextmanager
def _own_ledger() -> Iterator[SqlLedger]:
    shared = load(SharedLedger)
    if shared.ledger_url is not None:
        with closing(open_postgres_ledger(shared.address(), connections=2)) as ledger:
            yield ledger
    else:
        folder = Folder(load(Storage).data)
        with owned(folder), closing(open_sqlite_ledger(folder.ledger)) as ledger:
            yield ledger


@contextmanager
def _opened_for_writing(target: str) -> Iterator[BinaryIO]:
    if target == STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    try:
        with _written(path) as raw, _compressed(raw, path) as file:
            yield file
    except OSError as error:
        raise Unreadable(f"{target} cannot be written ({error.strerror}).") from error


def _written(path: Path) -> AbstractContextManager[BinaryIO]:
    """A pipe or a device is written to; to put a file in its place would be to remove it."""
    return _in_one_piece(path) if path.is_file() or not path.exists() else path.open("wb")


@contextmanager
def _in_one_piece(path: Path) -> Iterator[BinaryIO]:
    """The file appears once it is whole and on disk."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("wb") as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _compressed(raw: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    if path.suffix != ".gz":
        yield raw
        return
    with gzip.open(raw, "wb", compresslevel=5) as file:
        yield cast(BinaryIO, file)


@contextmanager
def _opened_for_reading(source: str) -> Iterator[Iterator[bytes]]:
    if source == STANDARD:
        yield iter(sys.stdin.buffer)
        return
    path = Path(source)
    try:
        with path.open("rb") as raw:
            yield iter(gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Unreadable(f"{source} is not a whole gzip file; nothing was restored.") from error
    except OSError as error:
        raise Unreadable(f"{source} cannot be read ({error.strerror}).") from error
