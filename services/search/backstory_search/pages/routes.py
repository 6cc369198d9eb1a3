"""The page routes: they ask the same use cases as the API, and answer in HTML."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, PackageLoader
from pydantic import ValidationError

from backstory_search.api import Reading
from backstory_search.pages import views
from backstory_search.pages.views import Address
from backstory_search.parameters import SearchParameters
from backstory_search.search import Hit, Mode, Sort
from backstory_search.summaries import view
from backstory_shared.errors import (
    BackstoryError,
    CursorExpired,
    Gone,
    InvalidCursor,
    NotFound,
    NotReady,
)
from backstory_shared.ports import Entry, Facet, Filters
from backstory_shared.summaries import Length

_STYLE = Path(__file__).parent / "static" / "backstory.css"
_FACETS = (Facet.SECTION, Facet.LANGUAGE, Facet.SOURCE)
_NEWEST = 8
_RELATED = 5
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
_SORRY = {
    404: ("Nothing here", "There is no article at this address."),
    410: ("Taken down", "This article was deleted by its publisher."),
}

Render = Callable[..., HTMLResponse]


def routes(reading: Reading) -> APIRouter:
    """`/` and `/articles/{id}`, and the one style sheet of both. They work without JavaScript."""
    router = APIRouter(include_in_schema=False)
    render = _renderer()

    @router.get("/", response_class=HTMLResponse)
    def search_page(request: Request) -> HTMLResponse:
        if request.query_params.get("q", "").strip():
            return _results(reading, render, request)
        return _front(reading, render)

    @router.get("/articles/{article_id}", response_class=HTMLResponse)
    def article_page(article_id: str) -> HTMLResponse:
        try:
            entry = reading.articles.entry(article_id)
        except (NotFound, Gone) as error:
            title, sentence = _SORRY[error.status]
            return render("sorry.html", error.status, heading=title, sentence=sentence)
        return _article(reading, render, entry)

    @router.get("/static/backstory.css")
    def style() -> FileResponse:
        return FileResponse(
            _STYLE,
            media_type="text/css",
            headers={"Cache-Control": "public, max-age=31536000, immutable"},
        )

    return router


def _renderer() -> Render:
    environment = Environment(
        loader=PackageLoader("backstory_search.pages"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = f"/static/backstory.css?{hashlib.sha256(_STYLE.read_bytes()).hexdigest()[:12]}"

    def render(template: str, status: int = 200, **values: Any) -> HTMLResponse:
        page = environment.get_template(template).render(style=style, **values)
        return HTMLResponse(page, status, headers=_HEADERS)

    return render


def _front(reading: Reading, render: Render) -> HTMLResponse:
    newest = reading.browse(Filters(), limit=_NEWEST, cursor=None).entries
    sections = list(dict.fromkeys(filter(None, (e.revision.article.section for e in newest))))
    return render(
        "front.html",
        newest=[_card(entry) for entry in newest],
        sections=sections,
        query="",
    )


def _results(reading: Reading, render: Render, request: Request) -> HTMLResponse:
    query = request.query_params.get("q", "")
    try:
        asked = SearchParameters.model_validate(_parameters(request))
        asked = asked.model_copy(update={"facets": list(_FACETS)})
        found = reading.search(asked.search)
    except (ValidationError, InvalidCursor):
        sentence = "Something in this address is not right. Try the search again."
        return render("sorry.html", 422, heading="That search did not work", sentence=sentence)
    except CursorExpired:
        sentence = "This page of results has expired. Search again to see what is there now."
        return render("sorry.html", 410, heading="A moment too late", sentence=sentence)
    address = Address("/", tuple(request.query_params.multi_items()))
    return render(
        "results.html",
        query=query,
        total=found.counts.total,
        hits=[_hit(reading, hit, asked.q) for hit in found.hits],
        facets=views.facet_choices(address, found.counts.facets),
        sorts=views.choices(address, "sort", list(Sort), asked.sort),
        modes=views.choices(address, "mode", list(Mode), asked.mode),
        next_page=found.next_cursor and address.with_("cursor", found.next_cursor),
    )


def _parameters(request: Request) -> dict[str, Any]:
    """The query's parameters; those that may be repeated as lists."""
    repeated = {facet.value for facet in Facet} | {"facets"}
    names = request.query_params.keys()
    return {
        name: request.query_params.getlist(name) if name in repeated else request.query_params[name]
        for name in names
        if request.query_params[name]
    }


def _hit(reading: Reading, hit: Hit, query: str) -> Mapping[str, Any]:
    """What was found by meaning alone has no words to mark: its summary says more."""
    found = [each for each in reading.highlight(hit.entry, query) if each.matches]
    return {**_card(hit.entry), "passages": [views.marked(each) for each in found[:1]]}


def _card(entry: Entry) -> dict[str, Any]:
    sentences = view(entry, Length.SHORT).sentences
    return {
        "article": entry.revision.article,
        "date": entry.revision.sort_at,
        "summary": sentences[0].text if sentences else None,
    }


def _article(reading: Reading, render: Render, entry: Entry) -> HTMLResponse:
    article_id = entry.revision.article.id
    summary = view(entry, Length.MEDIUM)
    older, newer = reading.browser.adjacent(article_id)
    return render(
        "article.html",
        article=entry.revision.article,
        date=entry.revision.sort_at,
        minutes=views.minutes(entry.revision),
        summary=summary,
        paragraphs=views.paragraphs(entry.revision, summary),
        related=_related(reading, article_id),
        copies=[_card(copy) for copy in reading.browser.copies(article_id)],
        older=older and _card(older),
        newer=newer and _card(newer),
        query="",
    )


def _related(reading: Reading, article_id: str) -> list[dict[str, Any]] | None:
    """None while the article is not indexed yet."""
    try:
        found = reading.related(article_id, filters=Filters(), limit=_RELATED)
    except NotReady:
        return None
    except BackstoryError:  # deleted while the page was made: the story itself is still shown
        return []
    return [{**_card(each.entry), "because": each.because} for each in found]
