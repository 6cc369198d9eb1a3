"""The commands as a person types them: a process, what it printed, and how it ended."""

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from support import patience


@dataclass(frozen=True)
class Shell:
    """Runs `backstory` with these settings and none from outside."""

    settings: dict[str, str]
    under: tuple[str, ...] = ()

    def run(self, *words: str, feed: bytes = b"") -> subprocess.CompletedProcess[str]:
        with self.start(*words) as process:
            out, err = process.communicate(feed, timeout=patience.SECONDS)
        return subprocess.CompletedProcess(
            process.args, process.returncode, out.decode(), err.decode()
        )

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self.under, sys.executable, "-m", "backstory_standalone", *words],
            env=_clean() | self.settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def shell(data: Path, **settings: str) -> Shell:
    return Shell({"BACKSTORY_DATA": str(data), **settings})


def without_privileges(of: Shell) -> Shell:
    """To whom the rights of files apply, as they do not to root."""
    return replace(of, under=unprivileged())


def unprivileged() -> tuple[str, ...]:
    """What to put before a command that has no more rights than those of the files."""
    if os.geteuid():
        return ()
    bounds = "--bounding-set=-dac_override,-dac_read_search"
    return ("setpriv", "--inh-caps=-all", bounds)


def _clean() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if "BACKSTORY_" not in name}
    return ours | {"COLUMNS": "200", "BACKSTORY_WORKERS": patience.WORKERS}
