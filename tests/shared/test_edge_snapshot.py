"""What an Edge index leaves on disk for a quick start is never older than the index itself."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.ports import Facet, MatchSet
from support.indexes import MODEL, entry

EVERYTHING = MatchSet()


@contextmanager
def opened(folder: Path) -> Iterator[EdgeIndex]:
    with closing(EdgeIndex.open(folder, MODEL)) as index:
        yield index


def snapshot_of(folder: Path) -> Path:
    return folder / "catalogue.npz"


def killed(folder: Path) -> Path:
    """The folder as it would be found if the program that has it open were killed now."""
    found = folder.with_name("found")
    shutil.rmtree(found, ignore_errors=True)
    shutil.copytree(folder, found)
    return found


def test_an_index_closed_in_order_opens_with_all_it_had(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with opened(folder) as index:
        index.write([entry("a", section="news"), entry("b", 2, days=1), entry("c")])
        index.remove({"c": 1})

    with opened(folder) as index:
        counts = index.counts(EVERYTHING, [Facet.SECTION])
        assert (counts.total, counts.facets[Facet.SECTION]) == (2, (("news", 1),))
        assert index.by_date(EVERYTHING, newest_first=True, limit=9) == ["b", "a"]
    assert snapshot_of(folder).exists()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda index: index.write([entry("b")]), {"a": 1, "b": 1}),
        (lambda index: index.write([entry("a", 2)]), {"a": 2}),
        (lambda index: index.remove({"a": 1}), {}),
    ],
)
def test_a_program_killed_after_a_change_leaves_no_older_snapshot(
    tmp_path: Path, change: Callable[[EdgeIndex], None], expected: dict[str, int]
) -> None:
    folder = tmp_path / "index"
    with opened(folder) as index:
        index.write([entry("a")])

    with opened(folder) as index:
        change(index)
        found = killed(folder)

    assert not snapshot_of(found).exists()
    with opened(found) as index:
        assert dict(index.revisions()) == expected
        assert set(index.by_date(EVERYTHING, newest_first=True, limit=9)) == set(expected)


def test_a_change_that_failed_leaves_no_snapshot(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with opened(folder) as index:
        index.write([entry("a")])
        with pytest.raises(Exception, match="dimension"):
            index.write([entry("b", dense=entry("b").dense[:3])])

    assert not snapshot_of(folder).exists()


@pytest.mark.parametrize("content", [b"", b"PK", b"{}", bytes(1_000)])
def test_a_damaged_snapshot_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "index"
    with opened(folder) as index:
        index.write([entry("a")])
    snapshot_of(folder).write_bytes(content)

    with opened(folder) as index:
        assert index.counts(EVERYTHING, []).total == 1


def test_a_snapshot_of_another_index_is_not_believed(tmp_path: Path) -> None:
    for name, count in (("one", 1), ("two", 2)):
        with opened(tmp_path / name) as index:
            index.write([entry(f"article-{n}") for n in range(count)])
    shutil.copy(snapshot_of(tmp_path / "one"), snapshot_of(tmp_path / "two"))

    with opened(tmp_path / "two") as index:
        assert index.counts(EVERYTHING, []).total == 2
