"""A library for every test that reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.archive import Library, library


@pytest.fixture
def shelves(tmp_path: Path) -> Iterator[Library]:
    with library(tmp_path) as opened:
        yield opened
