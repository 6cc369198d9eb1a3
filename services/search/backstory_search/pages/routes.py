"""The routes of the pages: they translate addresses to views, and views to HTML."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backstory_search.api import Reading
from backstory_search.pages.addresses import CURSOR, FILTERS, QUERY, address_of
from backstory_search.pages.assets import Asset, Assets, packaged_assets
from backstory_search.pages.failures import friendly, lost
from backstory_search.pages.front import FrontPage
from backstory_search.pages.listing import ListPage
from backstory_search.pages.parameters import PageParameters, StoriesPageParameters
from backstory_search.pages.reading import ArticlePage
from backstory_search.pages.rendering import Pages, templates
from backstory_search.pages.telling import StoryPages, story_href
from backstory_shared.web.parameters import require_utf8

_FOR_A_YEAR = "public, max-age=31536000, immutable"
_FOR_A_MINUTE = "public, max-age=60"
#: What makes a list of `/`; anything else is the front page.
_QUESTIONS = (QUERY, *FILTERS, CURSOR)
_READ = ["GET", "HEAD"]


def add_pages(app: FastAPI, reading: Reading) -> None:
    """The pages take the same use cases as the API, and answer where nothing else does."""
    assets = packaged_assets()
    pages = Pages(templates(assets))
    app.include_router(_routes(reading, assets, pages))
    app.add_exception_handler(HTTPStatus.NOT_FOUND, lost(pages))


def _routes(reading: Reading, assets: Assets, pages: Pages) -> APIRouter:
    router = APIRouter(
        route_class=friendly(pages), dependencies=[Depends(require_utf8)], include_in_schema=False
    )
    _add_search(router, pages, reading)
    _add_article(router, pages, reading)
    _add_stories(router, pages, reading)
    _add_static(router, assets)
    return router


def _add_search(router: APIRouter, pages: Pages, reading: Reading) -> None:
    front = FrontPage(reading.browse)
    listing = ListPage(reading.search, reading.browse, reading.highlight)

    @router.api_route("/", methods=_READ)
    def search(request: Request, asked: Annotated[PageParameters, Query()]) -> HTMLResponse:
        """The front page, or the answer to what its address asks."""
        address = address_of(request.query_params.multi_items())
        if not address.only(*_QUESTIONS):
            return pages.show(front(str(request.base_url)))
        return pages.show(listing(asked, address))


def _add_article(router: APIRouter, pages: Pages, reading: Reading) -> None:
    article = ArticlePage(
        reading.articles, reading.browser, reading.related, StoryPages(reading.stories)
    )

    @router.api_route("/articles/{article_id}", methods=_READ)
    def read(article_id: str) -> HTMLResponse:
        """An article to read."""
        return pages.show(article(article_id))


def _add_stories(router: APIRouter, pages: Pages, reading: Reading) -> None:
    told = StoryPages(reading.stories)

    @router.api_route("/stories", methods=_READ)
    def stories(asked: Annotated[StoriesPageParameters, Query()]) -> HTMLResponse:
        """Events, by when they were last heard of."""
        return pages.show(told.all(asked.section, asked.cursor))

    @router.api_route("/stories/{story_id}", methods=_READ)
    def story(story_id: str) -> Response:
        """One event; where it went into another, the way there."""
        found = reading.stories.one(story_id)
        if found.story.id != story_id:
            return RedirectResponse(story_href(found.story.id), status_code=308)
        return pages.show(told.one(found))


def _add_static(router: APIRouter, assets: Assets) -> None:
    @router.api_route("/static/{name}", methods=_READ)
    def static(name: str, v: str = "") -> Response:
        """A file of ours; under the address that names its content it never changes."""
        asset = assets.find(name)
        return Response(asset.content, media_type=asset.media_type, headers=_lasting(asset, v))


def _lasting(asset: Asset, asked: str) -> dict[str, str]:
    return {
        "Cache-Control": _FOR_A_YEAR if asked == asset.version else _FOR_A_MINUTE,
        "X-Content-Type-Options": "nosniff",
    }
