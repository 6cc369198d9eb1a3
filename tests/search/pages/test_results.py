"""The list of results: its address says everything, and every choice is a link."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from backstory_search.schemas import HighlightOut
from backstory_shared.articles import Span
from backstory_shared.summaries import Summary
from support.archive import Library, entry_of
from support.drafts import SUMMARY
from support.pages import Sheet, Visitor, visiting


@pytest.fixture(autouse=True)
def _three_ferries(shelves: Library) -> None:
    shelves.add(
        entry_of(id="a", summary=SUMMARY, section="news", source="Wire", language="en"),
        entry_of(id="b", days=1, section="sea", source="Post", language="es"),
        entry_of(id="c", days=2, section="sea", source="Wire", language="en"),
    )


def asked(href: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(href).query)


def chosen(page: Sheet) -> list[str]:
    return page.all_words("//a[@aria-current='true']")


def test_the_count_and_the_question_are_the_heading(visitor: Visitor) -> None:
    assert visitor.opens("/", q="ferry").words("//h1") == "3 articles for ferry"


def test_a_long_question_is_all_in_the_box_and_its_beginning_in_the_heading(
    visitor: Visitor,
) -> None:
    question = "When does the ferry come back to the islands?" * 10

    page = visitor.opens("/", q=question)

    assert page.words("//h1").endswith("…")
    assert len(page.words("//h1")) < 200
    assert page.get("//form[@role='search']/div/input[1]/@value") == [question]


def test_a_passage_goes_on_where_it_was_cut(shelves: Library) -> None:
    def cut_short(*_: object) -> list[list[HighlightOut]]:
        cut = HighlightOut(text="the ferry is", matches=[], cut_before=True, cut_after=True)
        return [[cut]]

    with visiting(replace(shelves.reading, highlight=cut_short)) as visitor:
        page = visitor.opens("/", q="ferry", section="news")

    assert page.all_words("//p[@class='passage']") == ["… the ferry is …"]


def test_one_article_is_counted_in_the_singular(visitor: Visitor) -> None:
    assert visitor.opens("/", q="ferry", section="news").words("//h1") == "1 article for ferry"


def test_the_words_of_the_question_are_marked(visitor: Visitor) -> None:
    assert visitor.opens("/", q="ferry", section="news").all_words("//mark") == ["ferry"]


def test_a_passage_found_by_its_meaning_is_shown_without_a_mark(visitor: Visitor) -> None:
    page = visitor.opens("/", q="returns", section="news")

    assert page.all_words("//p[@class='passage']") == [
        "The night ferry is back. It sails at ten. Tickets cost eleven crowns."
    ]
    assert page.all_words("//mark") == []
    assert page.words("//p[@class='summary']") == "The night ferry is back."


def test_a_passage_without_a_mark_that_the_summary_has_is_said_once(
    shelves: Library, visitor: Visitor
) -> None:
    text = "The night ferry is back. It sails at ten."
    whole = Summary(
        short=(Span(0, 41),), medium=(Span(0, 41),), long=(Span(0, 41),), method="m", coverage=1.0
    )
    shelves.add(entry_of(id="e", title="It returns", text=text, summary=whole, section="twice"))

    page = visitor.opens("/", q="returns", section="twice")

    assert page.all_words("//p[@class='passage']") == []
    assert page.words("//p[@class='summary']") == text


def test_a_summary_that_is_the_passage_found_is_said_once(
    shelves: Library, visitor: Visitor
) -> None:
    whole = Summary(
        short=(Span(0, 24),), medium=(Span(0, 24),), long=(Span(0, 24),), method="m", coverage=1.0
    )
    shelves.add(entry_of(id="d", text="The night ferry is back.", summary=whole, section="once"))

    card = visitor.opens("/", q="ferry", section="once").words("//article")

    assert card.count("The night ferry is back.") == 1


def test_a_facet_value_is_added_to_the_address(visitor: Visitor) -> None:
    page = visitor.opens("/", q="ferry", sort="newest")

    assert asked(page.href("sea 2")) == {"q": ["ferry"], "sort": ["newest"], "section": ["sea"]}


def test_a_chosen_facet_value_is_marked_and_taken_out_again(visitor: Visitor) -> None:
    page = visitor.opens("/", q="ferry", section="sea")

    assert "sea 2" in chosen(page)
    assert asked(page.href("sea 2")) == {"q": ["ferry"]}
    assert asked(page.href("Remove the filter Section: sea")) == {"q": ["ferry"]}


def test_two_values_of_a_filter_are_alternatives(visitor: Visitor) -> None:
    page = visitor.opens("/", q="ferry", section=["sea", "news"])

    assert page.words("//h1") == "3 articles for ferry"
    assert asked(page.href("Remove all")) == {"q": ["ferry"]}


def test_languages_have_names(visitor: Visitor) -> None:
    assert "Spanish 1" in visitor.opens("/", q="ferry").all_words("//aside//a")


def test_order_and_mode_are_links_of_which_one_is_current(visitor: Visitor) -> None:
    page = visitor.opens("/", q="ferry", sort="oldest")

    assert chosen(page) == ["Meaning and words", "Oldest"]
    assert asked(page.href("Best match")) == {"q": ["ferry"]}
    assert asked(page.href("Exact words"))["mode"] == ["keyword"]


def test_the_order_asked_for_is_the_order_shown(visitor: Visitor) -> None:
    newest = visitor.opens("/", q="ferry", sort="newest").get("//article//time/@datetime")

    assert newest == sorted(newest, reverse=True)


def test_the_next_search_keeps_the_choices(visitor: Visitor) -> None:
    page = visitor.opens("/", q="ferry", section="sea", sort="newest")

    assert page.get("//form[@role='search']//input[@type='hidden']/@value") == ["newest", "sea"]


def test_dates_limit_the_list_and_can_be_left_empty(visitor: Visitor) -> None:
    page = visitor.opens("/", **{"q": "ferry", "from": "2026-03-02", "to": ""})

    assert page.words("//h1") == "2 articles for ferry"
    assert page.get("//input[@type='date']/@value") == ["2026-03-02", ""]


def test_a_filter_without_a_question_lists_the_newest(visitor: Visitor) -> None:
    page = visitor.opens("/", section="sea")

    assert page.words("//h1") == "Newest articles"
    assert len(page.tree.xpath("//article")) == 2


def test_nothing_found_offers_ways_on(visitor: Visitor) -> None:
    page = visitor.opens("/", q="zeppelin", mode="keyword", section="sea")

    assert asked(page.href("Look without the filters")) == {"q": ["zeppelin"], "mode": ["keyword"]}
    assert asked(page.href("Search by meaning and words")) == {
        "q": ["zeppelin"],
        "section": ["sea"],
    }


def test_a_foreign_article_says_its_language(visitor: Visitor) -> None:
    page = visitor.opens("/", q="ferry", language="es")

    assert page.get("//article//*[@lang]/@lang") != []
    assert set(page.get("//article//*[@lang]/@lang")) == {"es"}


def test_names_of_trackers_in_the_address_do_no_harm(visitor: Visitor) -> None:
    page = visitor.opens("/", q="ferry", utm_source="letter")

    assert page.status == 200
    assert "utm_source" not in page.href("Newest")


# --- page after page ------------------------------------------------------------------------------


@pytest.fixture
def many(shelves: Library) -> Library:
    shelves.add(*(entry_of(id=f"m{n:02}", section="many", days=n) for n in range(25)))
    return shelves


@pytest.mark.usefixtures("many")
def test_the_next_page_goes_on_where_the_first_ended(visitor: Visitor) -> None:
    first = visitor.opens("/", q="ferry", section="many")
    second = visitor.opens(first.href("Next page"))

    links = "//article/h2/a/@href"
    assert second.words("//h1") == "25 articles for ferry, continued"
    assert len({*first.get(links), *second.get(links)}) == 25
    assert asked(second.href("First page")) == {"q": ["ferry"], "section": ["many"]}


@pytest.mark.usefixtures("many")
def test_any_other_choice_begins_at_the_first_page(visitor: Visitor) -> None:
    second = visitor.opens(visitor.opens("/", q="ferry", section="many").href("Next page"))

    assert "cursor" not in asked(second.href("Oldest"))


def test_an_expired_list_offers_to_begin_again(many: Library, visitor: Visitor) -> None:
    following = visitor.opens("/", q="ferry", section="many").href("Next page")
    many.clock.tick(3600)

    page = visitor.opens(following)

    assert (page.status, page.words("//h1")) == (410, "This list has expired")
    assert asked(page.href("Begin again")) == {"q": ["ferry"], "section": ["many"]}


def test_a_cursor_that_is_none_offers_to_begin_again(visitor: Visitor) -> None:
    page = visitor.opens("/", q="ferry", cursor="nonsense")

    assert page.status == 400
    assert asked(page.href("Begin again")) == {"q": ["ferry"]}


# --- bad questions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("q=ferry&mode=magic", "mode"),
        ("q=ferry&sort=best", "sort"),
        ("q=ferry&from=yesterday", "from"),
        ("q=" + "x" * 2001, "q"),
        ("q=%ff", "q"),
    ],
)
def test_a_bad_question_is_a_page_that_names_the_field(
    visitor: Visitor, query: str, field: str
) -> None:
    page = visitor.opens(f"/?{query}")

    assert page.status == 422
    assert page.all_words("//dt") == [field]
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_what_a_slip_was_taken_for_is_said(visitor: Visitor) -> None:
    assert visitor.opens("/", q="ferrry").words("//p[@class='meant']") == "Also looked for ferry"
    assert not visitor.opens("/", q="ferry").get("//p[@class='meant']")
