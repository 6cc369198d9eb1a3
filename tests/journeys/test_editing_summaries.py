"""An editor and a summary, over HTTP, against the program as it runs at home."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from support.harbours import STORIES
from support.program import Program, running
from support.stories import eventually, post, wait_until_ready, wait_until_settled

Json = dict[str, Any]
HAND = "No ferries from Port Ellery until the sea gate has been replaced."


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("editing") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def client(program: Program) -> Iterator[httpx.Client]:
    with program.client() as opened:
        yield opened


def _sent(client: httpx.Client, article_id: str, **changes: str) -> None:
    article = {"id": article_id, "title": "Harbour to close", "text": STORIES["en"]} | changes
    post(client, article)


def _summary(client: httpx.Client, article_id: str, **asked: Any) -> Json:
    answer = client.get(f"/v1/articles/{article_id}/summary", params=asked)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def _decide(client: httpx.Client, article_id: str, **edit: Any) -> Json:
    answer = client.put(f"/v1/articles/{article_id}/summary", json=edit)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def _listed(client: httpx.Client, article_id: str) -> str | None:
    items = client.get("/v1/articles").json()["items"]
    summary: str | None = next(item["summary"] for item in items if item["id"] == article_id)
    return summary


def test_an_editors_summary_is_shown_everywhere_and_stays(client: httpx.Client) -> None:
    _sent(client, "locked")

    _decide(client, "locked", text=HAND)
    client.post("/v1/articles/locked/summary")
    wait_until_ready(client, "locked")

    summary = _summary(client, "locked")
    assert (summary["text"], summary["state"], summary["locked"]) == (HAND, "ready", True)
    assert _listed(client, "locked") == HAND
    assert HAND in client.get("/articles/locked").text


def test_when_the_article_changes_everybody_is_told(client: httpx.Client) -> None:
    _sent(client, "changed")
    _decide(client, "changed", text=HAND)

    _sent(client, "changed", text="The ferries of Port Ellery sail again from Monday at noon.")

    summary = _summary(client, "changed")
    assert (summary["state"], summary["text"], summary["approved"]) == ("stale", HAND, False)
    assert "The article has changed since" in client.get("/articles/changed").text


def test_approved_disabled_and_back_again(client: httpx.Client) -> None:
    _sent(client, "desk")
    made = _summary(client, "desk")["text"]

    assert _decide(client, "desk", approved=True)["approved"]
    assert _decide(client, "desk", disabled=True)["text"] is None
    assert _listed(client, "desk") is None
    assert _decide(client, "desk", disabled=False)["text"] == made

    told = client.get("/v1/articles/desk/summary/history").json()["items"]
    assert [act["act"] for act in told] == ["enabled", "disabled", "approved", "made"]
    assert told[-1]["text"] == made


def test_again_makes_it_again(client: httpx.Client) -> None:
    _sent(client, "again")
    before = _summary(client, "again")

    assert client.post("/v1/articles/again/summary").status_code == 202

    after = eventually(
        lambda: _summary(client, "again"),
        lambda found: found["provenance"]["made_at"] != before["provenance"]["made_at"],
    )
    assert after["text"] == before["text"]


def test_any_length_is_read_and_not_computed(client: httpx.Client) -> None:
    _sent(client, "lengths")

    assert len(_summary(client, "lengths", sentences=1)["sentences"]) == 1
    assert len(_summary(client, "lengths", sentences=4)["sentences"]) == 4
    assert len(_summary(client, "lengths", words=30)["text"].split()) <= 30
    said = _summary(client, "lengths")
    assert len(said["key_points"]) == 3
    assert said["teaser"]["text"] in STORIES["en"]
    assert said["provenance"]["model"] == "backstory-ranker"


def test_a_text_is_summarized_by_a_worker_and_leaves_nothing_behind(client: httpx.Client) -> None:
    wait_until_settled(client)
    before = client.get("/v1/stats").json()["last_event"]

    made = client.post("/v1/summaries", json={"text": STORIES["fr"], "sentences": 1}).json()

    assert made["language"] == "fr"
    assert made["text"].startswith("Le port de Port-Lanvé")
    assert client.get("/v1/stats").json()["last_event"] == before


def test_the_routes_are_described(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]

    assert set(paths["/v1/articles/{article_id}/summary"]) == {"get", "put", "post"}
    assert "requestBody" in paths["/v1/articles/{article_id}/summary"]["put"]
    assert "requestBody" in paths["/v1/summaries"]["post"]
