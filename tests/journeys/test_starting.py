"""A program of many machines that lacks something says in one sentence what, and ends."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import patience
from support.ports import free_port
from support.postgres import shared_server, url_of
from support.qdrant import running_program

NOWHERE = f"127.0.0.1:{free_port()}"
INGEST = ("-m", "backstory_ingest")
SEARCH = ("-m", "backstory_search")
WORKER = ("-m", "backstory_summarize", "worker")
SECRET = "a secret for cursors"


@pytest.fixture(scope="module")
def qdrant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_program(tmp_path_factory.mktemp("qdrant")) as url:
        yield url


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    return url_of(tmp_path_factory.mktemp("ledger"))


def started(*words: str, **settings: str) -> str:
    """What a program that does not start says."""
    named = {f"BACKSTORY_{name.upper()}": value for name, value in settings.items()}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BACKSTORY_")}
    done = subprocess.run(
        [sys.executable, *words],
        env={**environment, **named, "BACKSTORY_PORT": "0"},
        capture_output=True,
        text=True,
        timeout=patience.SECONDS,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    *_, last = done.stderr.strip().splitlines()
    return last


@pytest.mark.parametrize("words", [INGEST, WORKER], ids=["ingest", "worker"])
def test_without_an_address_of_the_ledger(words: tuple[str, ...]) -> None:
    assert "BACKSTORY_LEDGER_URL" in started(*words)


def test_without_a_secret_for_cursors() -> None:
    assert "BACKSTORY_SECRET" in started(*SEARCH)


def test_with_a_secret_that_is_too_short() -> None:
    assert "16 characters" in started(*SEARCH, secret="short")


@pytest.mark.parametrize("words", [INGEST, WORKER], ids=["ingest", "worker"])
def test_with_a_ledger_that_does_not_answer(words: tuple[str, ...], qdrant: str) -> None:
    url = f"postgresql://nobody:opensesame@{NOWHERE}/none"

    said = started(*words, ledger_url=url, qdrant_url=qdrant)

    assert NOWHERE in said
    assert "sesame" not in said


def test_with_a_ledger_that_has_no_tables_yet() -> None:
    empty = shared_server().new_database()

    assert "backstory migrate" in started(*INGEST, ledger_url=empty)


@pytest.mark.parametrize("words", [SEARCH, WORKER], ids=["search", "worker"])
def test_with_an_index_that_does_not_answer(words: tuple[str, ...], ledger: str) -> None:
    said = started(*words, ledger_url=ledger, secret=SECRET, qdrant_url=f"http://{NOWHERE}")

    assert "Qdrant" in said


def test_with_an_index_that_is_too_old(tmp_path: Path, ledger: str) -> None:
    with running_program(tmp_path / "old", version="1.18.3") as old:
        said = started(*SEARCH, ledger_url=ledger, secret=SECRET, qdrant_url=old)

    assert "1.18.3" in said
    assert "1.19" in said


@pytest.mark.parametrize(
    "address",
    [
        "http://:opensesame@localhost",
        "redis://:opensesame@localhost:port/0",
        "redis://:opensesame@localhost:6379/first",
        "redis://:open/sesame@localhost:6379/0",
        "redis://:opensesame@[localhost:6379/0",
    ],
)
def test_with_an_address_that_is_no_redis(ledger: str, address: str) -> None:
    said = started(*INGEST, ledger_url=ledger, redis_url=address)

    assert "BACKSTORY_REDIS_URL" in said
    assert "opensesame" not in said


@pytest.mark.parametrize("package", ["celery", "redis", "psycopg", "qdrant_client"])
def test_without_the_packages_of_many_machines(package: str) -> None:
    """As a base install is: the package is not there to import."""
    program = (
        f"import sys; sys.modules[{package!r}] = None; sys.argv[1:] = ['check'];"
        "from backstory_shared.starting import start;"
        "from backstory_summarize.__main__ import main; start(main)"
    )

    said = started("-c", program, ledger_url=f"postgresql://a:b@{NOWHERE}/none")

    assert package in said
    assert "backstory[distributed]" in said


def test_with_a_word_that_is_no_program() -> None:
    assert "worker | beat" in started("-m", "backstory_summarize", "dance")
