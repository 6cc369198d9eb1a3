"""Generations on a server: a collection each, and an alias for each role."""

import re
from uuid import uuid4

from qdrant_client import models

from backstory_shared.adapters.qdrant_server import collections
from backstory_shared.adapters.qdrant_server.connection import connect, server_errors
from backstory_shared.adapters.qdrant_server.index import QdrantServerIndex
from backstory_shared.generations import Generation, Roles
from backstory_shared.ports import EmbeddingBackend, ModelCard, ModelChoice
from backstory_shared.settings import Qdrant

_ROLES = ("serving", "next", "previous")
#: The first has the name that every process would give it that starts at the same time.
_SUFFIX = "_(v1|[0-9a-f]{32})"


class QdrantServerGenerations:
    """Implements Generations by aliases, which all change in one step; any process may look."""

    def __init__(self, settings: Qdrant, default: ModelChoice) -> None:
        self._client = connect(settings)
        self._settings = settings
        self._default = default
        self._choices: dict[str, ModelChoice] = {}

    def roles(self) -> Roles:
        names = self._names()
        if "serving" not in names:
            first = f"{self._settings.qdrant_collection}_v1"
            return Roles(serving=Generation(first, self._default))
        return Roles(**{role: Generation(name, self._choice(name)) for role, name in names.items()})

    def fresh(self, choice: ModelChoice) -> Generation:
        """What is there of changes that were given up is cleared away."""
        held = {one.name for one in self.roles().kept}
        for name in self._made() - held:
            self.discard(Generation(name, choice))
        return Generation(f"{self._settings.qdrant_collection}_{uuid4().hex}", choice)

    def keep(self, roles: Roles) -> None:
        """What has a role is made before an alias can mean it."""
        changes: list[models.AliasOperations] = []
        known = self._names()
        for role in _ROLES:
            generation: Generation | None = getattr(roles, role)
            alias = self._alias(role)
            if generation is not None:
                to = models.CreateAlias(collection_name=generation.name, alias_name=alias)
                changes.append(models.CreateAliasOperation(create_alias=to))
            elif role in known:
                gone = models.DeleteAlias(alias_name=alias)
                changes.append(models.DeleteAliasOperation(delete_alias=gone))
        with server_errors():
            self._client.update_collection_aliases(changes)

    def open(self, generation: Generation, model: ModelCard) -> QdrantServerIndex:
        collections.create(
            self._client, generation.name, self._settings, model, choice=generation.choice
        )
        collections.check(self._client, generation.name, model)
        if not self._names():
            collections.point_alias(self._client, self._alias("serving"), generation.name)
        return QdrantServerIndex(connect(self._settings), generation.name, model)

    def close(self) -> None:
        self._client.close()

    def discard(self, generation: Generation) -> None:
        with server_errors():
            self._client.delete_collection(generation.name)

    def _alias(self, role: str) -> str:
        alias = self._settings.qdrant_collection
        return alias if role == "serving" else f"{alias}_{role}"

    def _names(self) -> dict[str, str]:
        """The collection of each role that is taken."""
        with server_errors():
            aliases = self._client.get_aliases().aliases
        named = {one.alias_name: one.collection_name for one in aliases}
        return {role: named[self._alias(role)] for role in _ROLES if self._alias(role) in named}

    def _made(self) -> set[str]:
        """The collections of ours that are there; others may be on the same server."""
        ours = re.compile(re.escape(self._settings.qdrant_collection) + _SUFFIX)
        with server_errors():
            there = self._client.get_collections().collections
        return {one.name for one in there if ours.fullmatch(one.name)}

    def _choice(self, name: str) -> ModelChoice:
        """As the collection's own metadata has it, which never changes."""
        if name not in self._choices:
            with server_errors():
                said = self._client.get_collection(name).config.metadata or {}
            if "name" not in said:
                return self._default
            backend = EmbeddingBackend(said["backend"])
            self._choices[name] = ModelChoice(str(said["name"]), backend, self._default.threads)
        return self._choices[name]
