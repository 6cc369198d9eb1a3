"""Giving memory back, with nothing lost by it."""

import mmap
from pathlib import Path

from backstory_standalone.memory import give_back
from support.mappings import held

PAGES = 64 * mmap.PAGESIZE


def written(file: Path) -> mmap.mmap:
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(PAGES))
    with file.open("r+b") as opened:
        mapped = mmap.mmap(opened.fileno(), PAGES)
    mapped[:] = b"x" * PAGES
    return mapped


def test_pages_that_were_written_once_no_longer_count_and_are_all_there(tmp_path: Path) -> None:
    file = tmp_path / "index" / "wal" / "open-1"
    with written(file) as mapped:
        assert held(file) == PAGES

        give_back(tmp_path)

        assert held(file) == 0
        assert mapped[:] == b"x" * PAGES
    assert file.read_bytes() == b"x" * PAGES


def test_what_a_search_reads_and_what_is_elsewhere_stays(tmp_path: Path) -> None:
    read, elsewhere = tmp_path / "data" / "vectors" / "a", tmp_path / "other" / "wal" / "a"
    with written(read), written(elsewhere):
        give_back(tmp_path / "data")

        assert (held(read), held(elsewhere)) == (PAGES, PAGES)
