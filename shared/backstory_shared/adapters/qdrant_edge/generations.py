"""Generations on one machine: a folder each, and a small file that says which of them serves."""

import json
import re
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

from backstory_shared.adapters.qdrant_edge.folder import RESERVE
from backstory_shared.adapters.qdrant_edge.index import EdgeIndex
from backstory_shared.generations import Generation, Roles
from backstory_shared.ports import EmbeddingBackend, ModelCard, ModelChoice
from backstory_shared.readers import MakeWay, go_on

FIRST = "index"
#: Also what is not made whole.
_OURS = re.compile(rf"{FIRST}(-[0-9a-f]{{32}})?(\.new)?")
_ROLES = ("serving", "next", "previous")


class EdgeGenerations:
    """Implements Generations in a data folder, for the program that owns it.

    As long as there is no file, the first folder serves, with the model of the settings.
    """

    def __init__(
        self,
        folder: Path,
        default: ModelChoice,
        make_way: MakeWay = go_on,
        *,
        reserve: int = RESERVE,
    ) -> None:
        self._folder = folder
        self._default = default
        self._make_way = make_way
        self._reserve = reserve

    def roles(self) -> Roles:
        try:
            said = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Roles(serving=Generation(FIRST, self._default))
        return Roles(**{role: self._generation(said[role]) for role in _ROLES if role in said})

    def fresh(self, choice: ModelChoice) -> Generation:
        """What lies there of changes that were given up is cleared away."""
        held = {one.name for one in self.roles().kept}
        for left in self._folder.iterdir():
            if _OURS.fullmatch(left.name) and left.name not in held:
                shutil.rmtree(left, ignore_errors=True)
        return Generation(f"{FIRST}-{uuid4().hex}", choice)

    def keep(self, roles: Roles) -> None:
        held = {role: getattr(roles, role) for role in _ROLES}
        said = {role: _said(one) for role, one in held.items() if one is not None}
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(said, indent=1), encoding="utf-8")
        new.replace(self._file)

    def open(self, generation: Generation, model: ModelCard) -> EdgeIndex:
        return EdgeIndex.open(
            self._folder / generation.name, model, reserve=self._reserve, make_way=self._make_way
        )

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


def _said(generation: Generation) -> dict[str, Any]:
    choice = generation.choice
    return {"name": generation.name, "model": choice.name, "backend": choice.backend.value}
