"""The whole program as a user runs it: a process, a data folder, an address."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from support import patience
from support.ports import free_port

SERVE = ("-m", "backstory_standalone", "serve")

_TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Program:
    """A running Backstory."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def client(self) -> httpx.Client:
        # Nothing here speaks TLS, and loading the certificates takes longer than a request.
        return httpx.Client(
            base_url=self.url, timeout=patience.SECONDS, trust_env=False, verify=False
        )

    def kill(self) -> None:
        """As the kernel does when memory runs out: no time for a last word."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience.SECONDS)

    def workers(self) -> list[psutil.Process]:
        """The processes that compute."""
        return pool_of(psutil.Process(self.process.pid))


def pool_of(process: psutil.Process) -> list[psutil.Process]:
    """The living children that were spawned to work."""
    return [child for child in process.children() if "spawn_main" in _command_line(child)]


def _command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it ended while we looked
        return ""


def start(
    data: Path, *, arguments: Sequence[str] = SERVE, environment: Mapping[str, str] | None = None
) -> Program:
    """Start the program on a free port and wait until it is ready."""
    port = free_port()
    log = data.parent / f"{data.name}-{port}.log"
    settings = {
        "BACKSTORY_DATA": str(data),
        "BACKSTORY_PORT": str(port),
        "BACKSTORY_WORKERS": patience.WORKERS,
        "PYTHONPATH": str(_TESTS),  # for a program of the tests' own
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env={**os.environ, **settings, **(environment or {})},
            stdout=output,
            stderr=output,
        )
    program = Program(process, f"http://127.0.0.1:{port}", log)
    _wait_until_ready(program)
    return program


@contextmanager
def running(
    data: Path, *, arguments: Sequence[str] = SERVE, environment: Mapping[str, str] | None = None
) -> Iterator[Program]:
    program = start(data, arguments=arguments, environment=environment)
    try:
        yield program
    finally:
        program.kill()


def _wait_until_ready(program: Program) -> None:
    deadline = time.monotonic() + patience.SECONDS
    while time.monotonic() < deadline:
        if program.process.poll() is not None:
            raise AssertionError(f"The program ended:\n{program.log.read_text()}")
        try:
            with program.client() as client:
                if client.get("/readyz").status_code == 200:
                    return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    program.kill()
    raise AssertionError(f"The program was not ready in time:\n{program.log.read_text()}")
