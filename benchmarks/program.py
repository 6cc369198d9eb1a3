"""The program under measurement: a process on a free port, and what all its processes use."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

_START_SECONDS = 60.0
_MEBI = 1 << 20


@dataclass(frozen=True)
class Program:
    """A running Backstory and how long it took to answer its first request."""

    process: psutil.Process
    url: str
    first_answer_seconds: float

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=120.0, trust_env=False, verify=False)

    def pss_mib(self) -> float:
        """Proportional set size of all processes together, in MiB: shared pages count once."""
        return sum(each.memory_full_info().pss for each in self._all()) / _MEBI

    def rested_pss_mib(self) -> float:
        """The least of some twenty seconds: the program gives back every fifteen what it has read
        or written once."""
        seen = [self.pss_mib()]
        while len(seen) < 10:
            time.sleep(2)
            seen.append(self.pss_mib())
        return min(seen)

    def cpu_seconds(self) -> float:
        return sum(sum(each.cpu_times()[:2]) for each in self._all())

    def _all(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def running(
    data: Path, module: Sequence[str] = ("backstory_standalone", "serve")
) -> Iterator[Program]:
    """Start the program over `data`; it is told to stop when the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    environment = {
        **os.environ,
        "BACKSTORY_DATA": str(data),
        "BACKSTORY_PORT": str(port),
        "BACKSTORY_LOG_LEVEL": "warning",
    }
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", *module], env=environment)
    try:
        url = f"http://127.0.0.1:{port}"
        seconds = _first_answer(process, url) - began
        yield Program(psutil.Process(process.pid), url, seconds)
    finally:
        process.terminate()
        process.wait(60)


def _first_answer(process: subprocess.Popen[bytes], url: str) -> float:
    """When the first search was answered."""
    deadline = time.monotonic() + _START_SECONDS
    with httpx.Client(base_url=url, trust_env=False, verify=False, timeout=30.0) as client:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RuntimeError("The program ended before it answered.")
            try:
                if client.get("/v1/search", params={"q": "first"}).status_code == 200:
                    return time.perf_counter()
            except httpx.TransportError:
                time.sleep(0.01)
    raise RuntimeError("The program did not answer in time.")
