"""A person's path through the pages, in a real browser."""

import re
import shutil
from collections.abc import Iterator
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from support import patience
from support.program import SERVE, Program, running
from support.stories import eventually, wait_until_settled

pytestmark = pytest.mark.serial

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

_MILLISECONDS = patience.SECONDS * 1_000

#: The longest headline of the sample.
_LONGEST_TITLE = "parche-vacuna-gripe-2026-06-08"
_CARD = "article.card :is(h2, h3) a"


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise AssertionError("The browser test needs Chromium: sudo apt-get install chromium")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    data = tmp_path_factory.mktemp("browser") / "data"
    with running(data, arguments=(*SERVE, "--sample")) as program, program.client() as client:
        _wait_until_ready(client)
        yield program


def _wait_until_ready(client: httpx.Client) -> None:
    """And related: the stories are there only then."""
    eventually(
        lambda: client.get("/v1/stats").json()["stages"].values(),
        lambda stages: all(stage["done"] for stage in stages),
    )
    wait_until_settled(client)


@pytest.fixture
def page(program: Program) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_chromium(), args=_ARGUMENTS, timeout=_MILLISECONDS
        )
        page = browser.new_page(base_url=program.url)
        page.set_default_timeout(_MILLISECONDS)
        expect.set_options(timeout=_MILLISECONDS)
        yield page
        browser.close()


def test_a_person_searches_reads_the_summary_and_goes_on_to_a_related_article(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Search the archive").fill("homes under water after heavy rain")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("h1")).to_contain_text("articles for")

    title = _follow(page, page.locator(_CARD).first)
    summary = page.locator("details.short")
    expect(summary.locator("li").first).to_be_hidden()
    summary.get_by_text("No time to read? Get a summary").click()
    sentence = summary.locator("li a").first
    said = sentence.inner_text()
    sentence.click()
    expect(page.locator(".sentence:target")).to_contain_text(said[:30])

    page.locator(".related h3 a").first.click()
    expect(page.locator("h1")).not_to_have_text(title)


def test_a_story_is_followed_by_keyboard_from_its_list_along_its_timeline(page: Page) -> None:
    page.goto("/stories")
    story = page.locator("article.card h2 a").first
    headline = story.inner_text()
    story.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(headline)

    told = _follow(page, page.locator("article.card h2 a").first)
    expect(page.get_by_role("heading", name="The story so far")).to_be_visible()
    expect(page.locator(".timeline li[aria-current]")).to_contain_text(told)
    later = page.locator(".timeline a.title").first
    title = later.inner_text()
    later.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)


def test_previous_and_next_lead_there_and_back(page: Page) -> None:
    page.goto("/")
    title = _follow(page, page.locator(_CARD).nth(2))

    page.locator("a[rel=prev]").click()
    expect(page.locator("h1")).not_to_have_text(title)
    page.locator("a[rel=next]").click()

    expect(page.locator("h1")).to_have_text(title)


def test_a_filter_narrows_the_results_and_comes_off_again(page: Page) -> None:
    page.goto("/?q=town")
    everything = page.locator("h1").inner_text()

    page.locator(".filters .choices a", has_text="sport").click()
    expect(page.locator("h1")).not_to_have_text(everything)
    page.locator(".filters .choices a[aria-current]", has_text="sport").click()

    expect(page.locator("h1")).to_have_text(everything)


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_label("Search the archive")).to_be_focused()
    page.keyboard.type("ferry company in trouble")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("articles for")

    _tab_to(page, _CARD)
    page.keyboard.press("Enter")
    expect(page.locator("article.story")).to_be_visible()
    _tab_to(page, "details.short summary")
    page.keyboard.press("Enter")
    _tab_to(page, "details.short li a")
    page.keyboard.press("Enter")
    expect(page.locator(".sentence:target")).to_be_visible()
    _tab_to(page, ".sentence:target + .back")
    page.keyboard.press("Enter")

    expect(page.locator("details.short:target li").first).to_be_visible()


def test_the_first_stop_of_the_keyboard_leads_past_the_head(page: Page) -> None:
    page.goto("/?section=local")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.locator("main a:focus")).to_have_count(1)


@pytest.mark.parametrize("path", ["/", "/?q=flood&section=local", f"/articles/{_LONGEST_TITLE}"])
def test_nothing_sticks_out_of_a_narrow_screen(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(("scheme", "least", "most"), [("light", 200, 255), ("dark", 0, 60)])
def test_readers_get_their_colours(
    page: Page, scheme: Literal["light", "dark"], least: int, most: int
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto("/")

    background = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert all(least <= int(part) <= most for part in re.findall(r"\d+", background))


def test_no_page_asks_for_anything_it_may_not_have(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in ("/", "/?q=flood", f"/articles/{_LONGEST_TITLE}"):
        page.goto(path)

    assert complaints == []


def _follow(page: Page, link: Locator) -> str:
    """To the article that a card leads to; its headline."""
    link.click()
    page.wait_for_url("**/articles/*")
    return page.locator("h1").inner_text()


def _tab_to(page: Page, selector: str) -> None:
    """As far as the key leads, and no further than anybody would go."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"The keyboard does not reach {selector}")
