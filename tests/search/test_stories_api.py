"""Stories, choices and proposals over HTTP: the shapes, the redirects, and bad questions."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from backstory_search.api import routes
from backstory_search.editing import routes as editing_routes
from backstory_shared.web import add_problem_handlers, key_guard
from support.archive import Library, entry_of

KEY = "opensesame"
STORM = (
    "Winds of a hundred kilometres closed the harbour of Port Ellery on Monday. "
    "Harbour master Runa Quill said that no ferry would sail before Wednesday."
)
AFTER = (
    "The ferries sail again from the harbour of Port Ellery after the winds. "
    "No damage was left, said harbour master Runa Quill, and the ferry would sail as before."
)


@pytest.fixture
def client(shelves: Library) -> Iterator[TestClient]:
    shelves.add(
        entry_of(
            id="storm", title="Storm", text=STORM, section="news", source="Post", language="en"
        ),
        entry_of(
            id="after",
            title="After",
            text=AFTER,
            days=2,
            section="sea",
            source="Wire",
            language="en",
        ),
        entry_of(id="chess", title="Chess", text="Nine moves.", days=3),
        *(
            entry_of(
                id=f"filler-{n}", title=f"Filler {n}", text=f"About pottery {n}", language="en"
            )
            for n in range(20)
        ),
    )
    shelves.stories.told["the-storm"] = ["storm", "after"]
    shelves.stories.told["the-chess"] = ["chess"]
    shelves.stories.merged["the-wind"] = "the-storm"
    app = FastAPI()
    add_problem_handlers(app)
    app.include_router(routes(shelves.reading))
    app.include_router(
        editing_routes(shelves.archive, shelves.relations, key_guard(SecretStr(KEY)))
    )
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def get(client: TestClient, path: str, **parameters: Any) -> Any:
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(answer: Any) -> list[str]:
    return [item["id"] for item in answer["items"]]


# --- stories --------------------------------------------------------------------------------------


def test_a_story_is_told_from_its_beginning(client: TestClient) -> None:
    story = get(client, "/v1/stories/the-storm")

    assert ids(story) == ["storm", "after"]
    assert story["headline"] == "Storm"
    assert (story["articles"], story["sources"]) == (2, ["Post", "Wire"])
    assert (story["first_seen"], story["last_seen"]) == (
        "2026-03-01T08:00:00Z",
        "2026-03-03T08:00:00Z",
    )


def test_stories_are_listed_without_those_of_one_article(client: TestClient) -> None:
    assert ids(get(client, "/v1/stories")) == ["the-storm"]
    assert ids(get(client, "/v1/stories", section="sea")) == ["the-storm"]
    assert ids(get(client, "/v1/stories", section="sport")) == []


def test_the_pages_of_stories_go_on(client: TestClient, shelves: Library) -> None:
    shelves.stories.told["the-pottery"] = ["filler-1", "filler-2"]

    first = get(client, "/v1/stories", limit=1)
    second = get(client, "/v1/stories", limit=1, cursor=first["next_cursor"])

    assert (ids(first), ids(second)) == (["the-storm"], ["the-pottery"])
    assert second["next_cursor"] is None


def test_a_story_that_went_into_another_leads_there(client: TestClient) -> None:
    answer = client.get("/v1/stories/the-wind", follow_redirects=False)

    assert answer.status_code == 308
    assert answer.headers["location"] == "/v1/stories/the-storm"


def test_an_empty_story_is_gone_and_an_unknown_one_not_found(
    client: TestClient, shelves: Library
) -> None:
    shelves.archive.delete("chess")

    assert client.get("/v1/stories/the-chess").status_code == 410
    assert client.get("/v1/stories/never-was").status_code == 404


# --- have we covered this? ------------------------------------------------------------------------


def test_a_draft_finds_what_was_covered(client: TestClient) -> None:
    text = "In Port Ellery harbour master Runa Quill said the ferry would not sail in such winds."

    answer = client.post("/v1/related", json={"title": "Closed", "text": text})

    assert answer.status_code == 200, answer.text
    assert set(ids(answer.json())) == {"storm", "after"}
    assert answer.json()["items"][0]["because"]["names"] == ["Port Ellery", "Runa Quill"]


def test_a_draft_about_nothing_known_finds_nothing(client: TestClient) -> None:
    answer = client.post("/v1/related", json={"text": "Umbrellas are sold out in Skerrin."})

    assert ids(answer.json()) == []


def test_what_is_liked_leads_to_more_of_it_but_not_to_itself(client: TestClient) -> None:
    answer = client.post("/v1/related", json={"liked": ["storm", "never-was"]})

    assert ids(answer.json()) == ["after"]


def test_a_copy_of_what_is_liked_is_nothing_new(client: TestClient, shelves: Library) -> None:
    shelves.add(entry_of(id="storm-again", title="Storm", text=STORM, days=1, language="en"))

    answer = client.post("/v1/related", json={"liked": ["storm", "after"]})

    assert answer.json()["items"] == []


def test_a_draft_in_an_unnamed_language_finds_no_more(client: TestClient) -> None:
    about_pots = {"text": "A potter of Norwich fires her kiln on Mondays only, says Ada Ames."}

    assert client.post("/v1/related", json=about_pots).json() == (
        client.post("/v1/related", json={**about_pots, "language": "en"}).json()
    )


def test_what_is_disliked_is_not_recommended(client: TestClient) -> None:
    answer = client.post("/v1/related", json={"liked": ["storm"], "disliked": ["after"]})

    assert ids(answer.json()) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "  "},
        {"text": "words", "liked": ["storm"]},
        {"disliked": ["storm"]},
        {"liked": ["no id/"]},
        {"text": "words", "limit": 0},
        {"text": "words", "colour": "red"},
        {"text": 3},
        {"text": "x" * 200_001},
        [],
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused(client: TestClient, body: Any) -> None:
    answer = client.post("/v1/related", json=body)

    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_half_a_character_is_refused_and_not_repeated(client: TestClient) -> None:
    answer = client.post(
        "/v1/related",
        content=b'{"text": "half a \\ud800"}',
        headers={"Content-Type": "application/json"},
    )

    assert answer.status_code == 422
    assert "half" not in answer.text


# --- the fallback ---------------------------------------------------------------------------------


def test_the_newest_fill_up_only_if_that_is_asked_for_and_say_so(client: TestClient) -> None:
    assert ids(get(client, "/v1/articles/chess/related")) == []

    filled = get(client, "/v1/articles/chess/related", fallback="latest", limit=3)

    assert len(filled["items"]) == 3
    assert {item["fallback"] for item in filled["items"]} == {True}
    assert "chess" not in ids(filled)
    assert client.get("/v1/articles/chess/related?fallback=best").status_code == 422


def test_the_newest_pass_the_filters_and_are_shown_without_copies(
    client: TestClient, shelves: Library
) -> None:
    for day, (article_id, text, language, source) in enumerate(
        [
            ("draughts", "By two.", "en", "a"),
            ("poker", "Five cards.", "en", "b"),
            ("go", "Nineteen lines.", "en", "a"),
            ("go-again", "Nineteen lines.", "en", "a"),
            ("skat", "Zu dritt.", "de", "a"),
        ]
    ):
        shelves.add(
            entry_of(
                id=article_id,
                title=text,
                text=text,
                days=day,
                section="games",
                language=language,
                source=source,
            )
        )

    filled = ids(get(client, "/v1/articles/draughts/related", fallback="latest"))
    german = ids(get(client, "/v1/articles/draughts/related", fallback="latest", language="de"))
    of_x = ids(get(client, "/v1/articles/draughts/related", fallback="latest", source="b"))

    assert filled == ["go-again", "poker"]
    assert (german, of_x) == (["skat"], ["poker"])


# --- choices --------------------------------------------------------------------------------------


def choose(client: TestClient, article_id: str, body: Any) -> Any:
    path = f"/v1/articles/{article_id}/related/choices"
    return client.put(path, json=body, headers={"Authorization": f"Bearer {KEY}"})


def test_a_pin_comes_first_and_a_block_is_gone(client: TestClient) -> None:
    answer = choose(client, "storm", {"pinned": ["chess"], "blocked": ["after"]})

    assert answer.json() == {"pinned": ["chess"], "blocked": ["after"]}
    items = get(client, "/v1/articles/storm/related")["items"]
    assert [(item["id"], item["pinned"]) for item in items] == [("chess", True)]


def test_a_choice_is_about_the_copies_too(client: TestClient, shelves: Library) -> None:
    shelves.add(entry_of(id="after-again", title="After", text=AFTER, days=2, language="en"))

    choose(client, "storm", {"blocked": ["after"]})
    assert ids(get(client, "/v1/articles/storm/related")) == []

    choose(client, "storm", {"pinned": ["after"]})
    assert ids(get(client, "/v1/articles/storm/related")) == ["after"]


def test_a_copy_that_was_pinned_before_it_became_one_is_not_shown(
    client: TestClient, shelves: Library
) -> None:
    shelves.relations.choose("storm", ["storm-again", "chess"], [])
    shelves.add(entry_of(id="storm-again", title="Storm", text=STORM, days=1, language="en"))

    assert ids(get(client, "/v1/articles/storm/related")) == ["chess", "after"]
    assert "/pinned/0" in choose(client, "storm", {"pinned": ["storm-again"]}).text


def test_choices_are_taken_back_by_empty_ones(client: TestClient) -> None:
    choose(client, "storm", {"pinned": ["chess"], "blocked": ["after"]})

    choose(client, "storm", {})

    assert ids(get(client, "/v1/articles/storm/related")) == ["after"]


def test_choosing_needs_the_key(client: TestClient) -> None:
    answer = client.put("/v1/articles/storm/related/choices", json={"pinned": ["chess"]})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"pinned": ["never-was"]}, "/pinned/0"),
        ({"pinned": ["storm"]}, "/pinned/0"),
        ({"blocked": ["storm"]}, "/blocked/0"),
        ({"pinned": ["after"], "blocked": ["after"]}, "/blocked/0"),
    ],
)
def test_a_choice_that_makes_no_sense_names_the_field(
    client: TestClient, body: Any, field: str
) -> None:
    answer = choose(client, "storm", body)

    assert answer.status_code == 422
    assert field in answer.text


def test_nothing_is_chosen_for_an_unknown_article(client: TestClient) -> None:
    assert choose(client, "never-was", {"blocked": ["after"]}).status_code == 404


# --- because --------------------------------------------------------------------------------------


def test_two_articles_are_as_many_days_apart_from_either_side(
    client: TestClient, shelves: Library
) -> None:
    shelves.add(
        entry_of(
            id="early", title="Storm ends", text=AFTER + " So it did.", days=0.9, language="en"
        )
    )
    between = {
        one: {
            item["id"]: item["because"]["days"]
            for item in get(client, f"/v1/articles/{one}/related")["items"]
        }
        for one in ("storm", "early")
    }

    assert between["storm"]["early"] == -between["early"]["storm"]


def test_a_relation_says_why_and_how_far_apart(client: TestClient) -> None:
    (item,) = get(client, "/v1/articles/storm/related")["items"]

    assert item["because"] == {
        "names": ["Port Ellery", "Runa Quill"],
        "same_story": True,
        "days": 2,
    }
    assert item["folded"] == {"count": 0, "ids": []}
