"""Extraction: the article in a page, and no page that breaks its reader."""

from datetime import UTC, datetime

import pytest

from backstory_ingest.extraction import extract

PAGE = """<!doctype html><html lang="en"><head><title>Harbour to close - The Courier</title>
<meta property="og:title" content="Harbour to close for six weeks">
<meta name="author" content="Ines Calloway">
<meta property="article:published_time" content="2026-11-02T07:30:00+01:00"></head>
<body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav>
<article><h1>Harbour to close for six weeks</h1>
<p>The harbour at Port Ellery will close for six weeks from Monday while engineers replace the sea
gate, the port authority said on Tuesday after a long meeting with the fishing crews.</p>
<p>Ferries to the islands will leave from Saltmouth instead, and tickets already bought stay valid
until the end of the year, the company that runs them said in a letter to its customers.</p>
<p>The old gate was damaged in the storm of October, when waves of seven metres broke two of its
hinges and flooded the lower market, where eleven stalls were swept into the water.</p></article>
<footer>Cookie settings</footer></body></html>"""


def test_a_page_gives_its_text_without_the_page_around_it() -> None:
    found = extract(PAGE, None)

    assert "engineers replace the sea" in found.text
    assert "Cookie" not in found.text
    assert "Sport" not in found.text


def test_a_page_says_title_authors_and_the_moment_of_publication() -> None:
    found = extract(PAGE, None)

    assert found.title == "Harbour to close for six weeks"
    assert found.authors == ("Ines Calloway",)
    assert found.published_at == datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "page",
    ["", "<", "\x00\x01", "<html></html>", "<!-- only a comment -->", "<p>" * 5_000, "{}"],
)
def test_a_page_without_an_article_breaks_nothing(page: str) -> None:
    assert len(extract(page, None).text.strip()) <= len(page)


ATTRIBUTES = " ".join(f"a{n}=1" for n in range(100_000))


@pytest.mark.parametrize("tag", [f"<p {ATTRIBUTES}>", f"<p q='>' {ATTRIBUTES}>"])
def test_a_page_with_very_many_attributes_on_a_tag_is_read_like_any_other(tag: str) -> None:
    page = PAGE.replace("<p>", tag, 1)

    assert extract(page, None).text == extract(PAGE, None).text  # with them it took minutes


def test_a_page_that_declares_another_encoding_is_read_as_the_text_it_is() -> None:
    page = PAGE.replace("Port Ellery", "Port Élléry")

    found = extract(f'<?xml version="1.0" encoding="latin-1"?>{page}', None)

    assert "Port Élléry" in found.text
