"""A disk that fills up: said before it is full, and nothing is lost while it is."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from backstory_shared.errors import StorageFull
from backstory_shared.settings import Web, Work
from backstory_standalone.disk import Disk
from backstory_standalone.folder import Folder
from backstory_standalone.main import standalone
from support.stories import Json, eventually, wait_until_ready

LITTLE, MORE_THAN_ANY_DISK = 2**20, 2**80


@contextmanager
def program(data: Path, reserve: int) -> Iterator[TestClient]:
    """Over a data folder on a disk that is full once it has less left than `reserve`."""
    data.mkdir(exist_ok=True)
    with (
        standalone(
            Folder(data), False, Web(), Work(workers=1), stopping=lambda: False, reserve=reserve
        ) as app,
        TestClient(app, base_url="http://127.0.0.1") as client,
    ):
        yield client


def story(article_id: str) -> Json:
    title = f"The ferry {article_id} noon"
    return {"id": article_id, "title": title, "text": f"{title} was late. Nobody knew why."}


def figures(client: TestClient) -> dict[str, float]:
    found = re.findall(r"^backstory_disk_(\w+)_bytes (\S+)$", client.get("/metrics").text, re.M)
    return {name: float(value) for name, value in found}


def test_with_room_on_the_disk_nothing_is_degraded(tmp_path: Path) -> None:
    with program(tmp_path / "data", LITTLE) as client:
        assert client.get("/readyz").json()["degraded"] == []
        told = figures(client)

    assert told["reserve"] == LITTLE
    assert 0 < told["free"] <= shutil.disk_usage(tmp_path).total


def test_a_full_disk_is_told_and_what_is_accepted_waits_until_there_is_room(
    tmp_path: Path,
) -> None:
    with program(tmp_path / "data", LITTLE) as client:
        client.post("/v1/articles", json=story("before")).raise_for_status()
        wait_until_ready(client, "before")

    with program(tmp_path / "data", MORE_THAN_ANY_DISK) as client:
        assert client.post("/v1/articles", json=story("waiting")).status_code == 202
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["degraded"]) == (200, ["disk"])
        assert client.get("/v1/search", params={"q": "before"}).json()["total"] == 1
        eventually(
            lambda: client.get("/v1/articles/waiting/status").json()["stages"],
            lambda stages: {one["name"]: one["state"] for one in stages}["summarize"] == "done",
        )
        assert client.get("/v1/articles/waiting/status").json()["status"] == "accepted"

    with program(tmp_path / "data", LITTLE) as client:
        wait_until_ready(client, "waiting")


def test_it_is_told_before_the_index_takes_no_more(tmp_path: Path) -> None:
    left = shutil.disk_usage(tmp_path).free

    with pytest.raises(StorageFull):
        Disk(tmp_path, reserve=left // 2).expect_room()
    Disk(tmp_path, reserve=left // 100).expect_room()
