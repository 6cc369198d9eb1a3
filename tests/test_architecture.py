"""What holds the house together: the error tree as drawn, and the direction of the arrows."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from backstory_shared import errors
from backstory_shared.errors import BackstoryError

ROOT = Path(__file__).parents[1]
FREE_OF_ENGINES = "Values and use cases know no framework and no engine"


def family(parent: type[BackstoryError]) -> Iterator[type[BackstoryError]]:
    yield parent
    for child in parent.__subclasses__():
        yield from family(child)


ERRORS = list(family(BackstoryError))
DRAWN = [
    (len(line) - len(line.lstrip("│├└─ ")), *line.lstrip("│├└─ ").split())
    for line in (errors.__doc__ or "").splitlines()
    if "── " in line or line == "BackstoryError"
]


def test_the_drawn_tree_has_every_error_once() -> None:
    assert sorted(name for _, name, *_ in DRAWN) == sorted(error.__name__ for error in ERRORS)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_hangs_where_it_is_drawn(error: type[BackstoryError]) -> None:
    names = [name for _, name, *_ in DRAWN]
    place = names.index(error.__name__)
    indent = DRAWN[place][0]

    above = [name for depth, name, *_ in DRAWN[:place] if depth < indent]

    assert error is BackstoryError or above[-1] == error.__base__.__name__


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_has_the_status_and_the_type_that_are_drawn(error: type[BackstoryError]) -> None:
    said = next(rest for _, name, *rest in DRAWN if name == error.__name__)

    if said and said[0].isdecimal():
        assert said == [str(error.status), error.type]
    assert 400 <= error.status <= 599
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", error.type)
    assert error.title


@pytest.mark.parametrize(
    ("root", "library"),
    [("backstory_ingest.main", "qdrant_client"), ("backstory_summarize.worker", "fastapi")],
)
def test_a_root_loads_no_large_library_that_it_has_no_use_for(root: str, library: str) -> None:
    """Each start of a process, and each process, would pay for it."""
    program = f"import {root}, sys; print({library!r} in sys.modules)"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert said.stdout.strip() == b"False"


def test_two_errors_of_one_type_have_one_status() -> None:
    statuses = {(error.type, error.status) for error in ERRORS}

    assert len(statuses) == len({error.type for error in ERRORS})


def test_every_fault_of_the_machine_is_a_5xx_that_a_retry_helps() -> None:
    faults = list(family(errors.Unavailable))

    assert all(500 <= fault.status <= 599 and fault.retry_helps for fault in faults)


def test_no_fault_of_the_caller_is_mended_by_a_retry() -> None:
    faults = list(family(errors.BadInput))

    assert not any(fault.status >= 500 or fault.retry_helps for fault in faults)


def test_the_arrows_point_one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert lint_imports(cache_dir=None) == EXIT_STATUS_SUCCESS


def test_every_use_case_stands_under_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    under = next(each for each in contracts["contracts"] if each["name"] == FREE_OF_ENGINES)

    assert {module for module in under["source_modules"] if not _exists(module)} == set()
    assert {"fastapi", "celery", "qdrant_edge", "sqlalchemy"} <= set(under["forbidden_modules"])


def _exists(module: str) -> bool:
    package, *rest = module.split(".")
    folders = [ROOT / "shared", *(ROOT / "services").iterdir()]
    paths = [folder.joinpath(package, *rest) for folder in folders]
    return any(path.is_dir() or path.with_suffix(".py").is_file() for path in paths)
