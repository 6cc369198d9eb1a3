"""What of a page's text is the site's and not the story's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory_shared.articles import Span
from backstory_shared.text.boilerplate import boilerplate, complement, in_whole_text, story

STORY = "The harbour wall at Harwick will be repaired before winter, the council said."
MORE = "Work on the wall starts in October and costs two million pounds."


def left_of(text: str, title: str = "") -> str:
    return story(text, boilerplate(text, title))


@pytest.mark.parametrize(
    "line",
    [
        "No time to read?",
        "Get a summary",
        "Share this article",
        "Share on Facebook",
        "Facebook | Twitter | WhatsApp",
        "Advertisement",
        "ADVERTISEMENT - CONTINUE READING BELOW",
        "Story continues below this ad",
        "Sign up for our daily newsletter",
        "Subscribe to our newsletter and never miss a story.",
        "Get the day's news in your inbox",
        "Read more: Harbour wall cracks again",
        "READ ALSO: Mayor resigns",
        "Related: Five walls that fell",
        "Follow us on Instagram and X",
        "Photo: Ann Poe/Harwick Echo",
        "Image source, Getty Images",
        "© 2026 Harwick Echo. All rights reserved.",
        "Copyright 2026 Harwick Echo",
        "We use cookies to improve your experience.",
        "By signing up you agree to our terms.",
        "3 min read",
        "Published: 5 May 2026, 10:14",
        "Updated 2 hours ago",
        "12 comments",
        "Leave a comment",
        "Back to top",
        "Reporting by Ann Poe; Editing by Ray Lee",
        "Anzeige",
        "Lesen Sie auch: Der Bürgermeister geht",
        "Artikel teilen",
        "Lesezeit: 3 Minuten",
        "Alle Rechte vorbehalten.",
        "Foto: Ann Poe/dpa",
        "Publicidad",
        "Lea también: El alcalde dimite",
        "Suscríbete a nuestro boletín",
        "Síguenos en Instagram",
        "Todos los derechos reservados",
        "La suite après cette publicité",
        "Lire aussi : Le maire démissionne",
        "Abonnez-vous à notre newsletter",
        "Partager sur Facebook",
        "Tous droits réservés",
    ],
)
def test_lines_of_the_site_are_left_out(line: str) -> None:
    assert left_of(f"{STORY}\n\n{line}\n\n{MORE}") == f"{STORY}\n\n{MORE}"


@pytest.mark.parametrize(
    "line",
    [
        "The newspaper asked readers to sign up for its newsletter, and few did.",
        "Share prices fell sharply on Monday.",
        "Advertisement spending rose by a fifth, the agency said.",
        "Copyright law of 1976 was changed by the court.",
        "Published in 1851, the novel sold 500 copies.",
        "The website uses cookies to track its users, a court heard.",
        "“Join our group,” he said.",
        "Related problems were found in two other towns.",
        "Next article of the treaty forbids it.",
        "Read more slowly, teachers told the children.",
        "By Monday the river had risen.",
        "Follow the money, the prosecutor said.",
        "LEE: You closed the harbour without asking anybody in the town.",
    ],
)
def test_news_that_speaks_of_such_things_stays(line: str) -> None:
    assert left_of(f"{STORY}\n\n{line}\n\n{MORE}") == f"{STORY}\n\n{line}\n\n{MORE}"


def test_the_headlines_of_the_neighbouring_articles_are_left_out() -> None:
    tail = "Previous Article\n\nStorm empties the beaches\n\nNext Article\n\nWho pays for the pier?"

    assert left_of(f"{STORY}\n{tail}") == STORY


def test_after_a_neighbours_headline_the_story_goes_on() -> None:
    text = f"Next Article\nStorm empties the beaches\n{STORY}"

    assert left_of(text) == STORY


def test_a_list_of_related_headlines_ends_where_prose_begins() -> None:
    text = f"{STORY}\nRelated articles\nStorm empties beaches\nPier opens late\n{MORE}"

    assert left_of(text) == f"{STORY}\n\n{MORE}"


@pytest.mark.parametrize("title", ["Wall to be Repaired", "Wall to be repaired | Harwick Echo"])
def test_a_line_that_repeats_the_title_is_left_out(title: str) -> None:
    assert left_of(f"Wall to be repaired\n\n{STORY}", title) == STORY


def test_a_byline_is_left_out_at_the_top_only() -> None:
    assert left_of(f"By Ann Poe and Ray Lee\n{STORY}") == STORY
    assert left_of(f"{STORY}\n{MORE}\n{STORY}\n{MORE}\nBy Ann Poe").endswith("By Ann Poe")


def test_places_in_the_story_are_found_in_the_whole_text() -> None:
    text = "Advertisement\nThe bridge opens.\n\nRead more\n\nCars may use it.\nAdvertisement"
    spans = (Span(0, 13), Span(33, 42), Span(61, 74))

    told = story(text, spans)
    places = [Span(0, 17), Span(4, 10), Span(19, 35), Span(0, len(told))]

    assert told == "The bridge opens.\n\nCars may use it."
    assert [text[start:end] for start, end in in_whole_text(places, text, spans)] == [
        "The bridge opens.",
        "bridge",
        "Cars may use it.",
        text[14:60],
    ]


def test_a_text_of_nothing_else_is_the_story() -> None:
    assert boilerplate("Read more\nAdvertisement") == ()


def test_neighbouring_lines_are_one_span() -> None:
    text = f"{STORY}\n\nNo time to read?\nGet a summary\n\n{MORE}"

    [span] = boilerplate(text)

    assert text[span.start : span.end] == "No time to read?\nGet a summary"


def test_a_complement_is_what_the_spans_leave() -> None:
    assert complement([Span(4, 6), Span(1, 5)], 9) == (Span(0, 1), Span(6, 9))
    assert complement([Span(0, 3), Span(7, 20)], 9) == (Span(3, 7),)


@given(st.lists(st.sampled_from(["Read more", "A word.", "Share", "", " ", "Next article", "x"])))
def test_spans_are_in_order_and_never_take_everything(lines: list[str]) -> None:
    text = "\n".join(lines)
    spans = boilerplate(text)

    assert list(spans) == sorted(spans)
    assert bool(story(text, spans).strip()) == bool(text.strip())


def test_of_a_text_of_very_many_lines_the_edges_are_looked_at() -> None:
    lines = ["Read more", *["A line of a very long list."] * 9_000, "Share"]

    assert left_of("\n".join(lines)).count("\n") == 8_999
