"""What every route of both APIs has for free."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Query, Request
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from backstory_shared.correlation import correlation_id
from backstory_shared.errors import Gone, StorageFull, StoreUnavailable
from backstory_shared.ports import Stats
from backstory_shared.stages import ArticleStatus, Stage, State
from backstory_shared.web import (
    ArchiveMetrics,
    Check,
    HttpMetrics,
    Limits,
    add_web_basics,
    health_routes,
    key_guard,
    metrics_routes,
)
from support import patience
from support.server import RunningServer, serving

PATIENT = Limits(body_bytes=1000)
HASTY = Limits(body_seconds=0.3, idle_seconds=0.3)


def _stats() -> Stats:
    return Stats(
        articles={ArticleStatus.READY: 7},
        stages={Stage.INDEX: {State.PENDING: 2}},
        oldest_pending_at=datetime.now(UTC) - timedelta(minutes=1),
        last_event=21,
    )


def _no_stats() -> Stats:
    raise StoreUnavailable


def _broken() -> None:
    raise OSError("secret path /var/lib/x")


def _routes() -> APIRouter:
    router = APIRouter()

    @router.get("/v1/things/{name}")
    async def read(name: str, limit: Annotated[int, Query(ge=1)] = 1) -> dict[str, str]:
        return {"name": name, "correlation_id": correlation_id()}

    @router.put("/v1/things/{name}")
    async def write(name: str, words: Annotated[list[int], Body()]) -> dict[str, int]:
        return {"words": len(words)}

    @router.get("/v1/gone")
    def gone() -> None:
        raise Gone

    @router.get("/v1/full")
    def full() -> None:
        raise StorageFull

    @router.get("/v1/broken")
    def broken() -> None:
        raise RuntimeError("canary")

    @router.post("/v1/guarded", dependencies=[Depends(key_guard(SecretStr("opensesame")))])
    async def guarded() -> str:
        return "in"

    @router.post("/v1/stream")
    async def stream(request: Request) -> dict[str, int]:
        return {"bytes": sum([len(chunk) async for chunk in request.stream()])}

    return router


@contextmanager
def _served(limits: Limits) -> Iterator[RunningServer]:
    registry = CollectorRegistry()
    registry.register(ArchiveMetrics(_stats))
    app = FastAPI()
    add_web_basics(app, limits=limits, metrics=HttpMetrics(registry), streamed=["/v1/stream"])
    app.include_router(_routes())
    app.include_router(health_routes([Check("ledger", lambda: None)], "1.2.3"))
    app.include_router(metrics_routes(registry))
    with serving(app) as running:
        yield running


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with (
        _served(PATIENT) as server,
        httpx.Client(base_url=server.url, timeout=patience.SECONDS) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def hasty() -> Iterator[RunningServer]:
    """Does not wait for long, also not for whoever is kept waiting himself."""
    with _served(HASTY) as server:
        yield server


@contextmanager
def _serving_health(checks: list[Check]) -> Iterator[RunningServer]:
    app = FastAPI()
    app.include_router(health_routes(checks, "1.2.3"))
    with serving(app) as running:
        yield running


def _ready(checks: list[Check]) -> httpx.Response:
    with _serving_health(checks) as running:
        return httpx.get(f"{running.url}/readyz", timeout=patience.SECONDS)


def test_a_callers_request_id_comes_back_and_reaches_the_route(client: httpx.Client) -> None:
    answer = client.get("/v1/things/a", headers={"X-Request-ID": "order-66"})

    assert answer.headers["X-Request-ID"] == "order-66"
    assert answer.json()["correlation_id"] == "order-66"


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "naïve", "a\tb"])
def test_a_strange_request_id_is_replaced(client: httpx.Client, given: str) -> None:
    answer = client.get("/v1/things/a", headers={"X-Request-ID": given.encode()})

    assert len(answer.headers["X-Request-ID"]) == 32
    assert answer.headers["X-Request-ID"].isalnum()


def test_an_error_of_ours_is_a_problem_with_all_its_members(client: httpx.Client) -> None:
    answer = client.get("/v1/gone", headers={"X-Request-ID": "r1"})

    assert answer.status_code == 410
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/gone",
        "title": "The article was deleted",
        "status": 410,
        "detail": "The article was deleted",
        "instance": "/v1/gone",
        "request_id": "r1",
    }


def test_an_unforeseen_error_tells_nothing_but_keeps_its_request_id(client: httpx.Client) -> None:
    answer = client.get("/v1/broken", headers={"X-Request-ID": "r2"})

    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal-error"
    assert answer.headers["X-Request-ID"] == answer.json()["request_id"] == "r2"
    assert "canary" not in answer.text


def test_what_may_work_later_says_when_to_come_back(client: httpx.Client) -> None:
    answer = client.get("/v1/full")

    assert answer.status_code == 507
    assert int(answer.headers["Retry-After"]) > 0


def test_a_wrong_parameter_is_named_and_not_repeated(client: httpx.Client) -> None:
    answer = client.get("/v1/things/a", params={"limit": "canary"})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-parameter"
    assert [error["pointer"] for error in answer.json()["errors"]] == ["limit"]
    assert "canary" not in answer.text


def test_a_wrong_body_is_named_by_a_pointer(client: httpx.Client) -> None:
    answer = client.put("/v1/things/a", json=[1, "canary"])

    assert [error["pointer"] for error in answer.json()["errors"]] == ["/1"]
    assert "canary" not in answer.text


def test_a_thousand_wrong_fields_fit_in_a_small_answer(client: httpx.Client) -> None:
    answer = client.put("/v1/things/a", json=["x"] * 200)

    assert answer.status_code == 422
    assert len(answer.content) <= 4096


def test_an_unknown_path_is_a_problem(client: httpx.Client) -> None:
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"


def test_a_wrong_method_names_every_right_one(client: httpx.Client) -> None:
    answer = client.delete("/v1/things/a")

    assert answer.status_code == 405
    assert answer.json()["type"] == "/problems/method-not-allowed"
    assert answer.headers["Allow"] == "GET, PUT"


def test_a_declared_body_over_the_cap_is_refused(client: httpx.Client) -> None:
    answer = client.put("/v1/things/a", content=b"[" + b"1," * 600 + b"1]")

    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/body-too-large"


def test_a_chunked_body_over_the_cap_is_refused(client: httpx.Client) -> None:
    answer = client.put("/v1/things/a", content=iter([b" " * 600, b" " * 600]))

    assert answer.status_code == 413


def test_a_streamed_path_has_no_cap(client: httpx.Client) -> None:
    answer = client.post("/v1/stream", content=iter([b" " * 600] * 4))

    assert answer.json() == {"bytes": 2400}


@pytest.mark.parametrize("path", ["/v1/things/a", "/v1/stream"])
def test_a_body_that_stops_coming_is_refused(hasty: RunningServer, path: str) -> None:
    method = "POST" if path == "/v1/stream" else "PUT"
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n[1"

    answer = hasty.raw(head.encode())

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"/problems/body-too-slow" in answer


def test_a_long_address_is_refused(client: httpx.Client) -> None:
    answer = client.get("/v1/things/" + "a" * 8200)

    assert answer.status_code == 414
    assert "instance" not in answer.json()


def test_large_headers_are_refused(client: httpx.Client) -> None:
    answer = client.get("/v1/things/a", headers={"X-Large": "x" * 40_000})

    assert answer.status_code == 431


def test_a_compressed_body_is_refused(client: httpx.Client) -> None:
    answer = client.put("/v1/things/a", content=b"x", headers={"Content-Encoding": "gzip"})

    assert answer.status_code == 415


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0.9", "application/json;q=0"])
def test_an_answer_nobody_accepts_is_not_made(client: httpx.Client, accept: str) -> None:
    assert client.get("/v1/things/a", headers={"Accept": accept}).status_code == 406


@pytest.mark.parametrize("accept", ["*/*", "application/*", "image/png, application/json;q=0.1"])
def test_json_is_served_to_whoever_accepts_it(client: httpx.Client, accept: str) -> None:
    assert client.get("/v1/things/a", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Bearer wrong",
        "Bearer",
        "Basic opensesame",
        "Bearer opensésame",
        f"Bearer {'x' * 9999}",
    ],
)
def test_without_the_key_nobody_writes(client: httpx.Client, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode()}

    answer = client.post("/v1/guarded", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["type"] == "/problems/unauthorized"


def test_with_the_key_one_writes(client: httpx.Client) -> None:
    answer = client.post("/v1/guarded", headers={"Authorization": "Bearer opensesame"})

    assert answer.status_code == 200


def test_a_live_process_says_so_and_which_it_is(client: httpx.Client) -> None:
    assert client.get("/livez").json() == {"status": "alive"}
    assert client.get("/version").json() == {"name": "backstory", "version": "1.2.3"}


def test_a_process_that_has_all_it_needs_is_ready(client: httpx.Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "missing": [], "degraded": []}


def test_without_something_required_a_process_is_not_ready() -> None:
    answer = _ready([Check("ledger", _broken), Check("model", lambda: None)])

    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "missing": ["ledger"], "degraded": []}


def test_without_something_optional_a_process_is_ready_but_degraded() -> None:
    answer = _ready([Check("ledger", lambda: None), Check("workers", _broken, required=False)])

    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "missing": [], "degraded": ["workers"]}


def test_a_check_that_hangs_is_broken() -> None:
    let_go = threading.Event()
    hangs = Check("ledger", lambda: let_go.wait(patience.SECONDS))

    with _serving_health([hangs]) as server:
        answer = httpx.get(f"{server.url}/readyz", timeout=patience.SECONDS)
        let_go.set()

    assert answer.json()["missing"] == ["ledger"]


def test_metrics_count_requests_by_route_and_not_by_id(client: httpx.Client) -> None:
    client.get("/v1/things/abc")

    text = client.get("/metrics").text

    assert 'backstory_http_requests_total{method="GET",route="/v1/things/{name}"' in text
    assert "/v1/things/abc" not in text


def test_metrics_show_what_the_archive_holds(client: httpx.Client) -> None:
    text = client.get("/metrics").text

    assert 'backstory_articles{status="ready"} 7.0' in text
    assert 'backstory_stages{stage="index",state="pending"} 2.0' in text
    assert "backstory_last_event 21.0" in text


def test_metrics_without_the_ledger_are_still_served() -> None:
    assert list(ArchiveMetrics(_no_stats).collect()) == []
