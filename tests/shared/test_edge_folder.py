"""The folder of an Edge index, and what is said when it cannot be used."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.errors import CannotStart, FolderLocked, StorageFull
from support.commands import unprivileged
from support.indexes import MODEL, entry


def test_an_index_that_is_open_is_locked(tmp_path: Path) -> None:
    index = EdgeIndex.open(tmp_path / "index", MODEL)

    with pytest.raises(FolderLocked, match="another program"):
        EdgeIndex.open(tmp_path / "index", MODEL)

    index.close()


def test_a_closed_index_can_be_opened_again(tmp_path: Path) -> None:
    EdgeIndex.open(tmp_path / "index", MODEL).close()

    EdgeIndex.open(tmp_path / "index", MODEL).close()


def test_on_a_full_disk_an_index_is_read_and_not_written_until_there_is_room(
    tmp_path: Path,
) -> None:
    more_than_any_disk = 2**80
    with closing(EdgeIndex.open(tmp_path / "index", MODEL)) as index:
        index.write([entry("a")])

    with closing(EdgeIndex.open(tmp_path / "index", MODEL, reserve=more_than_any_disk)) as full:
        with pytest.raises(StorageFull, match="MB are left"):
            full.write([entry("b")])
        with pytest.raises(StorageFull):
            full.remove({"a": 1})
        assert dict(full.revisions()) == {"a": 1}

    with closing(EdgeIndex.open(tmp_path / "index", MODEL)) as index:
        index.write([entry("b")])
        assert dict(index.revisions()) == {"a": 1, "b": 1}


def test_on_a_full_disk_no_index_is_begun(tmp_path: Path) -> None:
    with pytest.raises(StorageFull):
        EdgeIndex.open(tmp_path / "index", MODEL, reserve=2**80)

    assert list(tmp_path.iterdir()) == []


def test_an_index_that_is_barred_while_it_is_open_waits_until_it_may_be_written(
    tmp_path: Path,
) -> None:
    """What it raises is tried again by the stage, and blames no article."""
    done = subprocess.run(
        [*unprivileged(), sys.executable, "-m", "support.barred_index", tmp_path / "index"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        check=True,
    )
    barred, after, revisions = json.loads(done.stdout)

    assert barred.startswith("store-unavailable: The index may not be written")
    assert (after, revisions) == ("written", {"a": 1})


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
