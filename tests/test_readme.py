"""The README does what it says: its commands are run in order, against the program it starts."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from backstory_shared.settings import GROUPS, variable
from support import patience
from support.program import Program, running
from support.stories import as_lines, numbered, wait_until_settled

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
ADDRESS = "http://127.0.0.1:8000"
PATH = re.compile(r"/(?:v1|livez|readyz|version|metrics|docs)\b[A-Za-z0-9/{}_.-]*")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def commands() -> list[str]:
    """Every command of the shell blocks; one may go over several lines, as its quotes do."""
    found: list[str] = []
    begun = ""
    for line in "".join(blocks("sh")).splitlines(keepends=True):
        begun += line
        if begun.count("'") % 2 == 0 and not begun.endswith("\\\n"):
            found.append(begun.strip())
            begun = ""
    return [command for command in found if command]


COMMANDS = [command for command in commands() if command not in ("make run", "make test")]


@dataclass(frozen=True)
class Reader:
    """Somebody who types the README's commands, with a `.venv` in the folder they are in."""

    program: Program
    folder: Path

    def type(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", command.replace(ADDRESS, self.program.url)],
            cwd=self.folder,
            env={**os.environ, "BACKSTORY_DATA": str(self.folder / "data")},
            capture_output=True,
            text=True,
            timeout=patience.SECONDS,
        )


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """After `make run`: its very command line, in a folder where the README's paths exist."""
    folder = tmp_path_factory.mktemp("clone")
    _install(folder)
    (folder / "archive.jsonl").write_bytes(as_lines(numbered(20)))
    with running(folder / "data", arguments=_make_run()) as program, program.client() as client:
        while client.get("/v1/stats").json()["last_event"] == 0:
            time.sleep(0.02)
        wait_until_settled(client)
        yield Reader(program, folder)


def _make_run() -> list[str]:
    """What the Makefile's `run` target starts, as arguments of this interpreter."""
    recipe = re.search(r"^run:.*\n\t@?(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe is not None
    program, *words = shlex.split(recipe[1])
    assert program == "$(BIN)/backstory"
    return ["-m", "backstory_standalone", *words]


def _install(folder: Path) -> None:
    """A `.venv/bin/backstory` as pip writes it, but for the interpreter that runs the tests."""
    script = folder / ".venv" / "bin" / "backstory"
    script.parent.mkdir(parents=True)
    script.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m backstory_standalone "$@"\n'
    )
    script.chmod(0o755)


def the(start: str) -> str:
    """The one command that begins so."""
    [command] = [command for command in COMMANDS if command.startswith(start)]
    return command


POST = the("curl -s http://127.0.0.1:8000/v1/articles -H")
ARTICLE: dict[str, Any] = json.loads(POST[POST.index("-d '") + 4 : -1])


@pytest.fixture(scope="module")
def posted(reader: Reader) -> dict[str, Any]:
    """What the README's first curl is answered."""
    answer: dict[str, Any] = json.loads(reader.type(POST).stdout)
    with reader.program.client() as client:
        wait_until_settled(client)
    return answer


def test_the_readme_opens_with_the_two_commands_and_a_post() -> None:
    assert commands()[:3] == ["make run", "make test", POST]


def test_the_tools_that_the_readme_asks_for_are_those_it_uses() -> None:
    used = {shlex.split(command)[0] for command in commands()}

    assert used == {"make", "curl", ".venv/bin/backstory"}
    assert shutil.which("curl")


def test_posting_is_answered_as_shown(posted: dict[str, Any]) -> None:
    shown = json.loads(blocks("json")[0])

    assert posted.keys() == shown.keys()
    assert {**posted, "links": {}} == {**shown, "links": {}}
    assert shown["links"].keys() <= posted["links"].keys()


def test_the_summary_is_made_of_the_articles_own_sentences(
    reader: Reader, posted: dict[str, Any]
) -> None:
    summary = json.loads(
        reader.type(the(f"curl -s {ADDRESS}/v1/articles/harbour-2026-11-02/summary")).stdout
    )

    assert summary["state"] == "ready"
    assert summary["sentences"]
    for sentence in summary["sentences"]:
        assert ARTICLE["text"][sentence["start"] : sentence["end"]] == sentence["text"]


def test_the_search_finds_the_article(reader: Reader, posted: dict[str, Any]) -> None:
    found = json.loads(reader.type(the("curl -s 'http://127.0.0.1:8000/v1/search?")).stdout)

    assert "harbour-2026-11-02" in [hit["id"] for hit in found["items"]]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[:60].split("\n")[0])
def test_every_command_works(reader: Reader, posted: dict[str, Any], command: str) -> None:
    done = reader.type(command)

    assert done.returncode == 0, done.stderr
    if command.startswith("curl"):
        assert "/problems/" not in done.stdout
        json.loads(done.stdout)


# --- what is named exists -------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_setting_that_is_named_exists(document: Path) -> None:
    known = {variable(name) for group in GROUPS for name in group.model_fields}

    named = set(re.findall(r"BACKSTORY_[A-Z_]+[A-Z]", document.read_text()))

    assert named <= known | {"BACKSTORY_TEST_DATA"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_route_that_is_named_exists(document: Path, reader: Reader) -> None:
    with reader.program.client() as client:
        known = client.get("/openapi.json").json()["paths"].keys() | {"/docs"}
    routes = [re.compile(re.sub(r"\{\w+\}", "[^/]+", route)) for route in known]

    for named in PATH.findall(document.read_text()):
        assert any(route.fullmatch(named.rstrip(".")) for route in routes), named


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"\bmake ([a-z-]+)", _code(document))) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_program_and_file_that_is_named_exists(document: Path) -> None:
    text = document.read_text()
    programs = re.findall(r"python\s+-m\s+([a-z_.]+[a-z])", text)
    files = re.findall(r"`((?:tests|shared|services|benchmarks|training)/[^`\s*]+)`", text)

    assert [name for name in programs if find_spec(name) is None] == []
    assert [name for name in files if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_file_that_is_linked_exists(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


def _code(document: Path) -> str:
    """The code of a document: in a text, somebody may well `make sure`."""
    text = document.read_text()
    fenced = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return "\n".join([*fenced, *re.findall(r"`([^`\n]+)`", text)])
