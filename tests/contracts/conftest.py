"""Every contract test runs on each adapter of its port."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from backstory_shared.adapters.ledger import SqlLedger
from support.clocks import FakeClock
from support.ledgers import LEDGERS


class Open(Protocol):
    def __call__(self) -> AbstractContextManager[SqlLedger]: ...


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=sorted(LEDGERS))
def open_ledger(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Open:
    """Opens one and the same ledger each time it is called."""
    return partial(LEDGERS[request.param], tmp_path, clock)


@pytest.fixture
def ledger(open_ledger: Open) -> Iterator[SqlLedger]:
    with open_ledger() as opened:
        yield opened
