"""Pages: views become HTML through templates that escape by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from backstory_search.pages.assets import Assets
from backstory_search.pages.views import (
    ArticleView,
    ErrorView,
    FrontView,
    ListView,
    StoriesView,
    StoryView,
)

#: Nothing is loaded but our style sheet and pictures; no script runs, whatever slips through.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' https: data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # A deleted article must not come back out of a cache.
    "Cache-Control": "no-cache",
}
_TEMPLATES = {
    FrontView: "front.html",
    ListView: "list.html",
    ArticleView: "article.html",
    StoriesView: "stories.html",
    StoryView: "told.html",
    ErrorView: "error.html",
}

View = FrontView | ListView | ArticleView | StoriesView | StoryView | ErrorView


@dataclass(frozen=True, slots=True)
class Pages:
    templates: Environment

    def show(
        self, view: View, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> HTMLResponse:
        template = self.templates.get_template(_TEMPLATES[type(view)])
        return HTMLResponse(
            template.render(page=view), status_code=status, headers={**_HEADERS, **(headers or {})}
        )


def templates(assets: Assets) -> Environment:
    """A name that a view does not have is an error, never a blank."""
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["asset"] = assets.href
    return environment
