"""The data folder: one program at a time owns it, and says in its lock file where it answers."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import portalocker

from backstory_shared.errors import CannotStart, FolderLocked

_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Folder:
    """The paths inside a data folder."""

    path: Path

    @property
    def lock_file(self) -> Path:
        return self.path / "backstory.lock"

    @property
    def ledger(self) -> Path:
        return self.path / "ledger.sqlite"

    @property
    def imports(self) -> Path:
        """Where `backstory import` remembers how far it came."""
        return self.path / "imports"

    def secret(self) -> bytes:
        """What cursors are signed with; made once, so that they outlive a restart."""
        file = self.path / "secret"
        if not file.exists():
            fresh = file.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_bytes(secrets.token_bytes(32))
            fresh.replace(file)
        return file.read_bytes()


@dataclass(frozen=True)
class Owned:
    """A folder that is ours: its lock file, and whether the last owner went down with the machine.

    A program that is killed leaves its writes to the system, which brings them to disk. A machine
    that loses power takes with it what the index had not flushed, though the ledger has it as done.
    """

    lock_file: IO[str]
    machine_went_down: bool


@contextmanager
def owned(folder: Folder) -> Iterator[Owned]:
    """Own the folder until the block ends.

    The lock belongs to the process, so it is gone with it, however the process ends.
    Raises FolderLocked if another program owns it, CannotStart if it cannot be written.
    """
    try:
        folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock_file = folder.lock_file.open("a+", encoding="utf-8")
    except FileExistsError as error:
        raise CannotStart(f"{folder.path} is a file: name a folder with BACKSTORY_DATA.") from error
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder.path} cannot be written ({error.strerror}). "
            "Choose another one with BACKSTORY_DATA."
        ) from error
    with lock_file:
        try:
            portalocker.lock(lock_file, portalocker.LOCK_EX | portalocker.LOCK_NB)
        except portalocker.LockException as error:
            raise FolderLocked(
                f"Another Backstory is using the data folder {folder.path}. "
                "Stop it, or choose another folder with BACKSTORY_DATA."
            ) from error
        went_down = _went_down(lock_file)
        _note(lock_file)
        try:
            yield Owned(lock_file, went_down)
        finally:
            lock_file.truncate(0)


def announce(lock_file: IO[str], url: str) -> None:
    """Write down where this program answers, for the commands of the same folder."""
    _note(lock_file, url=url)


def _note(lock_file: IO[str], **more: str) -> None:
    lock_file.seek(0)
    lock_file.truncate(0)
    json.dump({"pid": os.getpid(), "boot": _boot(), **more}, lock_file)
    lock_file.flush()
    os.fsync(lock_file.fileno())


def _went_down(lock_file: IO[str]) -> bool:
    """An orderly end leaves the file empty; a note of the machine's present run is a mere kill."""
    lock_file.seek(0)
    note = lock_file.read()
    try:
        return bool(note) and json.loads(note).get("boot") != _boot()
    except (ValueError, AttributeError):
        return True


def _boot() -> str:
    """What names the time since the machine started; where nothing does, no two runs are alike."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return secrets.token_hex()


def announced(folder: Folder) -> str | None:
    """Where the program that owns the folder answers; None if it is not known."""
    try:
        said = json.loads(folder.lock_file.read_text(encoding="utf-8"))
        return str(said["url"])
    except (OSError, ValueError, KeyError):
        return None
