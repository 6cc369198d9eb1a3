"""docker-compose.yml and Dockerfile, checked against the code: nothing in them is made up."""

import ast
import re
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from typer.main import get_group

from backstory_shared.adapters.qdrant_server.connection import OLDEST
from backstory_shared.settings import GROUPS, Web, variable
from backstory_shared.web import web_app
from backstory_standalone.cli import cli
from backstory_summarize.worker import PROGRAMS
from support.compose import ENV, FILE, command_of, environment_of, services

ROOT = FILE.parent
SERVICES = services()
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
THEIRS = sorted(SERVICES.keys() - set(OURS))
LONG_RUNNING = sorted(SERVICES.keys() - {"migrate"})
SETTINGS = {variable(name) for group in GROUPS for name in group.model_fields}
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_there_is_every_part() -> None:
    assert OURS == ["beat", "ingest", "migrate", "search", "worker"]
    assert THEIRS == ["postgres", "qdrant", "redis"]


def test_one_image_is_all_of_our_programs() -> None:
    assert len({SERVICES[name]["image"] for name in OURS}) == 1


@pytest.mark.parametrize("name", OURS)
def test_a_command_is_one_that_the_code_has(name: str) -> None:
    program, *words = command_of(name)

    if program == sys.executable:
        assert words[0] == "-m"
        assert find_spec(f"{words[1]}.__main__"), words[1]
        assert len(words) == (3 if words[1] == "backstory_summarize" else 2)
        assert all(word in PROGRAMS for word in words[2:])
    else:
        assert words[0] in get_group(cli).commands


@pytest.mark.parametrize("name", OURS)
def test_a_variable_is_a_setting(name: str) -> None:
    said = {one for one in environment_of(name) if one.startswith("BACKSTORY_")}

    assert said
    assert said <= SETTINGS


def test_articles_are_embedded_by_sentence_transformers_unless_somebody_says_otherwise() -> None:
    said = {environment_of(name)["BACKSTORY_EMBEDDING_MODEL"] for name in OURS}

    assert said == {"sentence-transformers/all-MiniLM-L6-v2"}
    assert re.search(r"^ARG EXTRAS=\S*\btransformers\b", DOCKERFILE, re.M)


@pytest.mark.parametrize("secret", sorted(ENV))
def test_without_a_secret_nothing_starts(secret: str) -> None:
    env = {name: value for name, value in ENV.items() if name != secret}

    with pytest.raises(AssertionError, match=secret):
        _all_environments(env)


def _all_environments(env: dict[str, str]) -> list[dict[str, str]]:
    return [environment_of(name, env) for name in SERVICES]


def test_every_port_is_published_on_loopback_only() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert len(published) == 2
    assert all(port.startswith("127.0.0.1:") for port in published)


@pytest.mark.parametrize("name", ["ingest", "search"])
def test_a_port_is_the_one_that_the_program_listens_on(name: str) -> None:
    listened = environment_of(name)["BACKSTORY_PORT"]

    assert SERVICES[name]["ports"][0].rpartition(":")[2] == listened


@pytest.mark.parametrize("name", ["ingest", "search"])
def test_the_health_of_an_api_is_asked_where_it_is_told(name: str) -> None:
    *_, code = SERVICES[name]["healthcheck"]["test"]
    ast.parse(code)
    asked = urlsplit(re.findall(r"http://[^']+", code)[0])

    assert asked.path in web_app("any", Web(), [], []).openapi()["paths"]
    assert str(asked.port) == environment_of(name)["BACKSTORY_PORT"]


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_the_health_of_a_program_is_asked_by_one_that_there_is(name: str) -> None:
    kind, python, flag, module, word = SERVICES[name]["healthcheck"]["test"]

    assert (kind, python, flag) == ("CMD", "python", "-m")
    assert find_spec(f"{module}.__main__")
    assert word in PROGRAMS


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_whoever_others_rely_on_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_memory_is_limited(name: str) -> None:
    assert re.fullmatch(r"\d+[mg]", SERVICES[name]["mem_limit"])


@pytest.mark.parametrize("name", THEIRS)
def test_a_server_is_pinned_and_keeps_its_data(name: str) -> None:
    service = SERVICES[name]

    assert re.search(r":v?\d+(\.\d+)*", service["image"])
    assert service["volumes"]


def test_every_volume_is_declared() -> None:
    declared = yaml.safe_load(FILE.read_text())["volumes"].keys()
    used = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    }

    assert used == set(declared)


def test_the_qdrant_is_one_that_the_code_takes() -> None:
    version = re.findall(r"\d+", SERVICES["qdrant"]["image"].rpartition(":")[2])

    assert tuple(map(int, version[:2])) >= OLDEST


def test_the_redis_has_no_known_hole_in_waiting() -> None:
    version = re.findall(r"\d+", SERVICES["redis"]["image"].rpartition(":")[2])

    assert tuple(map(int, version[:3])) >= (8, 6, 3)


def test_redis_evicts_nothing() -> None:
    command = SERVICES["redis"]["command"]

    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_tables_are_made_once_before_anybody_starts() -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    for name in set(OURS) - {"migrate"}:
        waits = SERVICES[name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"
        assert "redis" not in waits, "without Redis articles are accepted all the same"


def test_workers_can_be_many() -> None:
    assert "container_name" not in SERVICES["worker"]
    assert "ports" not in SERVICES["worker"]


# --- the image ------------------------------------------------------------------------------------


def test_the_image_is_built_in_two_stages_and_runs_as_nobody_special() -> None:
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.M)) == 2
    users = re.findall(r"^USER (\w+)", DOCKERFILE, re.M)
    assert users
    assert users[-1] not in ("root", "0")


def test_the_models_may_be_written_by_whom_the_image_runs_as() -> None:
    folder = SERVICES["worker"]["volumes"][0].partition(":")[2]

    assert f"HF_HOME={folder}" in DOCKERFILE
    assert f"install --directory --owner backstory {folder}" in DOCKERFILE


def test_what_the_image_copies_is_there() -> None:
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M)
    copied = {source for line in lines for source in line.split()[:-1]}

    assert copied
    assert {source for source in copied if not (ROOT / source).exists()} == set()


def test_what_the_package_needs_is_copied() -> None:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert {Path(package).parts[0] for package in packages} <= set(
        re.findall(r"^COPY (\w+) \w+$", DOCKERFILE, re.M)
    )
    assert project["project"]["readme"] in DOCKERFILE


def test_the_extras_of_the_image_are_extras() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    said = re.findall(r"^ARG EXTRAS=(\S+)", DOCKERFILE, re.M)[0].split(",")

    assert set(said) <= project["optional-dependencies"].keys()
    assert "distributed" in said


def test_a_variable_of_the_image_is_a_setting() -> None:
    assert set(re.findall(r"\b(BACKSTORY_\w+)=", DOCKERFILE)) <= SETTINGS
