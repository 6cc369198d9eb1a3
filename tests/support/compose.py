"""What docker-compose.yml says: the commands and the environment that it starts services with."""

import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[2] / "docker-compose.yml"

#: What a person puts into .env.
ENV = {
    "BACKSTORY_API_KEY": "test-key",
    "BACKSTORY_SECRET": "a secret for cursors",
    "POSTGRES_PASSWORD": "swordfish",
    "QDRANT_API_KEY": "qdrant-key",
}


def services() -> dict[str, Any]:
    """The services, with anchors and merges resolved and variables left as they are."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text())["services"]
    return found


def command_of(service: str) -> list[str]:
    """The command, with this environment's own Python in place of the image's."""
    program, *rest = services()[service]["command"]
    if program == "python":
        return [sys.executable, *rest]
    beside = shutil.which(program, path=str(Path(sys.executable).parent))
    assert beside, f"{program} is not installed"
    return [beside, *rest]


def environment_of(service: str, env: Mapping[str, str] = ENV) -> dict[str, str]:
    said = services()[service].get("environment", {})
    return {name: filled(value, env) for name, value in said.items()}


def filled(value: str, env: Mapping[str, str]) -> str:
    """`${NAME:?sentence}` and `${NAME:-default}`, as Compose fills them in."""

    def found(match: re.Match[str]) -> str:
        name, how, other = match["name"], match["how"], match["other"]
        if env.get(name):
            return env[name]
        assert how == ":-", f"{name} has no value: {other}"
        return other

    return re.sub(r"\$\{(?P<name>\w+)(?P<how>:[-?])?(?P<other>[^}]*)\}", found, value)
