"""web_app: an application with everything that is not a service's own business."""

from collections.abc import Collection, Sequence
from importlib.metadata import version

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from prometheus_client.registry import Collector

from backstory_shared.checks import Check
from backstory_shared.settings import Web
from backstory_shared.web.basics import add_web_basics
from backstory_shared.web.docs import docs_routes
from backstory_shared.web.health import health_routes
from backstory_shared.web.hosts import HostMiddleware
from backstory_shared.web.limits import Limits
from backstory_shared.web.metrics import HttpMetrics, metrics_routes

VERSION = version("backstory")


def web_app(
    title: str,
    web: Web,
    checks: Sequence[Check],
    metrics: Sequence[Collector],
    *,
    streamed: Collection[str] = (),
) -> FastAPI:
    """`streamed` are the paths whose request bodies may be endless.

    Without a key it answers to names of this machine only.
    """
    registry = CollectorRegistry()
    for collector in metrics:
        registry.register(collector)
    app = FastAPI(title=title, version=VERSION, docs_url=None, redoc_url=None)
    add_web_basics(
        app,
        limits=Limits(),
        metrics=HttpMetrics(registry),
        streamed=streamed,
        guards=[HostMiddleware] if web.api_key is None else [],
    )
    app.include_router(docs_routes(title))
    app.include_router(health_routes(checks, VERSION))
    app.include_router(metrics_routes(registry))
    return app
