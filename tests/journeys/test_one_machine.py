"""The user's story on one machine, over HTTP, against the program as it runs at home."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import httpx
import pytest

from support.program import Program, running
from support.stories import (
    BAKERY,
    DOOMED,
    FERRIES,
    HARBOUR,
    REPRINT,
    as_lines,
    eventually,
    get,
    ids,
    numbered,
    post,
    wait_until_ready,
    wait_until_settled,
)

Json = dict[str, Any]
MODES = ("hybrid", "semantic", "keyword")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(
        tmp_path_factory.mktemp("one-machine") / "data",
        environment={"BACKSTORY_LOG_FORMAT": "json"},
    ) as started:
        yield started


@pytest.fixture(scope="module")
def client(program: Program) -> Iterator[httpx.Client]:
    """A client of an archive that has four articles on two stories."""
    with program.client() as opened:
        post(opened, HARBOUR, REPRINT, FERRIES, BAKERY)
        wait_until_settled(opened)
        yield opened


# --- what follows from a post ---------------------------------------------------------------------


def test_a_posted_article_is_accepted_and_becomes_ready(client: httpx.Client) -> None:
    answer = client.post("/v1/articles", json={**BAKERY, "id": "posted"})

    assert answer.status_code == 202
    assert answer.json()["id"] == "posted"
    assert answer.json()["outcome"] == "created"
    stages = wait_until_ready(client, "posted")["stages"]
    assert {stage["name"]: stage["state"] for stage in stages} == {
        "summarize": "done",
        "index": "done",
    } | {"relate": ANY}


@pytest.mark.parametrize("length", ["short", "medium", "long"])
def test_a_summary_is_made_of_the_articles_own_sentences(client: httpx.Client, length: str) -> None:
    text = get(client, "/v1/articles/harbour")["text"]

    summary = get(client, "/v1/articles/harbour/summary", length=length)

    assert summary["state"] == "ready"
    assert summary["sentences"]
    for sentence in summary["sentences"]:
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]


def test_offsets_count_characters_not_bytes(client: httpx.Client) -> None:
    text = "Das Café öffnet früh 🥐. Die Straße bleibt länger gesperrt. Später kommt der Zug."
    post(client, {"id": "cafe", "title": "Café an der Straße", "text": text})

    summary = get(client, "/v1/articles/cafe/summary", length="long")

    for sentence in summary["sentences"]:
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]


@pytest.mark.parametrize("mode", MODES)
def test_a_ready_article_is_found_in_every_mode(client: httpx.Client, mode: str) -> None:
    found = get(client, "/v1/search", q="prize for rye bread", mode=mode)

    assert "bakery" in ids(found)[:2]


def test_search_can_be_narrowed_to_a_section(client: httpx.Client) -> None:
    found = get(client, "/v1/search", q="harbour ferry bread", section="local")

    assert set(ids(found)) >= {"harbour", "ferries"}
    assert "bakery" not in ids(found)


def test_related_is_the_same_story_but_neither_itself_nor_a_copy(client: httpx.Client) -> None:
    found = get(client, "/v1/articles/harbour/related")

    assert "ferries" in ids(found)
    assert {"harbour", "harbour-reprint", "bakery"}.isdisjoint(ids(found))


def test_a_copy_is_named_as_a_duplicate(client: httpx.Client) -> None:
    assert ids(get(client, "/v1/articles/harbour/duplicates")) == ["harbour-reprint"]


def test_the_neighbours_of_an_article_are_those_beside_it_in_time(client: httpx.Client) -> None:
    adjacent = get(client, "/v1/articles/ferries/adjacent")

    assert adjacent["previous"]["id"] in ("harbour", "harbour-reprint")
    assert adjacent["next"]["section"] == "food"


# --- changes --------------------------------------------------------------------------------------


def test_the_same_article_again_is_no_new_work(client: httpx.Client) -> None:
    again = client.post("/v1/articles", json=HARBOUR)

    assert again.status_code == 200
    assert (again.json()["outcome"], again.json()["revision"]) == ("unchanged", 1)


def test_an_update_never_shows_the_summary_of_the_old_text(client: httpx.Client) -> None:
    post(client, {**BAKERY, "id": "changing"})
    new_text = "Everything was different after all. The prize went to a fishmonger instead."

    updated = client.put("/v1/articles/changing", json={"title": "A correction", "text": new_text})
    seen = eventually(lambda: _all_seen(client, new_text), lambda summary: summary["sentences"])

    assert (updated.status_code, updated.json()["revision"]) == (202, 2)
    assert (seen["revision"], seen["state"]) == (2, "ready")


def _all_seen(client: httpx.Client, text: str) -> Json:
    """The summary, whatever its state: what it shows is of the current text."""
    summary = get(client, "/v1/articles/changing/summary")
    assert all(sentence["text"] in text for sentence in summary["sentences"])
    assert summary["state"] in ("stale", "pending", "ready")
    return summary


def test_an_updated_article_is_found_by_its_new_words_only(client: httpx.Client) -> None:
    post(client, {"id": "renamed", "title": "Zebra crossing", "text": "A zebra crossed the road."})
    post(client, {"id": "renamed", "title": "Giraffe", "text": "A giraffe crossed the road."})

    assert "renamed" in ids(get(client, "/v1/search", q="giraffe", mode="keyword"))
    assert "renamed" not in ids(get(client, "/v1/search", q="zebra", mode="keyword"))


def test_a_deleted_article_is_gone_from_everywhere_at_once(client: httpx.Client) -> None:
    post(client, DOOMED)
    wait_until_settled(client)
    assert "doomed" in ids(get(client, "/v1/articles/harbour/related", limit=20))

    assert client.delete("/v1/articles/doomed").status_code == 200

    for mode in MODES:
        assert "doomed" not in ids(get(client, "/v1/search", q="ferry passengers", mode=mode))
    assert "doomed" not in ids(get(client, "/v1/articles/harbour/related", limit=20))
    assert "doomed" not in ids(get(client, "/v1/articles", limit=100))
    for part in ("", "/summary", "/embedding", "/related", "/adjacent", "/duplicates"):
        assert client.get(f"/v1/articles/doomed{part}").status_code == 410
    assert get(client, "/v1/articles/doomed/status")["status"] == "deleted"


def test_a_deleted_article_can_be_posted_again(client: httpx.Client) -> None:
    article = {"id": "phoenix", "title": "The phoenix", "text": "The phoenix rose again at dawn."}
    post(client, article)
    tombstone = client.delete("/v1/articles/phoenix").json()

    again = client.post("/v1/articles", json=article)
    wait_until_ready(client, "phoenix")

    assert again.json()["outcome"] == "created"
    assert again.json()["revision"] == tombstone["revision"] + 1
    assert ids(get(client, "/v1/search", q="phoenix", mode="keyword")) == ["phoenix"]


# --- many at once, and following along ------------------------------------------------------------


def test_a_bulk_of_articles_is_answered_line_by_line_and_becomes_ready(
    client: httpx.Client,
) -> None:
    lines = as_lines(numbered(300))

    answer = client.post(
        "/v1/articles/bulk", content=lines, headers={"Content-Type": "application/x-ndjson"}
    )
    wait_until_settled(client)

    results = [json.loads(line) for line in answer.text.splitlines()]
    assert [result["line"] for result in results] == list(range(1, 301))
    assert {result["status"] for result in results} == {202}
    assert get(client, "/v1/search", q="council note", mode="keyword")["total"] == 300
    assert get(client, "/v1/failures")["items"] == []


def test_the_events_tell_the_whole_story_in_order(client: httpx.Client) -> None:
    wait_until_settled(client)
    before = get(client, "/v1/stats")["last_event"]
    post(client, {**BAKERY, "id": "eventful"})
    client.delete("/v1/articles/eventful")

    told = _events(client, after=before, until="article.deleted")

    assert {event["id"] for event in told} == {"eventful"}
    types = [event["type"].removeprefix("article.") for event in told]
    assert types[0] == "accepted"
    assert sorted(types[1:3]) == ["indexed", "summarized"]
    assert types[3] == "ready"
    # Relating goes on behind: the deletion comes before it or after it.
    assert [one for one in types[4:] if one != "related"] == ["deleted"]


def _events(client: httpx.Client, *, after: int, until: str) -> list[Json]:
    told: list[Json] = []
    headers = {"Last-Event-ID": str(after)}
    with client.stream("GET", "/v1/events", headers=headers) as stream:
        for line in stream.iter_lines():
            if line.startswith("data:"):
                told.append(json.loads(line.removeprefix("data:")))
                if told[-1]["type"] == until:
                    break
    return told


# --- running it -----------------------------------------------------------------------------------


def test_the_id_of_a_request_is_in_the_log_of_its_stages(
    client: httpx.Client, program: Program
) -> None:
    headers = {"X-Request-ID": "desk-4711"}
    answer = client.post("/v1/articles", json={**BAKERY, "id": "traced"}, headers=headers)
    wait_until_ready(client, "traced")

    lines = eventually(lambda: _stage_lines(program, "traced"), lambda found: len(found) == 2)

    assert answer.headers["X-Request-ID"] == "desk-4711"
    assert {line["stage"] for line in lines} == {"summarize", "index"}
    assert {line["correlation_id"] for line in lines} == {"desk-4711"}


def _stage_lines(program: Program, article_id: str) -> list[Json]:
    lines = [json.loads(line) for line in _json_lines(program)]
    return [
        line for line in lines if line["event"] == "stage_done" and line["article_id"] == article_id
    ]


def _json_lines(program: Program) -> list[str]:
    """Whole lines only; the greeting for people stands between them."""
    return [line for line in program.log.read_text().split("\n")[:-1] if line.startswith("{")]


def test_the_program_says_how_it_is(client: httpx.Client) -> None:
    assert get(client, "/livez") == {"status": "alive"}
    assert get(client, "/readyz")["status"] == "ready"
    assert get(client, "/version")["name"] == "backstory"


def test_the_metrics_count_the_articles(client: httpx.Client) -> None:
    ready = get(client, "/v1/stats")["articles"]["ready"]

    metrics = client.get("/metrics").text

    assert f'backstory_articles{{status="ready"}} {ready}.0\n' in metrics


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_restart_keeps_everything(tmp_path: Path, how: str) -> None:
    with running(tmp_path / "data") as program, program.client() as client:
        post(client, HARBOUR, FERRIES)
        wait_until_settled(client)
        before = _answers(client)
        getattr(program, how)()

    with running(tmp_path / "data") as program, program.client() as client:
        after = _answers(client)

    assert after == before


def _answers(client: httpx.Client) -> list[Json]:
    return [
        get(client, "/v1/articles/harbour"),
        get(client, "/v1/articles/harbour/summary"),
        get(client, "/v1/articles/harbour/related"),
        get(client, "/v1/search", q="sea gate"),
        get(client, "/v1/stats"),
    ]
