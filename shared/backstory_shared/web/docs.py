"""`/docs`: every route, tried out in the browser, with nothing loaded from anywhere else."""

from importlib.resources import files

from fastapi import APIRouter, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from backstory_shared.errors import NotFound

#: FastAPI's page would load these from a content delivery network.
_FILES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def docs_routes(title: str) -> APIRouter:
    """For an app made with `docs_url=None` and `redoc_url=None`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def docs() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=title,
            swagger_js_url="/docs/swagger-ui-bundle.js",
            swagger_css_url="/docs/swagger-ui.css",
            swagger_favicon_url="data:,",
        )
        page.headers["Content-Security-Policy"] = _POLICY
        return page

    @router.get("/docs/{name}")
    def file(name: str) -> Response:
        if name not in _FILES:
            raise NotFound("There is no such file.")
        content = files("fastapi_offline").joinpath("static", name).read_bytes()
        return Response(content, media_type=_FILES[name])

    return router
