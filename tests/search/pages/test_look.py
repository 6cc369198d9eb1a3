"""What everybody needs to find their way: landmarks, names, order; the style sheet."""

from itertools import pairwise

import pytest

from support.archive import Library, entry_of
from support.drafts import SUMMARY
from support.pages import Sheet, Visitor

ADDRESSES = [
    "/",
    "/?q=ferry&section=sea",
    "/?section=sea",
    "/?sort=x",
    "/articles/a",
    "/articles/no",
]


@pytest.fixture
def pages(shelves: Library, visitor: Visitor) -> list[Sheet]:
    """One page of every kind."""
    shelves.add(entry_of(id="a", section="sea", summary=SUMMARY), entry_of(id="b", days=1))
    return [visitor.opens(address) for address in ADDRESSES]


def test_every_page_has_its_landmarks_and_a_way_past_the_head(pages: list[Sheet]) -> None:
    for page in pages:
        landmarks = "//body/header | //body/main[@id='content'] | //body/footer"
        assert len(page.tree.xpath(landmarks)) == 3
        assert len(page.tree.xpath("//form[@role='search']")) == 1
        assert page.get("(//body//a)[1]/@href") == ["#content"]
        assert page.get("/html/@lang") == ["en"]


def test_headings_leave_out_no_level(pages: list[Sheet]) -> None:
    for page in pages:
        headings = page.tree.xpath("//h1 | //h2 | //h3 | //h4")
        levels = [int(heading.tag[1]) for heading in headings]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_field_and_region_has_a_name(pages: list[Sheet]) -> None:
    for page in pages:
        labelled = set(page.get("//label/@for"))
        assert set(page.get("//input[not(@type='hidden')]/@id")) <= labelled
        assert page.tree.xpath("//nav[not(@aria-label)] | //aside[not(@aria-label)]") == []
        assert set(page.get("//@aria-labelledby")) <= set(page.get("//@id"))


def test_no_id_is_there_twice(pages: list[Sheet]) -> None:
    for page in pages:
        ids = page.get("//@id")
        assert len(ids) == len(set(ids))


def test_a_style_sheet_at_its_own_address_is_kept_for_good(visitor: Visitor) -> None:
    address = visitor.opens("/").get("//link[@rel='stylesheet']/@href")[0]

    answer = visitor.client.get(address)

    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]


def test_a_style_sheet_of_another_version_is_not_kept(visitor: Visitor) -> None:
    answer = visitor.client.get("/static/backstory.css?v=yesterday")

    assert answer.status_code == 200
    assert "immutable" not in answer.headers["cache-control"]


def test_only_our_own_files_are_served(visitor: Visitor) -> None:
    assert visitor.client.get("/static/..%2Froutes.py").status_code == 404
    assert visitor.client.get("/static/routes.py").status_code == 404
