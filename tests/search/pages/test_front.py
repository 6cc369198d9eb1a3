"""The front page: what it offers before anything is asked."""

from support.archive import Library, entry_of
from support.drafts import SUMMARY
from support.pages import Visitor


def test_an_empty_archive_says_how_to_add_the_first_article(visitor: Visitor) -> None:
    page = visitor.opens("/")

    assert page.words("//h2") == "The archive is empty"
    assert "curl http://testserver/v1/articles" in page.words("//pre")


def test_the_newest_article_comes_first(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(id="old", title="Old"), entry_of(id="new", title="New", days=1))

    assert visitor.opens("/").all_words("//h3") == ["New", "Old"]


def test_a_card_shows_summary_section_source_and_date(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(summary=SUMMARY, section="sea", source="Wire"))

    card = visitor.opens("/").words("//article")

    assert (
        card == "sea Wire 1 March 2026 Night ferry returns to Port Ellery The night ferry is back."
    )


def test_a_summary_that_is_not_there_yet_is_announced(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of())

    assert "The summary is being made." in visitor.opens("/").words("//article")


def test_examples_are_taken_from_the_archive(shelves: Library, visitor: Visitor) -> None:
    shelves.add(
        entry_of(id="a", title="Storm closes the harbour: boats stay in", tags=("storm",)),
        entry_of(id="b", title="Untold", tags=("storm",)),
    )

    page = visitor.opens("/")

    assert page.all_words("//p[@class='examples']/a") == ["storm", "Storm closes the harbour"]
    assert page.href("Storm closes") == "/?q=Storm+closes+the+harbour"


def test_sections_lead_to_their_articles(shelves: Library, visitor: Visitor) -> None:
    shelves.add(entry_of(section="Sea & air"))

    links = visitor.opens("/").get("//nav[@aria-label='Sections']//@href")

    assert links == ["/?section=Sea+%26+air"]


def test_the_search_box_takes_the_focus_only_while_it_is_empty(visitor: Visitor) -> None:
    focused = "//input[@autofocus]/@name"

    assert visitor.opens("/").get(focused) == ["q"]
    assert visitor.opens("/", q="ferry").get(focused) == []


def test_older_articles_are_a_link_away(shelves: Library, visitor: Visitor) -> None:
    shelves.add(*(entry_of(id=f"a{n:02}", title=f"Number {n}", days=n) for n in range(12)))

    older = visitor.opens(visitor.opens("/").href("Older articles"))

    assert older.all_words("//article/h2") == ["Number 1", "Number 0"]
