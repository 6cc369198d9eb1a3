"""The folder of an Edge index, and what is said when it cannot be used."""

from pathlib import Path

import pytest

from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.errors import CannotStart, FolderLocked
from support.indexes import MODEL, entry


def test_an_index_that_is_open_is_locked(tmp_path: Path) -> None:
    index = EdgeIndex.open(tmp_path / "index", MODEL)

    with pytest.raises(FolderLocked, match="another program"):
        EdgeIndex.open(tmp_path / "index", MODEL)

    index.close()


def test_a_closed_index_can_be_opened_again(tmp_path: Path) -> None:
    EdgeIndex.open(tmp_path / "index", MODEL).close()

    EdgeIndex.open(tmp_path / "index", MODEL).close()


def test_what_a_killed_start_left_behind_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "index.new" / "shard" / "segments").mkdir(parents=True)

    index = EdgeIndex.open(tmp_path / "index", MODEL)
    index.write([entry("a")])

    assert dict(index.revisions()) == {"a": 1}
    index.close()


@pytest.mark.parametrize("content", ["", "{", "[]", "null"])
def test_an_unreadable_description_is_refused_with_the_way_out(
    tmp_path: Path, content: str
) -> None:
    EdgeIndex.open(tmp_path / "index", MODEL).close()
    (tmp_path / "index" / "index.json").write_text(content)

    with pytest.raises(CannotStart, match="backstory reindex"):
        EdgeIndex.open(tmp_path / "index", MODEL)


def test_a_broken_shard_is_refused_with_the_way_out(tmp_path: Path) -> None:
    EdgeIndex.open(tmp_path / "index", MODEL).close()
    (tmp_path / "index" / "shard" / "edge_config.json").write_text("{")

    with pytest.raises(CannotStart, match="backstory reindex"):
        EdgeIndex.open(tmp_path / "index", MODEL)
