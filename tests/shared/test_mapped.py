"""Letting go of mapped files, with nothing lost by it."""

import mmap
from pathlib import Path

from backstory_shared.mapped import c_function, forget, let_go
from support.mappings import held

SIZE = 64 * mmap.PAGESIZE


def test_files_are_let_go_by_their_path_and_have_all_that_was_written(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for file in (one, other):
        file.write_bytes(bytes(SIZE))
    with one.open("r+b") as first, other.open("r+b") as second:
        mapped, kept = mmap.mmap(first.fileno(), SIZE), mmap.mmap(second.fileno(), SIZE)
    with mapped, kept:
        mapped[:], kept[:] = b"x" * SIZE, b"y" * SIZE

        let_go(str(one).__eq__)
        forget(one)

        assert (held(one), held(other)) == (0, SIZE)
        assert mapped[:] == b"x" * SIZE
    assert one.read_bytes() == b"x" * SIZE


def test_what_the_c_library_does_not_have_does_nothing() -> None:
    assert c_function("no_such_function")(1, 2) is None
