"""What everybody needs to find their way: landmarks, names, order, contrast; the style sheet."""

import re
from importlib.resources import files
from itertools import pairwise

import pytest

from support.archive import Library, entry_of
from support.drafts import SUMMARY
from support.pages import Visitor

ADDRESSES = [
    "/",
    "/?q=ferry&section=sea",
    "/?section=sea",
    "/?sort=x",
    "/articles/a",
    "/articles/no",
]


@pytest.fixture(autouse=True)
def _an_article(shelves: Library) -> None:
    shelves.add(entry_of(id="a", section="sea", summary=SUMMARY), entry_of(id="b", days=1))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_has_its_landmarks_and_a_way_past_the_head(
    visitor: Visitor, address: str
) -> None:
    page = visitor.opens(address)

    for landmark in ("//body/header", "//body/main[@id='content']", "//body/footer"):
        assert len(page.tree.xpath(landmark)) == 1
    assert len(page.tree.xpath("//form[@role='search']")) == 1
    assert page.get("(//body//a)[1]/@href") == ["#content"]
    assert page.get("/html/@lang") == ["en"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_headings_leave_out_no_level(visitor: Visitor, address: str) -> None:
    headings = visitor.opens(address).tree.xpath("//h1 | //h2 | //h3 | //h4")
    levels = [int(heading.tag[1]) for heading in headings]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_field_and_region_has_a_name(visitor: Visitor, address: str) -> None:
    page = visitor.opens(address)
    labelled = set(page.get("//label/@for"))

    assert set(page.get("//input[not(@type='hidden')]/@id")) <= labelled
    assert page.tree.xpath("//nav[not(@aria-label)] | //aside[not(@aria-label)]") == []
    assert set(page.get("//@aria-labelledby")) <= set(page.get("//@id"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_id_is_there_twice(visitor: Visitor, address: str) -> None:
    ids = visitor.opens(address).get("//@id")

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("ink", "paper"),
        ("soft", "paper"),
        ("red", "paper"),
        ("ink", "wash"),
        ("soft", "wash"),
        ("red", "wash"),
        ("mark-ink", "mark"),
        ("paper", "red"),
    ],
)
def test_words_stand_out_from_their_ground(scheme: int, front: str, back: str) -> None:
    sheet = files("backstory_search.pages").joinpath("static/backstory.css").read_text()
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", sheet.split(":root {")[1 + scheme]))

    assert contrast(colours[front], colours[back]) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, definition of contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


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
