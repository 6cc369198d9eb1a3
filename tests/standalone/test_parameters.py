"""One rule for what an address may ask, wherever it leads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.program import running

#: Whoever comes to these may ask anything: nobody sends them a wish.
OPEN = {"/livez", "/readyz", "/metrics", "/version"}
NAMES = {"article_id": "ferry", "story_id": "ferry"}
METHODS = {"get", "post", "put", "delete", "patch"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder: Path = tmp_path_factory.mktemp("parameters")
    with running(folder / "data") as program, program.client() as client:
        yield client


def routes(client: httpx.Client) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Method, address and parameters of each route of the API."""
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        for method in METHODS & operations.keys():
            if path not in OPEN:
                said = operations[method].get("parameters", [])
                yield method, path.format(**NAMES), [one for one in said if one["in"] == "query"]


def problem(client: httpx.Client, method: str, path: str, *asked: tuple[str, str]) -> list[str]:
    """Which parameters are wrong; nothing is sent along that could be done."""
    answer = client.request(method, path, params=asked)
    assert answer.status_code == 422, (method, path, answer.text)
    return [error["pointer"] for error in answer.json()["errors"]]


def test_what_no_route_knows_no_route_takes(client: httpx.Client) -> None:
    found = list(routes(client))

    assert len(found) > 25
    for method, path, _ in found:
        assert problem(client, method, path, ("colour", "blue")) == ["colour"]


def test_what_has_one_value_is_given_once(client: httpx.Client) -> None:
    single = [
        (method, path, one["name"])
        for method, path, said in routes(client)
        for one in said
        if one["schema"].get("type") != "array"
    ]

    assert len(single) > 20
    for method, path, name in single:
        assert problem(client, method, path, (name, "1"), (name, "2")) == [name]


def test_what_is_no_text_is_refused_and_not_repeated(client: httpx.Client) -> None:
    for method, path, _ in routes(client):
        answer = client.request(method, f"{path}?limit=%ff")
        assert answer.status_code == 422, (method, path)
        assert [error["pointer"] for error in answer.json()["errors"]] == ["limit"]
