"""The commands that move an archive: migrate, export, restore."""

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.commands import Shell, shell
from support.postgres import shared_server
from support.program import running
from support.stories import BAKERY, FERRIES, HARBOUR, post, wait_until_settled


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three articles in it, that no server has."""
    data = tmp_path_factory.mktemp("house") / "data"
    with running(data) as started, started.client() as client:
        post(client, HARBOUR, FERRIES, BAKERY)
        wait_until_settled(client)
    return data


@pytest.fixture
def url() -> Iterator[str]:
    made = shared_server().new_database()
    yield made
    shared_server().drop(made)


def on_postgres(url: str, data: Path) -> Shell:
    return shell(data, BACKSTORY_LEDGER_URL=url)


@pytest.mark.serial
def test_an_archive_moves_to_postgres_and_back_and_can_be_searched_again(
    house: Path, url: str, tmp_path: Path
) -> None:
    there, back = tmp_path / "there.jsonl.gz", tmp_path / "back.jsonl"
    away, new_house = on_postgres(url, tmp_path / "none"), shell(tmp_path / "new")

    assert "3 articles exported" in shell(house).run("export", str(there)).stderr
    assert "up to date" in away.run("migrate").stdout
    assert "backstory verify" in away.run("restore", str(there)).stderr
    assert "3 articles exported" in away.run("export", str(back)).stderr
    restored = new_house.run("restore", str(back))

    assert restored.returncode == 0
    assert "To be indexed again: 3." in restored.stdout
    found = json.loads(new_house.run("search", "harbour", "--json").stdout)
    assert HARBOUR["id"] in [item["id"] for item in found["items"]]
    assert (
        gzip.decompress(there.read_bytes()).splitlines()[1:-1]
        == back.read_bytes().splitlines()[1:-1]
    )


@pytest.mark.serial
def test_a_running_server_is_asked_and_goes_on(house: Path) -> None:
    with running(house) as started, started.client() as client:
        exported = shell(house).run("export", "-")

        assert client.get("/v1/stats").status_code == 200
    first, *_, last = exported.stdout.splitlines()
    assert json.loads(first)["rows"]["articles"] == 3
    assert "end" in json.loads(last)


@pytest.mark.serial
def test_a_house_that_is_lived_in_is_not_restored_into(house: Path, tmp_path: Path) -> None:
    lines = shell(house).run("export", "-").stdout

    refused = shell(house).run("restore", "-", feed=lines.encode())

    assert refused.returncode == 1
    assert "restore into an empty one" in refused.stderr


@pytest.mark.serial
def test_an_archive_that_a_server_is_using_is_not_restored_into(house: Path) -> None:
    with running(house):
        refused = shell(house).run("restore", "-")

    assert refused.returncode == 1
    assert "Another Backstory is using" in refused.stderr


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cut.jsonl.gz"
    file.write_bytes(gzip.compress(b"walrus " * 999)[:-20])

    refused = shell(tmp_path / "data").run("restore", str(file))

    assert refused.returncode == 1
    assert "not a whole gzip file" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    refused = shell(tmp_path / "data").run("restore", str(tmp_path / "none.jsonl"))

    assert refused.returncode == 1
    assert "cannot be read (No such file or directory)" in refused.stderr


def test_migrating_twice_does_no_harm(url: str, tmp_path: Path) -> None:
    away = on_postgres(url, tmp_path)

    assert away.run("migrate").returncode == 0
    assert away.run("migrate").returncode == 0


def test_migrate_needs_to_know_where(tmp_path: Path) -> None:
    refused = shell(tmp_path).run("migrate")

    assert refused.returncode == 1
    assert "Set BACKSTORY_LEDGER_URL" in refused.stderr


def test_a_ledger_that_is_not_migrated_is_told_how(url: str, tmp_path: Path) -> None:
    refused = on_postgres(url, tmp_path).run("export", "-")

    assert refused.returncode == 1
    assert "backstory migrate" in refused.stderr


def test_a_password_that_is_wrong_is_not_printed(tmp_path: Path) -> None:
    wrong = on_postgres(shared_server().url(password="walrus-7"), tmp_path).run("migrate")

    assert wrong.returncode == 1
    assert "refuses the user or the password" in wrong.stderr
    assert "walrus-7" not in wrong.stdout + wrong.stderr
    assert len(wrong.stderr.splitlines()) == 1


def test_an_export_to_a_pipe_leaves_the_pipe_in_its_place(house: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with shell(house).start("export", str(pipe)) as process:
        lines = pipe.read_bytes().splitlines()
        process.communicate()

    assert process.returncode == 0
    assert json.loads(lines[-1])
    assert pipe.is_fifo()


def test_an_export_to_a_folder_is_refused_in_a_sentence(house: Path, tmp_path: Path) -> None:
    refused = shell(house).run("export", str(tmp_path))

    assert refused.returncode != 0
    assert "cannot be written" in refused.stderr
    assert "Traceback" not in refused.stderr
