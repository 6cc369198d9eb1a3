"""The admin routes of a change of the embedding model: begin, compare, switch, roll back, drop."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from backstory_shared.errors import CannotStart, InvalidParameter
from backstory_shared.generations import Roles
from backstory_shared.ports import EmbeddingBackend, ModelChoice
from backstory_shared.web.parameters import KNOWN_PARAMETERS
from backstory_summarize.change_model import ChangeModel, Golden

Text = Annotated[str, Field(min_length=1, max_length=1_000)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ModelIn(_In):
    """The model to change to."""

    model: Text
    backend: EmbeddingBackend = EmbeddingBackend.TORCH
    threads: Annotated[int, Field(ge=1, le=64)] = 1


class GoldenIn(_In):
    """A query of the publisher's own, and the articles it should find."""

    query: Text
    ids: Annotated[list[Text], Field(min_length=1, max_length=100)]


class SwitchIn(_In):
    """`force` switches also where the comparison would not."""

    golden: Annotated[list[GoldenIn], Field(max_length=1_000)] = []
    force: bool = False


def routes(change: ChangeModel, guard: Callable[..., Awaitable[None]]) -> APIRouter:
    router = APIRouter(
        prefix="/v1/admin/model", tags=["admin"], dependencies=[Depends(guard), *KNOWN_PARAMETERS]
    )

    @router.get("")
    def models() -> dict[str, Any]:
        """Which model serves, which comes next, and which went before."""
        return _said(change.roles())

    @router.post("", status_code=202)
    def begin(model: ModelIn) -> dict[str, Any]:
        """Make a second index with another model, beside the one that serves; or go on with it."""
        try:
            missing = change.begin(ModelChoice(model.model, model.backend, model.threads))
        except CannotStart as error:
            raise InvalidParameter(error.detail) from error
        return {"missing": missing, **_said(change.roles())}

    @router.post("/switch")
    def switch(asked: SwitchIn) -> dict[str, Any]:
        """Compare the two; if the new one is good enough, let it serve from the next question on.

        409 `not-ready` while articles are missing from it.
        """
        golden = [Golden(one.query, tuple(one.ids)) for one in asked.golden]
        comparison = change.compare(golden)
        switched = asked.force or comparison.passes
        roles = change.switch() if switched else change.roles()
        return {"switched": switched, **asdict(comparison), **_said(roles)}

    @router.post("/rollback")
    def roll_back() -> dict[str, Any]:
        """Let the index of the model before serve again."""
        return _said(change.roll_back())

    @router.post("/drop-others")
    def drop_others() -> dict[str, Any]:
        """Remove every index but the one that serves."""
        return _said(change.drop_others())

    return router


def _said(roles: Roles) -> dict[str, Any]:
    kept = {"serving": roles.serving, "next": roles.next, "previous": roles.previous}
    return {role: one.choice.name if one else None for role, one in kept.items()}
