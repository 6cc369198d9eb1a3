"""A fault campaign: load, faults at random moments, and in the end the checker."""

import random
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx
import psutil

from support import patience
from support.checker import Witness, check
from support.load import Load, Record
from support.program import SERVE, Program, start
from support.progress import followed, progress


class Site(Protocol):
    """A Backstory that runs somewhere, and can be hurt."""

    def ingest(self) -> httpx.Client: ...

    def witness(self) -> Witness: ...

    def hurt(self, chance: random.Random) -> str:
        """Break something, and bring back what does not come back by itself; what it was."""
        ...

    def upkeep(self) -> None:
        """As whoever runs the programs starts again what ends by itself."""
        ...


@dataclass
class Campaign:
    """Load and faults on one site; the load goes on until it has brought `at_least` articles, the
    same share of them for each fault: a slow machine gets no more of them for its faults.

    What is checked in the end is what the file of the load client says.
    """

    site: Site
    folder: Path
    seed: int
    stuck_seconds: float = 180.0
    failing: Collection[str] = ()
    at_least: int = 0
    record: Record = field(init=False)
    faults: list[str] = field(default_factory=list)

    def run(self, faults: int) -> list[str]:
        """Hurt the site so often under load, let it settle, and check; the broken promises."""
        file = self.folder / "record.jsonl"
        self.record = Record(file)
        chance = random.Random(self.seed)

        def enough() -> bool:
            share = self.at_least * (len(self.faults) + 1) // max(faults, 1)
            return 0 < share < len(self.record.revisions)

        with Load(self.site.ingest, self.record, self.seed + 1, enough).running() as load:
            for _ in followed("faults", range(faults)):
                load.wait_for_an_answer()
                time.sleep(chance.uniform(0.0, 0.8))
                self.faults.append(self.site.hurt(chance))
            with progress("articles", self.at_least) as show:
                while len(self.record.revisions) < self.at_least:
                    self.site.upkeep()
                    assert load.wait_for_an_answer(patience.SECONDS), "nobody answers any more"
                    show(len(self.record.revisions))
        self.record = Record(file)
        return check(self.site.witness(), self.record, self.stuck_seconds, self.failing)


@dataclass
class OneMachine:
    """The whole program over one folder; `program` is whichever process runs right now."""

    data: Path
    arguments: Sequence[str] = SERVE
    environment: Mapping[str, str] = field(default_factory=dict)
    program: Program = field(init=False)

    def __enter__(self) -> "OneMachine":
        self._start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.program.kill()

    def ingest(self) -> httpx.Client:
        return self.program.client()

    def witness(self) -> Witness:
        return Witness(self.ingest, self.ingest, self._index_differences)

    def hurt(self, chance: random.Random) -> str:
        workers = self.program.workers()
        if workers and chance.random() < 0.4:
            with suppress(psutil.NoSuchProcess):  # one that was killed just before may be gone
                chance.choice(workers).kill()
            return "kill a worker process"
        self.kill_the_program()
        return "kill the program"

    def kill_the_program(self) -> None:
        self.program.kill()
        self._start()

    def upkeep(self) -> None:
        """It does not end by itself."""

    def _start(self) -> None:
        self.program = start(self.data, arguments=self.arguments, environment=self.environment)

    def _index_differences(self) -> int:
        with self.ingest() as client:
            found = client.post("/v1/admin/verify").json()
        return int(found["requeued"]) + int(found["removed"])
