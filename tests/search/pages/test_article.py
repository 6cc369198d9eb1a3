"""The page of an article: to read it, to get its summary, to read on."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backstory_shared.articles import Span
from backstory_shared.editing import Decisions
from backstory_shared.ports import Entry
from backstory_shared.summaries import SummaryState
from support.archive import Library, entry_of
from support.clocks import START
from support.drafts import ARTICLE, SUMMARY
from support.pages import Visitor

TWO_PARAGRAPHS = "The night ferry is back.\n\nIt sails at ten. Tickets cost eleven crowns."
STORY = "//div[@class='text']"


def test_the_head_of_an_article(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(authors=("Ana Reyes", "Bo Lind"), section="sea", source="Wire"))

    page = visitor.opens("/articles/ferry-1")

    assert page.words("//h1") == "Night ferry returns to Port Ellery"
    assert page.words("//p[@class='byline']") == "By Ana Reyes and Bo Lind"
    assert page.words("//p[@class='dates']") == "Published 1 March 2026, 08:00 UTC"
    assert page.words("//article//p[@class='kicker']") == "sea Wire 1 min read"


def test_an_article_without_a_date_says_when_it_came(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(published_at=None))

    assert visitor.opens("/articles/ferry-1").words("//p[@class='dates']").startswith("Received")


def test_a_corrected_article_says_when_it_was_updated(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(modified_at=START + timedelta(days=2)))

    updated = visitor.opens("/articles/ferry-1").words("//*[@class='updated']")

    assert updated == "Updated 3 March 2026, 08:00 UTC"


def test_an_article_modified_as_it_was_published_was_not_updated(
    shelves: Library, visitor: Visitor
) -> None:
    shelves.add(entry_of(modified_at=START))

    assert "Updated" not in visitor.opens("/articles/ferry-1").words()


def test_the_story_stands_in_its_paragraphs(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(text=TWO_PARAGRAPHS))

    assert visitor.opens("/articles/ferry-1").all_words(f"{STORY}/p") == [
        "The night ferry is back.",
        "It sails at ten. Tickets cost eleven crowns.",
    ]


def test_boilerplate_is_left_out_of_the_story(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(text="Share this\nThe ferry is back.", boilerplate=(Span(0, 10),)))

    assert visitor.opens("/articles/ferry-1").words(STORY) == "The ferry is back."


# --- the summary ----------------------------------------------------------------------------------


def test_the_summary_is_folded_until_somebody_asks(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(summary=SUMMARY))

    page = visitor.opens("/articles/ferry-1")

    assert page.words("//details/summary") == "No time to read? Get a summary"
    assert page.get("//details/@open") == []


def test_each_sentence_leads_to_its_place_in_the_story(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(summary=SUMMARY))

    page = visitor.opens("/articles/ferry-1")
    links = page.tree.xpath("//details//li/a")

    assert [link.text for link in links] == ["The night ferry is back.", "It sails at ten."]
    for link in links:
        place = link.get("href").removeprefix("#")
        assert page.words(f"{STORY}//*[@id='{place}']") == link.text


def test_the_summary_says_how_it_was_made(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(summary=replace(SUMMARY, coverage=0.997)))

    made = visitor.opens("/articles/ferry-1").words("//p[@class='made']")

    assert "word for word, chosen by a program from 99% of the story" in made


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (SummaryState.PENDING, "The summary is being made."),
        (SummaryState.STALE, "The article has changed since it was summarized."),
        (SummaryState.FAILED, "No summary of this article could be made."),
        (SummaryState.DISABLED, "This article is published without a summary."),
        (SummaryState.READY, "This article is too short to be summarized."),
    ],
)
def test_a_summary_that_is_not_there_says_why(
    shelves: Library, visitor: Visitor, state: SummaryState, words: str
) -> None:
    entry = entry_of()
    shelves.add(replace(entry, summary=replace(entry.summary, state=state)))

    assert words in visitor.opens("/articles/ferry-1").words("//details/p")


def by_hand(entry: Entry, text: str, **decisions: Any) -> Entry:
    """The entry with an editor's summary of revision 1."""
    made = Decisions(text=text, written_for=1, locked=True, **decisions)
    current = entry.revision.revision == 1
    state = SummaryState.READY if current else SummaryState.STALE
    return replace(entry, summary=replace(entry.summary, state=state, decisions=made))


def test_an_editors_summary_says_who_wrote_it(shelves: Library, visitor: Visitor) -> None:
    shelves.add(by_hand(entry_of(summary=SUMMARY), "The ferry is back at last. It sails at ten."))

    page = visitor.opens("/articles/ferry-1")

    assert page.all_words("//details//li") == ["The ferry is back at last.", "It sails at ten."]
    assert page.all_words("//details//li/a") == ["It sails at ten."]
    assert page.words(f"{STORY}//*[@id='sentence-1']") == "It sails at ten."
    assert "an editor wrote this summary" in page.words("//p[@class='made']")
    assert page.get("//p[@class='changed']") == []


def test_an_editors_summary_of_an_older_article_says_so(shelves: Library, visitor: Visitor) -> None:
    shelves.add(by_hand(entry_of(revision=2), "The ferry is back at last."))

    page = visitor.opens("/articles/ferry-1")

    assert page.all_words("//details//li") == ["The ferry is back at last."]
    assert "The article has changed since" in page.words("//p[@class='changed']")


def test_an_approved_summary_says_so(shelves: Library, visitor: Visitor) -> None:
    entry = entry_of(summary=SUMMARY)
    approved = Decisions(approved_revision=1, approved_at=START)
    shelves.add(replace(entry, summary=replace(entry.summary, made_at=START, decisions=approved)))

    made = visitor.opens("/articles/ferry-1").words("//p[@class='made']")

    assert "An editor has read and approved it." in made


# --- where to read on -----------------------------------------------------------------------------


def test_related_articles_say_why_they_are(shelves: Library, visitor: Visitor) -> None:
    text = "The night ferry of the Ellery Line is back. It sails from Port Ellery at ten."
    shelves.add(entry_of(text=text), entry_of(id="other", text=f"{text} Tickets are dear."))

    related = visitor.opens("/articles/ferry-1").words("//section[@class='related']")

    assert "Both mention" in related
    assert "Port Ellery" in related


def test_no_related_article_is_better_than_a_wrong_one(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(), entry_of(id="budget", title="Budget", text="Money was spent in vain."))

    related = visitor.opens("/articles/ferry-1").words("//section[@class='related']")

    assert "Nothing else in the archive is close enough" in related


def test_an_article_not_indexed_yet_can_be_read(shelves: Library, visitor: Visitor) -> None:
    shelves.archive.put(entry_of())

    page = visitor.opens("/articles/ferry-1")

    assert page.status == 200
    assert "Related articles are being looked for." in page.words()


def test_copies_name_their_publishers(shelves: Library, visitor: Visitor) -> None:
    shelves.add(
        entry_of(copy_hash="ferry"),
        entry_of(id="copy", source="The Evening Post", copy_hash="ferry"),
    )

    page = visitor.opens("/articles/ferry-1")

    assert page.words("//p[@class='copies']") == "Also published by The Evening Post"
    assert page.href("The Evening Post") == "/articles/copy"


def test_previous_is_older_and_next_is_newer(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(id="one"), entry_of(id="two", days=1), entry_of(id="three", days=2))

    page = visitor.opens("/articles/two")

    assert page.get("//a[@rel='prev']/@href") == ["/articles/one"]
    assert page.get("//a[@rel='next']/@href") == ["/articles/three"]


def test_the_source_is_linked_without_a_recommendation(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(url="https://paper.example/ferry"))

    link = visitor.opens("/articles/ferry-1").tree.xpath("//a[@rel='nofollow noopener']")[0]

    assert link.get("href") == "https://paper.example/ferry"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//paper.example/", "https:///x", "http://["]
)
def test_what_is_no_web_address_is_no_link(shelves: Library, visitor: Visitor, url: str) -> None:
    shelves.add(entry_of(url=url, image_url=url))

    page = visitor.opens("/articles/ferry-1")

    assert page.status == 200
    assert url not in page.get("//@href | //@src")


# --- what is not there ----------------------------------------------------------------------------


def test_an_article_that_never_was_is_a_page_that_says_so(visitor: Visitor) -> None:
    page = visitor.opens("/articles/nobody")

    assert (page.status, page.words("//h1")) == (404, "There is no such page")


def test_a_deleted_article_is_a_page_that_says_so(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(title="Secret"))
    shelves.archive.delete(ARTICLE.id)

    page = visitor.opens("/articles/ferry-1")

    assert (page.status, page.words("//h1")) == (410, "Withdrawn from the archive")
    assert "Secret" not in page.words()
