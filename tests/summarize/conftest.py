"""A real ledger with a clock of its own, and an index in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backstory_shared.adapters.ledger import SqlLedger
from support.clocks import FakeClock
from support.ledgers import sqlite_ledger
from support.stage_work import MemoryIndex


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ledger(tmp_path: Path, clock: FakeClock) -> Iterator[SqlLedger]:
    with sqlite_ledger(tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def index() -> MemoryIndex:
    return MemoryIndex()
