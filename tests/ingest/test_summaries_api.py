"""What people do about summaries, over HTTP: write, approve, lock, disable, again, and try out."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from backstory_shared.stages import Lane, Stage
from backstory_shared.text.teaser import MAX_TEASER
from support.harbours import STORIES
from support.ingest import Newsroom, newsroom

STORY = STORIES["en"]
CANARY = "xyzzy-canary"


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with newsroom() as room:
        yield room


@pytest.fixture(scope="module")
def client(room: Newsroom) -> Iterator[httpx.Client]:
    with room.client() as client:
        yield client


def _article(client: httpx.Client, article_id: str, **changes: Any) -> None:
    article = {"id": article_id, "title": "A harbour closes", "text": STORY} | changes
    assert client.post("/v1/articles", json=article).status_code in (200, 202)


def _put(client: httpx.Client, article_id: str, **edit: Any) -> httpx.Response:
    return client.put(f"/v1/articles/{article_id}/summary", json=edit)


def test_an_editors_text_comes_back_approved_and_locked(client: httpx.Client) -> None:
    _article(client, "written")

    answer = _put(client, "written", text=" The harbour is shut.\r\nFor six weeks. ")

    said = answer.json()
    assert answer.status_code == 200
    assert said["text"] == "The harbour is shut. For six weeks."
    assert (said["state"], said["method"]) == ("ready", "editor")
    assert (said["approved"], said["locked"]) == (True, True)


def test_an_editors_sentences_that_the_article_has_lead_to_their_place(
    client: httpx.Client,
) -> None:
    _article(client, "quoted")

    said = _put(client, "quoted", text="All is shut. He gave no date for the ferries.").json()

    [sentence] = said["sentences"]
    assert STORY[sentence["start"] : sentence["end"]] == sentence["text"]


def test_what_is_not_named_stays_as_it_is(client: httpx.Client) -> None:
    _article(client, "kept")
    _put(client, "kept", text="The harbour is shut.")

    said = _put(client, "kept", locked=False).json()

    assert (said["text"], said["approved"], said["locked"]) == (
        "The harbour is shut.",
        True,
        False,
    )


def test_null_takes_the_editors_text_back(client: httpx.Client) -> None:
    _article(client, "back")
    _put(client, "back", text="The harbour is shut.")

    assert _put(client, "back", text=None).json()["state"] == "pending"


def test_a_changed_article_keeps_its_locked_text_and_says_that_it_is_stale(
    client: httpx.Client,
) -> None:
    _article(client, "stale")
    _put(client, "stale", text="The harbour is shut.")
    _article(client, "stale", text="The harbour is open again after all. Ferries sail.")

    said = _put(client, "stale", disabled=False).json()

    assert (said["state"], said["text"]) == ("stale", "The harbour is shut.")
    assert (said["revision"], said["provenance"]["revision"]) == (2, 1)


def test_a_disabled_summary_has_no_text(client: httpx.Client) -> None:
    _article(client, "off")

    said = _put(client, "off", disabled=True).json()

    assert (said["state"], said["text"], said["sentences"]) == ("disabled", None, [])


def test_again_rings_for_the_summary_alone(room: Newsroom, client: httpx.Client) -> None:
    _article(client, "again")
    room.bell.rung.clear()

    answer = client.post("/v1/articles/again/summary")

    assert (answer.status_code, answer.json()["state"]) == (202, "pending")
    assert room.bell.rung == [(Stage.SUMMARIZE, Lane.LIVE)]


@pytest.mark.parametrize(
    ("edit", "status", "type", "pointer"),
    [
        ({"text": 7}, 422, "invalid-summary", "/text"),
        ({"text": "\u200b"}, 422, "invalid-summary", "/text"),
        ({"text": CANARY + "x" * 10_000}, 422, "invalid-summary", "/text"),
        ({"approved": "yes"}, 422, "invalid-summary", "/approved"),
        ({"locked": True}, 422, "invalid-summary", "/locked"),
        ({"sumary": CANARY}, 422, "invalid-summary", "/sumary"),
        ({"text": "It is shut.", "revision": 0}, 422, "invalid-summary", "/revision"),
        ({}, 422, "invalid-summary", None),
        ({"approved": True}, 409, "not-ready", None),
        ({"text": "It is shut.", "revision": 9}, 409, "edit-conflict", None),
    ],
)
def test_a_bad_edit_is_a_problem_that_names_its_field(
    client: httpx.Client, edit: dict[str, Any], status: int, type: str, pointer: str | None
) -> None:
    _article(client, "bad")

    answer = _put(client, "bad", **edit)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{type}")
    assert [e["pointer"] for e in answer.json().get("errors", [])] == ([pointer] if pointer else [])
    assert CANARY not in answer.text


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_an_absent_article_has_no_summary_to_decide_about(
    client: httpx.Client, method: str
) -> None:
    _article(client, "withdrawn")
    client.delete("/v1/articles/withdrawn")

    def status(article_id: str) -> int:
        path = f"/v1/articles/{article_id}/summary"
        return client.request(method, path, json={"disabled": True}).status_code

    assert (status("never-was"), status("withdrawn"), status("a b")) == (404, 410, 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/articles/a/summary"),
        ("POST", "/v1/articles/a/summary"),
        ("POST", "/v1/summaries"),
    ],
)
def test_strangers_decide_nothing(room: Newsroom, method: str, path: str) -> None:
    answer = httpx.request(method, room.server.url + path, json={"text": "It is shut."})

    assert answer.status_code == 401


# --- a text that is not kept ----------------------------------------------------------------------


def _try(client: httpx.Client, **asked: Any) -> dict[str, Any]:
    answer = client.post("/v1/summaries", json={"text": STORY} | asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_text_is_summarized_and_not_kept(room: Newsroom, client: httpx.Client) -> None:
    before = dict(room.ledger.rows)

    made = _try(client, title="A harbour closes")

    assert (made["state"], made["language"], made["coverage"]) == ("ready", "en", 1.0)
    assert made["text"] == " ".join(sentence["text"] for sentence in made["sentences"])
    assert made["teaser"]["text"]
    assert room.ledger.rows == before


def test_places_are_places_in_the_text_as_it_was_sent(client: httpx.Client) -> None:
    text = f"\r\n  Cafe\u0301 news.\r\n\r\n{STORY}"

    for sentence in _try(client, text=text)["sentences"]:
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]


@pytest.mark.parametrize(
    ("asked", "sentences"),
    [({"length": "short"}, 1), ({"sentences": 2}, 2), ({"sentences": 20}, 6), ({"words": 1}, 1)],
)
def test_a_text_is_summarized_as_long_as_asked(
    client: httpx.Client, asked: dict[str, Any], sentences: int
) -> None:
    assert len(_try(client, **asked)["sentences"]) == sentences


ODD = {
    "a word": "Yes",
    "a list": "What to know:\n\n- The harbour closes on Monday in May.\n- Ferries sail at noon.",
    "quotations": "“We want a ferry in the winter too,” said Ann Poe of Harwick. " * 100,
    "a transcript": "POE: Thank you. We want a ferry.\nRAY: Nobody wants one in the winter.\n" * 9,
    "a live blog": "10.45am BST\nThe harbour is open again after six weeks.\n10.32\nCrowds gather.",
    "a table": "Team\tP\tPts\nHarwick\t10\t25\nSaltmouth\t10\t23",
    "a poem": "The sea is grey, the sea is wide,\nthe boats go out upon the tide",
    "capitals": "THE HARBOUR WILL CLOSE ON MONDAY FOR SIX WEEKS. FERRIES SAIL FROM SALTMOUTH. " * 9,
    "no marks": "the harbour will close on monday and nobody in the town knows why " * 99,
    "questions": "Will the harbour close? Who pays for the gate? When will the ferries sail?",
    "marks": "!!! ??? a ...",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
@pytest.mark.parametrize(
    "asked", [{}, {"length": "long"}, {"sentences": 5}, {"words": 9}], ids=["", "long", "5", "9w"]
)
def test_whatever_the_text_something_of_it_is_said(
    client: httpx.Client, text: str, asked: dict[str, Any]
) -> None:
    made = _try(client, text=text, language="en", **asked)

    shown = [*made["sentences"], *made["key_points"], made["teaser"]]
    assert made["sentences"]
    assert all(text[each["start"] : each["end"]] == each["text"] != "" for each in shown)
    assert len(made["teaser"]["text"]) <= MAX_TEASER
    assert len(made["sentences"]) <= asked.get("sentences", 6)


def test_a_given_language_is_believed(client: httpx.Client) -> None:
    made = _try(client, text=STORIES["de"], language="de-AT")

    assert (made["language"], made["method"]) == ("de", "extractive-6")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/text"),
        ({"text": " "}, "/text"),
        ({"text": f"{CANARY}\x00"}, "/text"),
        ({"text": "x" * (1024 * 1024 + 1)}, "/text"),
        ({"text": STORY, "length": "epic"}, "/length"),
        ({"text": STORY, "sentences": 0}, "/sentences"),
        ({"text": STORY, "words": 401}, "/words"),
        ({"text": STORY, "language": "xx"}, "/language"),
        ({"text": STORY, "title": 3}, "/title"),
        ({"text": STORY, "html": CANARY}, "/html"),
    ],
)
def test_a_text_that_cannot_be_summarized_is_a_problem_that_names_its_field(
    client: httpx.Client, body: dict[str, Any], pointer: str
) -> None:
    answer = client.post("/v1/summaries", json=body)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-summary")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert CANARY not in answer.text


def test_two_lengths_are_one_too_many(client: httpx.Client) -> None:
    answer = client.post("/v1/summaries", json={"text": STORY, "words": 20, "length": "short"})

    assert [error["pointer"] for error in answer.json()["errors"]] == ["/length", "/words"]


@pytest.mark.parametrize(
    ("content", "status"), [(b"{", 400), (b"[]", 422), (b'{"text":"a","text":"b"}', 400)]
)
def test_a_body_that_is_no_json_object_is_refused(
    client: httpx.Client, content: bytes, status: int
) -> None:
    headers = {"Content-Type": "application/json"}

    answer = client.post("/v1/summaries", content=content, headers=headers)

    assert answer.status_code == status
