"""Whatever an article or an address says, a page shows it as text, and runs none of it."""

from dataclasses import replace
from urllib.parse import quote

import pytest

from backstory_search.related import RelatedArticles
from backstory_shared.articles import Span
from backstory_shared.summaries import Summary
from backstory_shared.web import PROBLEM_JSON
from support.archive import Library, entry_of
from support.pages import Sheet, Visitor, visiting

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "</textarea></title><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "<a href='javascript:alert(1)'>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--<base href=//evil.example>",
]
ACTIVE = (
    "//script | //iframe | //object | //embed | //base | //svg | //style | //@style"
    " | //@*[starts-with(name(), 'on')] | //img | //textarea"
    " | //@href[starts-with(., 'javascript:')]"
)


def active(page: Sheet) -> list[object]:
    return list(page.tree.xpath(ACTIVE))


def stuffed(shelves: Library, payload: str) -> None:
    """An article that says it in every field, with a copy and a neighbour that do too."""
    text = f"{payload} The ferry is back {payload}."
    every = Summary(
        short=(Span(0, len(text)),),
        medium=(Span(0, len(text)),),
        long=(Span(0, len(text)),),
        method=payload,
        coverage=1.0,
    )
    said = {
        "title": f"{payload} ferry",
        "text": text,
        "authors": (payload,),
        "section": payload,
        "tags": (payload,),
        "language": payload,
        "source": payload,
        "url": payload,
        "image_url": payload,
        "metadata": {payload: payload},
    }
    shelves.add(*(entry_of(id=f"a{n}", days=n, summary=every, **said) for n in range(3)))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_article_is_shown_as_text(shelves: Library, visitor: Visitor, payload: str) -> None:
    stuffed(shelves, payload)

    for address in ("/", "/?q=ferry", "/articles/a1"):
        page = visitor.opens(address)
        assert page.status == 200
        assert active(page) == []
        assert payload in page.words("//main")


@pytest.mark.parametrize("name", ["q", "section", "from", "sort", "cursor"])
def test_an_address_is_shown_as_text(visitor: Visitor, name: str) -> None:
    for payload in PAYLOADS:
        assert active(visitor.opens("/", **{"q": "ferry", name: payload})) == []


def test_what_was_typed_is_in_the_box_again(visitor: Visitor) -> None:
    for payload in PAYLOADS:
        box = visitor.opens("/", q=payload).get("//form[@role='search']/div/input[1]/@value")
        assert box == [payload]


def test_an_unknown_id_is_not_repeated(visitor: Visitor) -> None:
    for payload in PAYLOADS:
        page = visitor.opens(f"/articles/{quote(payload, safe='')}")
        assert page.status == 404
        assert active(page) == []
        assert "alert(1)" not in page.words()


@pytest.mark.parametrize("address", ["/", "/?q=ferry", "/?sort=x", "/articles/a", "/articles/no"])
def test_no_page_may_run_a_script_or_be_framed(
    shelves: Library, visitor: Visitor, address: str
) -> None:
    shelves.add(entry_of(id="a"))

    headers = visitor.opens(address).headers

    policy = headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not any(rule.startswith("script-src") or "unsafe" in rule for rule in policy)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"


def test_where_nothing_is_a_browser_gets_a_page_and_a_program_a_problem(visitor: Visitor) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

    page = visitor.client.get("/nothing-here", headers=browser)
    problem = visitor.client.get("/nothing-here")
    of_the_api = visitor.client.get("/v1/nothing-here", headers=browser)

    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no such page" in page.text
    assert "nothing-here" not in page.text
    assert "content-security-policy" in page.headers
    assert {problem.headers["content-type"], of_the_api.headers["content-type"]} == {PROBLEM_JSON}


class _Broken:
    """An index that raises what nobody foresaw."""

    def __getattr__(self, name: str) -> object:
        raise ZeroDivisionError("a secret of the machine")


def test_an_error_nobody_foresaw_is_a_page_without_secrets(shelves: Library) -> None:
    shelves.add(entry_of(id="a"))
    broken: RelatedArticles = replace(
        shelves.reading.related, find=replace(shelves.reading.related.find, index=_Broken())
    )
    with visiting(replace(shelves.reading, related=broken)) as visitor:
        page = visitor.opens("/articles/a")

    assert page.status == 500
    assert page.words("//h1") == "Internal error"
    assert "secret" not in page.words()
