"""Stories on the pages: the list, one from its beginning, and the timeline beside an article."""

import pytest

from support.archive import Library, entry_of
from support.pages import Visitor

HEADING = "//section[@class='timeline']/h2"


@pytest.fixture
def told(shelves: Library) -> Library:
    for day, name in enumerate(["closed", "waiting", "reopened"]):
        shelves.add(
            entry_of(
                id=name,
                title=f"The harbour <{name}>",
                text=f"The harbour is {name}.",
                days=day,
                section="sea",
                source="Post" if day else "Wire",
                language="en",
            )
        )
    shelves.add(entry_of(id="chess", title="Chess", text="Nine moves.", days=9))
    shelves.stories.told["harbour"] = ["closed", "waiting", "reopened"]
    shelves.stories.merged["port"] = "harbour"
    return shelves


def test_the_stories_are_listed_with_their_span_and_newest_article(
    told: Library, visitor: Visitor
) -> None:
    page = visitor.opens("/stories")

    assert page.status == 200
    assert page.words("//h1") == "Stories"
    assert page.words("//article//h2") == "The harbour <closed>"
    assert "3 articles 1 March 2026 – 3 March 2026" in page.words("//article/p[@class='kicker']")
    assert page.get("//p[@class='summary']/a/@href") == ["/articles/reopened"]


def test_the_list_holds_a_section_or_says_that_there_is_none(
    told: Library, visitor: Visitor
) -> None:
    assert visitor.opens("/stories", section="sea").words("//h1") == "Stories in sea"
    empty = visitor.opens("/stories", section="sport").words("//div[@class='nothing']")
    assert empty.startswith("No event has been told in more than one article yet.")


def test_the_list_goes_on_page_by_page(told: Library, visitor: Visitor) -> None:
    for number in range(20):
        ids = [f"note-{number}-{part}" for part in "ab"]
        told.add(*(entry_of(id=id_, title=id_, days=20 + number) for id_ in ids))
        told.stories.told[f"note-{number}"] = ids

    first = visitor.opens("/stories")
    second = visitor.opens(first.href("Next page"))

    assert len(first.all_words("//article//h2")) == 20
    assert second.all_words("//article//h2") == ["The harbour <closed>"]
    assert second.href("First page") == "/stories"


def test_a_story_is_told_from_its_first_article_to_its_newest(
    told: Library, visitor: Visitor
) -> None:
    page = visitor.opens("/stories/harbour")

    assert page.words("//h1") == "The harbour <closed>"
    assert page.get("//ol//article//h2/a/@href") == [
        f"/articles/{name}" for name in ("closed", "waiting", "reopened")
    ]


def test_a_story_that_went_into_another_leads_there(told: Library, visitor: Visitor) -> None:
    answer = visitor.client.get("/stories/port", follow_redirects=False)

    assert answer.status_code == 308
    assert answer.headers["location"] == "/stories/harbour"


def test_an_unknown_story_is_a_friendly_page(told: Library, visitor: Visitor) -> None:
    page = visitor.opens("/stories/never-was")

    assert (page.status, page.words("//h1")) == (404, "There is no such page")


def test_the_page_of_an_article_shows_its_place_in_the_story(
    told: Library, visitor: Visitor
) -> None:
    page = visitor.opens("/articles/waiting")

    assert page.words(HEADING) == "The story so far"
    assert page.all_words("//section[@class='timeline']//*[@class='title']") == [
        "The harbour <closed>",
        "The harbour <waiting>",
        "The harbour <reopened>",
    ]
    assert page.words("//li[@aria-current='page']").endswith("The harbour <waiting>")
    assert page.get("//section[@class='timeline']//a[@class='title']/@href") == [
        "/articles/closed",
        "/articles/reopened",
    ]
    assert page.href("All 3 articles of this story") == "/stories/harbour"


def test_an_article_alone_has_no_timeline(told: Library, visitor: Visitor) -> None:
    assert visitor.opens("/articles/chess").words(HEADING) == ""


def test_folded_copies_are_counted_and_lead_to_where_they_are_named(
    told: Library, visitor: Visitor
) -> None:
    for name in ("a", "b"):
        told.add(entry_of(id=name, title="Reprint", text="A walrus swam.", copy_hash="walrus"))

    page = visitor.opens("/", q="walrus")

    (count,) = [words for words in page.all_words("//p[@class='because']") if "copy" in words]
    assert count == "1 more copy"
    assert page.href("1 more copy").endswith("#copies")
