"""Generations on one machine: a folder each, and a small file that says which of them serves."""

import json
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from backstory_shared.adapters.qdrant_edge.index import EdgeIndex
from backstory_shared.generations import Generation, Roles
from backstory_shared.ports import EmbeddingBackend, ModelCard, ModelChoice

FIRST = "index"
_ROLES = ("serving", "next", "previous")


class EdgeGenerations:
    """Implements Generations in a data folder, for the program that owns it.

    As long as there is no file, the first folder serves, with the model of the settings.
    """

    def __init__(self, folder: Path, default: ModelChoice) -> None:
        self._folder = folder
        self._default = default

    def roles(self) -> Roles:
        try:
            said = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Roles(serving=Generation(FIRST, self._default))
        return Roles(**{role: self._generation(said[role]) for role in _ROLES if role in said})

    def fresh(self, choice: ModelChoice) -> Generation:
        """What lies there of a change that never began is cleared away."""
        held = {one.name for one in self.roles().kept}
        name = next(name for name in _names() if name not in held)
        fresh = Generation(name, choice)
        self.discard(fresh)
        return fresh

    def keep(self, roles: Roles) -> None:
        held = {role: getattr(roles, role) for role in _ROLES}
        said = {role: _said(one) for role, one in held.items() if one is not None}
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(said, indent=1), encoding="utf-8")
        new.replace(self._file)

    def open(self, generation: Generation, model: ModelCard) -> EdgeIndex:
        return EdgeIndex.open(self._folder / generation.name, model)

    def discard(self, generation: Generation) -> None:
        shutil.rmtree(self._folder / generation.name, ignore_errors=True)

    def discard_all(self) -> None:
        """Every generation; the next start makes the first anew, with the model of the settings."""
        for one in self.roles().kept:
            self.discard(one)
        self._file.unlink(missing_ok=True)

    @property
    def _file(self) -> Path:
        return self._folder / "generations.json"

    def _generation(self, said: dict[str, str]) -> Generation:
        backend = EmbeddingBackend(said["backend"])
        return Generation(said["name"], ModelChoice(said["model"], backend, self._default.threads))


def _names() -> Iterator[str]:
    yield FIRST
    yield from (f"{FIRST}-{number}" for number in count(2))


def _said(generation: Generation) -> dict[str, Any]:
    choice = generation.choice
    return {"name": generation.name, "model": choice.name, "backend": choice.backend.value}
