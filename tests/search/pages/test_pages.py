"""The pages: what a reader sees, and what no article can smuggle into them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from lxml import html

from backstory_search.pages import routes
from support.archive import Library, entry_of, library

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Library]:
    with library(tmp_path) as found:
        yield found


@pytest.fixture
def client(shelf: Library) -> TestClient:
    app = FastAPI()
    app.include_router(routes(shelf.reading))
    return TestClient(app)


def test_an_empty_archive_says_how_to_add_the_first_article(client: TestClient) -> None:
    page = client.get("/")

    assert page.status_code == 200
    assert "curl" in page.text


def test_the_front_page_shows_the_newest_article(shelf: Library, client: TestClient) -> None:
    shelf.add(
        entry_of(id="a", title="Bridge reopens", text="The bridge reopened on Monday morning.")
    )

    page = html.fromstring(client.get("/").content)

    assert page.xpath("//h3/a/@href") == ["/articles/a"]


def test_results_can_be_filtered_by_a_link(shelf: Library, client: TestClient) -> None:
    shelf.add(
        entry_of(id="a", title="Flood", text="The flood came at night.", section="local"),
        entry_of(
            id="b", title="Flood", text="The flood cost millions of pounds.", section="business"
        ),
    )

    page = html.fromstring(client.get("/?q=flood").content)
    narrowed = html.fromstring(client.get(page.xpath("//aside//a[bdi='local']/@href")[0]).content)

    assert len(page.xpath("//main//article")) == 2
    assert narrowed.xpath("//main//article//h2/a/@href") == ["/articles/a"]


@pytest.mark.parametrize("path", ["/", "/?q=script", "/articles/a"])
def test_nothing_an_article_says_becomes_active(
    shelf: Library, client: TestClient, path: str
) -> None:
    shelf.add(
        entry_of(
            id="a",
            title=f"script {EVIL}",
            text=f"The script said {EVIL} to everybody.\n\n{EVIL}",
            section=EVIL,
            source=EVIL,
            authors=(EVIL,),
        )
    )

    page = html.fromstring(client.get(path).content)

    assert page.xpath("//script | //svg | //img") == []
    assert page.xpath("//@*[starts-with(name(), 'on')]") == []


def test_what_a_reader_typed_is_shown_and_not_run(client: TestClient) -> None:
    page = html.fromstring(client.get("/", params={"q": EVIL}).content)

    assert set(page.xpath("//input[@name='q']/@value")) == {EVIL}
    assert page.xpath("//script | //svg") == []


def test_an_unknown_article_is_a_page_that_says_so(client: TestClient) -> None:
    page = client.get("/articles/nowhere")

    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


def test_a_deleted_article_is_gone(shelf: Library, client: TestClient) -> None:
    shelf.add(entry_of(id="a", title="Short life", text="It was here for a moment only."))
    shelf.archive.delete("a")

    assert client.get("/articles/a").status_code == 410


@pytest.mark.parametrize(("query", "status"), [("mode=psychic", 422), ("cursor=made-up", 400)])
def test_a_wrong_address_is_a_page_and_not_an_error(
    client: TestClient, query: str, status: int
) -> None:
    page = client.get(f"/?q=x&{query}")

    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")


def test_the_pages_allow_no_scripts_and_no_frames(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_the_style_sheet_is_there_and_may_be_kept(client: TestClient) -> None:
    page = html.fromstring(client.get("/").content)

    style = client.get(page.xpath("//link[@rel='stylesheet']/@href")[0])

    assert style.status_code == 200
    assert "immutable" in style.headers["cache-control"]
