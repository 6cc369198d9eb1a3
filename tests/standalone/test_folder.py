"""Owning a data folder, and what the last owner's end says about what is in it."""

import json
import shutil
from pathlib import Path

import pytest

from backstory_shared.errors import FolderLocked
from backstory_standalone.folder import Folder, announce, announced, owned
from support.program import running
from support.stories import BAKERY, HARBOUR, eventually, post


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data")


def went_down(folder: Folder) -> bool:
    with owned(folder) as ours:
        return ours.machine_went_down


def leave_behind(folder: Folder, note: str) -> None:
    folder.path.mkdir(exist_ok=True)
    folder.lock_file.write_text(note)


def left_note(folder: Folder) -> dict[str, object]:
    """What a program that was killed leaves in the lock file."""
    with owned(folder):
        note: dict[str, object] = json.loads(folder.lock_file.read_text())
        return note


def test_a_new_folder_and_one_left_in_order_raise_no_doubt(folder: Folder) -> None:
    assert not went_down(folder)
    assert not went_down(folder)


def test_a_program_that_was_killed_on_a_machine_that_went_on_raises_none(folder: Folder) -> None:
    leave_behind(folder, json.dumps(left_note(folder)))

    assert not went_down(folder)


@pytest.mark.parametrize("note", ['{"pid": 1, "boot": "another"}', '{"pid": 1}', "[]", "\x00\x00"])
def test_a_note_of_another_run_of_the_machine_or_a_torn_one_raises_doubt(
    folder: Folder, note: str
) -> None:
    leave_behind(folder, note)

    assert went_down(folder)


def test_an_owned_folder_is_refused_to_others_and_says_where_it_answers(folder: Folder) -> None:
    with owned(folder) as ours:
        assert announced(folder) is None
        announce(ours.lock_file, "http://127.0.0.1:1")

        assert announced(folder) == "http://127.0.0.1:1"
        with pytest.raises(FolderLocked), owned(folder):
            pass


def test_a_program_that_is_told_to_stop_leaves_its_folder_in_order(folder: Folder) -> None:
    with running(folder.path) as program, program.client() as client:
        post(client, HARBOUR)

        assert program.stop() == 0

    assert folder.lock_file.read_text() == ""
    assert (folder.path / "index" / "catalogue.npz").exists()


def test_what_the_index_lost_with_the_machine_is_found_again(folder: Folder) -> None:
    index, flushed = folder.path / "index", folder.path.with_name("flushed")
    with running(folder.path) as program, program.client() as client:
        post(client, HARBOUR)
        program.stop()
    shutil.copytree(index, flushed)
    with running(folder.path) as program, program.client() as client:
        post(client, BAKERY)
    shutil.rmtree(index)
    shutil.copytree(flushed, index)
    leave_behind(folder, '{"pid": 1, "boot": "another"}')

    with running(folder.path) as program, program.client() as client:

        def found() -> list[str]:
            asked = {"q": BAKERY["title"], "mode": "keyword"}
            answer = client.get("/v1/search", params=asked).json()
            return [item["id"] for item in answer["items"]]

        eventually(found, lambda ids: ids == [BAKERY["id"]])
