"""Metrics: requests by route, and what the archive holds, in the Prometheus text format."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backstory_shared.errors import Unavailable
from backstory_shared.ports import Stats

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class HttpMetrics:
    """Count and latency of requests, by method, route template and status."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "backstory_http_requests",
            "HTTP requests answered.",
            ("method", "route", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "backstory_http_request_seconds",
            "Time until the answer began.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=registry,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)


class MetricsMiddleware:
    """Observes each answer when it begins, so that a stream counts as quick as its first byte."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def observing_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                seconds = time.perf_counter() - began
                self._metrics.observe(_method(scope), route_of(scope), message["status"], seconds)
            await send(message)

        await self._app(scope, receive, observing_send)


class ArchiveMetrics(Collector):
    """What the ledger counts, asked at every scrape and at no other time."""

    def __init__(self, stats: Callable[[], Stats]) -> None:
        self._stats = stats

    def describe(self) -> Iterator[Metric]:
        """Nothing: registering must not ask the ledger."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        try:
            stats = self._stats()
        except Unavailable:
            return
        yield from (_articles(stats), _stages(stats), _oldest(stats), _last_event(stats))


def metrics_routes(registry: CollectorRegistry) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/metrics", response_class=Response)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router


def route_of(scope: Scope) -> str:
    """The template, never the path: ids would make a series each."""
    route = scope.get("route")
    return str(getattr(route, "path", "unmatched"))


def _method(scope: Scope) -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    method = str(scope["method"])
    return method if method in known else "OTHER"


def _articles(stats: Stats) -> Metric:
    family = GaugeMetricFamily("backstory_articles", "Articles by status.", labels=["status"])
    for status, count in stats.articles.items():
        family.add_metric([status], count)
    return family


def _stages(stats: Stats) -> Metric:
    family = GaugeMetricFamily(
        "backstory_stages", "Stages of articles by state.", labels=["stage", "state"]
    )
    for stage, states in stats.stages.items():
        for state, count in states.items():
            family.add_metric([stage, state], count)
    return family


def _oldest(stats: Stats) -> Metric:
    oldest = stats.oldest_pending_at
    age = 0.0 if oldest is None else (datetime.now(UTC) - oldest).total_seconds()
    return GaugeMetricFamily(
        "backstory_oldest_pending_seconds", "Age of the oldest waiting work.", value=max(age, 0.0)
    )


def _last_event(stats: Stats) -> Metric:
    return GaugeMetricFamily(
        "backstory_last_event", "Sequence number of the newest event.", value=stats.last_event
    )
