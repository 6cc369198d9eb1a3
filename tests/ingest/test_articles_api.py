"""One article at a time: sent, changed, deleted, followed and tried again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from backstory_shared.stages import FIRST_STAGES, Lane, Reason, Stage
from support.ingest import Newsroom, newsroom

ARTICLE: dict[str, Any] = {"title": "A bridge opens", "text": "It opened on Monday."}


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with newsroom() as room:
        yield room


@pytest.fixture(scope="module")
def client(room: Newsroom) -> Iterator[httpx.Client]:
    with room.client() as client:
        yield client


def _post(client: httpx.Client, **changes: Any) -> httpx.Response:
    return client.post("/v1/articles", json=ARTICLE | changes)


def test_a_new_article_is_accepted_with_its_links(client: httpx.Client) -> None:
    answer = _post(client, id="new")

    assert answer.status_code == 202
    assert answer.json() == {
        "id": "new",
        "revision": 1,
        "status": "accepted",
        "outcome": "created",
        "links": {
            "self": "/v1/articles/new",
            "status": "/v1/articles/new/status",
            "summary": "/v1/articles/new/summary",
            "related": "/v1/articles/new/related",
        },
    }


def test_an_article_sent_twice_is_unchanged(client: httpx.Client) -> None:
    _post(client, id="twice")

    answer = _post(client, id="twice")

    assert (answer.status_code, answer.json()["outcome"]) == (200, "unchanged")


def test_a_changed_article_is_a_new_revision(client: httpx.Client) -> None:
    _post(client, id="changed")

    answer = _post(client, id="changed", text="It opened on Tuesday.")

    assert (answer.status_code, answer.json()["outcome"]) == (202, "updated")
    assert answer.json()["revision"] == 2


def test_an_older_article_changes_nothing(client: httpx.Client) -> None:
    _post(client, id="old", modified_at="2026-11-02T00:00:00Z")

    answer = _post(client, id="old", text="Earlier.", modified_at="2026-11-01T00:00:00Z")

    assert (answer.status_code, answer.json()["outcome"]) == (200, "outdated")


def test_two_spellings_of_an_address_are_one_article(client: httpx.Client) -> None:
    first = _post(client, url="https://Example.org/bridge?utm_source=x")
    second = _post(client, url="https://example.org/bridge", title="Another")

    assert first.json()["id"] == second.json()["id"]


def test_put_takes_the_id_from_the_path(client: httpx.Client) -> None:
    answer = client.put("/v1/articles/by:path~1", json=ARTICLE)

    assert (answer.status_code, answer.json()["id"]) == (202, "by:path~1")


def test_a_page_is_read_for_its_text(client: httpx.Client, room: Newsroom) -> None:
    page = (
        "<html><head><title>Kerb gets a bridge</title></head><body><article>"
        + "<p>The bridge over the Kerb opened on Monday, after nine years of work.</p>" * 5
        + "</article></body></html>"
    )

    answer = client.post("/v1/articles", json={"id": "page", "html": page})

    assert answer.status_code == 202
    assert "opened on Monday" in room.ledger.text_of("page")


def test_a_page_without_an_article_is_refused(client: httpx.Client) -> None:
    answer = client.post("/v1/articles", json={"title": "x", "html": "<html></html>"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/html"


def test_an_accepted_article_rings_for_its_first_stages_in_the_live_lane() -> None:
    with newsroom() as room, room.client() as client:
        _post(client, id="ring")

        assert set(room.bell.rung) == {(stage, Lane.LIVE) for stage in FIRST_STAGES}
        assert set(room.bell.hints) == {"ring"}


def test_an_unchanged_article_rings_for_nobody() -> None:
    with newsroom() as room, room.client() as client:
        _post(client, id="ring")
        room.bell.rung.clear()

        _post(client, id="ring")

        assert room.bell.rung == []


def test_an_article_carries_the_id_of_its_request(client: httpx.Client, room: Newsroom) -> None:
    client.post("/v1/articles", json=ARTICLE | {"id": "cid"}, headers={"X-Request-ID": "order-66"})

    (submission,) = [s for s in room.ledger.submissions if s.draft.article.id == "cid"]
    assert submission.correlation_id == "order-66"


def test_articles_sent_at_once_are_all_kept(room: Newsroom, client: httpx.Client) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: _post(client, id=f"many-{n}"), range(64)))

    assert {answer.status_code for answer in answers} == {202}
    assert sum(i.startswith("many-") for i in room.ledger.rows) == 64


def test_a_deleted_article_says_so(client: httpx.Client) -> None:
    _post(client, id="dead")

    answer = client.delete("/v1/articles/dead")

    assert answer.json() == {"id": "dead", "revision": 2, "status": "deleted"}
    assert client.get("/v1/articles/dead/status").json()["status"] == "deleted"


def test_deleting_twice_is_deleting_once(client: httpx.Client) -> None:
    _post(client, id="dead-twice")
    client.delete("/v1/articles/dead-twice")

    assert client.delete("/v1/articles/dead-twice").json()["revision"] == 2


def test_what_never_was_cannot_be_deleted_followed_or_tried_again(client: httpx.Client) -> None:
    answers = [
        client.delete("/v1/articles/never"),
        client.get("/v1/articles/never/status"),
        client.post("/v1/articles/never/retry"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_a_deleted_article_is_not_tried_again(client: httpx.Client) -> None:
    _post(client, id="dead-retry")
    client.delete("/v1/articles/dead-retry")

    assert client.post("/v1/articles/dead-retry/retry").status_code == 410


def test_a_failed_article_says_why_and_can_be_tried_again() -> None:
    with newsroom() as room, room.client() as client:
        _post(client, id="bad")
        room.ledger.break_stage("bad", Stage.INDEX, Reason(type="stage-failed", detail="No."))
        failed = client.get("/v1/articles/bad/status").json()

        answer = client.post("/v1/articles/bad/retry")

        assert failed["status"] == "failed"
        assert failed["stages"][1]["error"] == {"type": "stage-failed", "detail": "No."}
        assert (answer.status_code, answer.json()) == (202, {"retried": 1})
        assert client.get("/v1/articles/bad/status").json()["status"] == "accepted"


def test_failures_come_in_pages() -> None:
    with newsroom() as room, room.client() as client:
        for name in ("a", "b", "c"):
            _post(client, id=name)
            room.ledger.break_stage(name, Stage.INDEX, Reason(type="x", detail="No."))

        first = client.get("/v1/failures", params={"limit": 2}).json()
        second = client.get("/v1/failures", params={"cursor": first["next_cursor"]}).json()

        assert [item["id"] for item in first["items"]] == ["a", "b"]
        assert [item["id"] for item in second["items"]] == ["c"]
        assert second["next_cursor"] is None


def test_all_failures_are_tried_again_at_once() -> None:
    with newsroom() as room, room.client() as client:
        for name in ("a", "b"):
            _post(client, id=name)
            room.ledger.break_stage(name, Stage.INDEX, Reason(type="x", detail="No."))

        assert client.post("/v1/failures/retry").json() == {"retried": 2}
        assert client.get("/v1/failures").json()["items"] == []


def test_stats_count_articles_and_stages() -> None:
    with newsroom() as room, room.client() as client:
        _post(client, id="a")

        stats = client.get("/v1/stats").json()

        assert stats["articles"] == {"accepted": 1}
        assert stats["stages"]["index"] == {"pending": 1}
        assert stats["oldest_pending_at"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/articles"),
        ("POST", "/v1/articles/bulk"),
        ("PUT", "/v1/articles/a"),
        ("DELETE", "/v1/articles/a"),
        ("POST", "/v1/articles/a/retry"),
        ("POST", "/v1/failures/retry"),
    ],
)
def test_whatever_writes_needs_the_key(room: Newsroom, method: str, path: str) -> None:
    answer = httpx.request(method, f"{room.server.url}{path}", json=ARTICLE)

    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/v1/stats", "/v1/failures"])
def test_whatever_reads_needs_no_key(room: Newsroom, path: str) -> None:
    assert httpx.get(f"{room.server.url}{path}").status_code == 200


def test_the_api_describes_an_article(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]

    body = paths["/v1/articles"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"title", "text", "html", "published_at"} <= set(body["properties"])
