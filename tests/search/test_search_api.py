"""The search API over HTTP: the shapes of its answers, and what it says to bad questions."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backstory_search.api import routes
from backstory_shared.web import add_problem_handlers
from support.archive import Library, corrected, entry_of
from support.drafts import ARTICLE, SUMMARY

SECRET_WORD = "quizzaciously"


@pytest.fixture
def client(shelves: Library) -> Iterator[TestClient]:
    shelves.add(
        entry_of(
            id="ferry-1",
            url="https://paper.example/ferry",
            summary=SUMMARY,
            section="news",
            tags=("sea",),
            authors=("Ana Reyes",),
            language="en",
            source="wire",
        ),
        entry_of(id="ferry-2", summary=SUMMARY, days=1, section="news", language="en"),
        entry_of(id="budget", title="A budget", text="Money is spent.", days=2, language="en"),
    )
    app = FastAPI()
    add_problem_handlers(app)
    app.include_router(routes(shelves.reading))
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def get(client: TestClient, path: str, **parameters: Any) -> Any:
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


# --- answers --------------------------------------------------------------------------------------


def test_an_article_is_given_in_full(client: TestClient) -> None:
    assert get(client, "/v1/articles/ferry-1") == {
        "id": "ferry-1",
        "revision": 1,
        "url": "https://paper.example/ferry",
        "title": ARTICLE.title,
        "text": ARTICLE.text,
        "boilerplate": [],
        "published_at": "2026-03-01T08:00:00Z",
        "modified_at": None,
        "accepted_at": "2026-03-01T08:00:00Z",
        "authors": ["Ana Reyes"],
        "section": "news",
        "tags": ["sea"],
        "language": "en",
        "source": "wire",
        "duplicate_of": None,
        "image_url": None,
        "metadata": {},
    }


def test_a_search_answers_with_flat_hits(client: TestClient) -> None:
    found = get(client, "/v1/search", q="night ferry", facets="section,source", source="wire")

    (hit,) = found["items"]
    assert hit.pop("score") > 0
    assert hit == {
        "id": "ferry-1",
        "url": "https://paper.example/ferry",
        "title": ARTICLE.title,
        "section": "news",
        "source": "wire",
        "language": "en",
        "published_at": "2026-03-01T08:00:00Z",
        "summary": "The night ferry is back.",
        "highlights": [],
        "folded": {"count": 0, "ids": []},
    }
    assert found["total"] == 1
    assert found["facets"] == {
        "section": [{"value": "news", "count": 1}],
        "source": [{"value": "wire", "count": 1}],
    }
    assert found["next_cursor"] is None


def test_a_hit_explains_itself_when_asked(client: TestClient) -> None:
    (hit,) = get(client, "/v1/search", q="budget", mode="keyword", explain="true")["items"]

    assert hit["explain"]["bm25"] > 0
    assert hit["explain"]["cosine"] is None
    assert hit["explain"]["closeness"] == 1


def test_pages_follow_the_cursor(client: TestClient) -> None:
    first = get(client, "/v1/search", q="ferry", limit=1)
    second = get(client, "/v1/search", q="ferry", limit=1, cursor=first["next_cursor"])

    assert {first["items"][0]["id"], second["items"][0]["id"]} == {"ferry-1", "ferry-2"}
    assert second["next_cursor"] is None


def test_the_archive_is_browsed_newest_first(client: TestClient) -> None:
    first = get(client, "/v1/articles", limit=2)
    second = get(client, "/v1/articles", limit=2, cursor=first["next_cursor"])

    assert [one["id"] for one in first["items"]] == ["budget", "ferry-2"]
    assert [one["id"] for one in second["items"]] == ["ferry-1"]
    assert "score" not in first["items"][0]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ({"from": "2026-03-02"}, {"ferry-2", "budget"}),
        ({"to": "2026-03-02"}, {"ferry-1", "ferry-2"}),
        ({"from": "2026-03-02", "to": "2026-03-02"}, {"ferry-2"}),
        ({"from": "2026-03-02T10:00:00+02:00"}, {"ferry-2", "budget"}),
        ({"from": "2026-03-02T08:00:01Z"}, {"budget"}),
        ({"to": "2026-03-02T08:00:00Z"}, {"ferry-1"}),
        ({"from": "0001-01-01", "to": "9999-12-31"}, {"ferry-1", "ferry-2", "budget"}),
    ],
)
def test_dates_may_be_days_or_moments(
    client: TestClient, span: dict[str, str], expected: set[str]
) -> None:
    assert {one["id"] for one in get(client, "/v1/articles", **span)["items"]} == expected


def test_a_summary_has_its_shape(client: TestClient) -> None:
    summary = get(client, "/v1/articles/ferry-1/summary", length="short")

    provenance = summary.pop("provenance")
    assert set(provenance) == {"revision", "model", "version", "content_hash", "made_at"}
    assert summary == {
        "id": "ferry-1",
        "revision": 1,
        "state": "ready",
        "approved": False,
        "locked": False,
        "text": "The night ferry is back.",
        "sentences": [{"text": "The night ferry is back.", "start": 0, "end": 24}],
        "method": "extractive",
        "coverage": 1.0,
        "key_points": [],
        "teaser": None,
    }


@pytest.mark.parametrize("asked", [{"sentences": 1}, {"words": 5}])
def test_a_summary_can_be_asked_for_by_sentences_and_words(
    client: TestClient, asked: dict[str, int]
) -> None:
    summary = get(client, "/v1/articles/ferry-1/summary", **asked)

    assert summary["text"] == "The night ferry is back."


def test_what_a_slip_was_taken_for_is_said_where_there_is_one(client: TestClient) -> None:
    slip = get(client, "/v1/search", q="ferrry zeppelin", mode="keyword")

    assert slip["meant"] == [{"typed": "ferrry", "words": ["ferry"]}]
    assert "meant" not in get(client, "/v1/search", q="ferry zeppelin")


def test_the_history_of_a_summary_is_a_list(client: TestClient) -> None:
    found = get(client, "/v1/articles/ferry-1/summary/history")

    assert found == {"items": [], "next_cursor": None}


def test_a_summary_that_is_not_there_is_no_error(client: TestClient, shelves: Library) -> None:
    shelves.archive.put(corrected(shelves.archive.entry("ferry-1")))

    summary = get(client, "/v1/articles/ferry-1/summary")

    assert (summary["state"], summary["text"], summary["sentences"]) == ("stale", None, [])


def test_related_by_id_and_by_address_agree(client: TestClient, shelves: Library) -> None:
    text = ARTICLE.text.replace("eleven", "twelve")
    shelves.add(entry_of(id="follow-up", text=text, language="en"))

    by_id = get(client, "/v1/articles/ferry-1/related")
    by_url = get(client, "/v1/related", url="https://paper.example/ferry?utm_source=x")

    assert by_id == by_url
    assert {one["id"] for one in by_id["items"]} == {"ferry-2", "follow-up"}
    assert set(by_id["items"][0]) >= {"score", "because", "title", "summary"}


def test_what_of_an_article_is_found_by_its_meaning_is_said(
    client: TestClient, shelves: Library
) -> None:
    assert get(client, "/v1/articles/ferry-1/embedding") == {
        "id": "ferry-1",
        "revision": 1,
        "state": "ready",
        "model": shelves.embedder.model.id,
        "passages": 1,
        "coverage": 1.0,
    }


def test_what_is_not_in_the_index_as_it_is_now_is_pending(
    client: TestClient, shelves: Library
) -> None:
    shelves.archive.put(corrected(shelves.archive.entry("ferry-1"), title="Another title"))

    found = get(client, "/v1/articles/ferry-1/embedding")

    assert (found["revision"], found["state"]) == (2, "pending")
    assert found["passages"] is found["coverage"] is None


def test_adjacent_articles_are_the_older_and_the_newer(client: TestClient) -> None:
    adjacent = get(client, "/v1/articles/ferry-2/adjacent")

    assert adjacent["previous"]["id"] == "ferry-1"
    assert adjacent["next"]["id"] == "budget"
    assert get(client, "/v1/articles/budget/adjacent")["next"] is None


def test_duplicates_are_its_copies_and_the_oldest_is_the_original(
    client: TestClient, shelves: Library
) -> None:
    shelves.add(entry_of(id="reprint", days=5, copy_hash="the words of ferry-1"))

    original = get(client, "/v1/articles/ferry-1/duplicates")
    reprint = get(client, "/v1/articles/reprint/duplicates")

    assert get(client, "/v1/articles/ferry-1")["duplicate_of"] is None
    assert get(client, "/v1/articles/reprint")["duplicate_of"] == "ferry-1"

    assert ([one["id"] for one in original["items"]], original["duplicate_of"]) == (
        ["reprint"],
        None,
    )
    assert ([one["id"] for one in reprint["items"]], reprint["duplicate_of"]) == (
        ["ferry-1"],
        "ferry-1",
    )


# --- bad questions --------------------------------------------------------------------------------

BAD_PARAMETERS = [
    ("/v1/search", "q"),
    ("/v1/search?q=", "q"),
    ("/v1/search?q=%20%09", "q"),
    (f"/v1/search?q={'x' * 10_001}", "q"),
    ("/v1/search?q=%ED%A0%80", "q"),
    ("/v1/search?q=%ff", "q"),
    ("/v1/search?q=x&section=%ff", "section"),
    ("/v1/search?q=x&limit=0", "limit"),
    ("/v1/search?q=x&limit=-1", "limit"),
    ("/v1/search?q=x&limit=1000000000", "limit"),
    ("/v1/search?q=x&limit=ten", "limit"),
    ("/v1/search?q=x&limit=1.0", "limit"),
    ("/v1/search?q=x&limit=%2B5", "limit"),
    ("/v1/search?q=x&limit=+5", "limit"),
    ("/v1/search?q=x&limit=1_0", "limit"),
    ("/v1/search?q=x&limit=%EF%BC%95", "limit"),
    ("/v1/articles/ferry-1/summary?words=50.0", "words"),
    ("/v1/articles/ferry-1/summary?sentences=%2B2", "sentences"),
    ("/v1/search?q=x&mode=psychic", "mode"),
    ("/v1/search?q=x&sort=random", "sort"),
    ("/v1/search?q=x&facets=section,colour", "facets.1"),
    ("/v1/search?q=x&colour=blue", "colour"),
    ("/v1/search?q=x&" + "&".join(f"tag=t{n}" for n in range(500)), "tag"),
    ("/v1/search?q=x&section=", "section.0"),
    ("/v1/search?q=x&from=2026-13-45", "from"),
    ("/v1/search?q=x&from=2026-05-01T10:00:00", "from"),
    ("/v1/search?q=x&to=9999999-01-01", "to"),
    ("/v1/search?q=x&to=20260501", "to"),
    ("/v1/search?q=x&to=yesterday", "to"),
    ("/v1/search?q=x&highlight=perhaps", "highlight"),
    (f"/v1/search?q=x&cursor={'x' * 2_000}", "cursor"),
    ("/v1/articles?limit=0", "limit"),
    ("/v1/articles?colour=blue", "colour"),
    ("/v1/articles/ferry-1?colour=blue", "colour"),
    ("/v1/articles/ferry-1/summary?length=epic", "length"),
    ("/v1/articles/ferry-1/summary?sentences=0", "sentences"),
    ("/v1/articles/ferry-1/summary?sentences=21", "sentences"),
    ("/v1/articles/ferry-1/summary?words=401", "words"),
    ("/v1/articles/ferry-1/summary?words=ten", "words"),
    ("/v1/articles/ferry-1/summary/history?x=1", "x"),
    ("/v1/articles/ferry-1/related?limit=101", "limit"),
    ("/v1/articles/ferry-1/adjacent?x=1", "x"),
    ("/v1/related", "url"),
    ("/v1/related?url=ferry", "url"),
    ("/v1/search?q=x&q=y", "q"),
    ("/v1/search?q=x&limit=5&limit=6", "limit"),
    ("/v1/search?q=x&mode=keyword&mode=keyword", "mode"),
    ("/v1/search?q=x&from=2026-01-01&from=2026-02-01", "from"),
    ("/v1/search?q=x&cursor=a&cursor=b", "cursor"),
    ("/v1/articles?limit=1&limit=2", "limit"),
    ("/v1/articles/ferry-1/summary?words=20&words=30", "words"),
    ("/v1/articles/ferry-1/related?limit=1&limit=2", "limit"),
    ("/v1/related?url=a&url=b", "url"),
    ("/v1/stories?section=a&section=b", "section"),
]


@pytest.mark.parametrize(("path", "pointer"), BAD_PARAMETERS)
def test_a_bad_parameter_is_named(client: TestClient, path: str, pointer: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/invalid-parameter"
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/search?q=x&mode={SECRET_WORD}",
        f"/v1/search?q=x&from={SECRET_WORD}",
        f"/v1/search?q=x&limit={SECRET_WORD}",
        f"/v1/search?q=x&cursor={SECRET_WORD}",
        f"/v1/related?url={SECRET_WORD}",
        f"/v1/articles/{SECRET_WORD}",
        f"/v1/search?q=x&{SECRET_WORD}%22%3E=1",
    ],
)
def test_the_callers_words_are_not_repeated(client: TestClient, path: str) -> None:
    answer = client.get(path)
    said = {key: value for key, value in answer.json().items() if key != "instance"}

    assert answer.status_code in (400, 404, 422)
    assert SECRET_WORD not in str(said)


def test_a_tampered_cursor_is_refused(client: TestClient) -> None:
    cursor = get(client, "/v1/search", q="ferry", limit=1)["next_cursor"]
    tampered = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")

    answer = client.get("/v1/search", params={"q": "ferry", "cursor": tampered})

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-cursor")


def test_an_expired_cursor_is_gone(client: TestClient, shelves: Library) -> None:
    cursor = get(client, "/v1/search", q="ferry", limit=1)["next_cursor"]
    shelves.clock.tick(600)

    answer = client.get("/v1/search", params={"q": "ferry", "cursor": cursor})

    assert (answer.status_code, answer.json()["type"]) == (410, "/problems/cursor-expired")


@pytest.mark.parametrize(
    "part", ["", "/summary", "/summary/history", "/related", "/adjacent", "/duplicates"]
)
def test_an_unknown_article_is_not_found_and_a_deleted_one_is_gone(
    client: TestClient, shelves: Library, part: str
) -> None:
    shelves.archive.delete("budget")

    unknown = client.get(f"/v1/articles/never-seen{part}")
    deleted = client.get(f"/v1/articles/budget{part}")

    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/not-found")
    assert (deleted.status_code, deleted.json()["type"]) == (410, "/problems/gone")


def test_related_to_an_article_not_ready_is_a_conflict(
    client: TestClient, shelves: Library
) -> None:
    shelves.archive.put(entry_of(id="new", url="https://paper.example/new"))

    for path in ("/v1/articles/new/related", "/v1/related?url=https://paper.example/new"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-ready")


def test_an_address_nobody_has_is_not_found(client: TestClient) -> None:
    assert client.get("/v1/related?url=https://paper.example/none").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["?!", "the", "\x00", "🚢", "a" * 2_000, "' OR 1=1 --", "{}", "%", "to be or not to be"],
)
def test_an_odd_query_is_answered(client: TestClient, query: str) -> None:
    assert client.get("/v1/search", params={"q": query}).status_code == 200
