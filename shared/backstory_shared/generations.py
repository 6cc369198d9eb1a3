"""Generations of the index: one serves, and another may be on its way in, or on its way out. Pure.

Every generation that is kept is written to, so that either can serve at any moment; each is
searched only by the model that it was made with.
"""

from dataclasses import dataclass, replace

from backstory_shared.errors import NotReady
from backstory_shared.ports import ModelChoice


@dataclass(frozen=True, slots=True)
class Generation:
    """A whole index, by the name of its folder or collection, and what it is made with."""

    name: str
    choice: ModelChoice


@dataclass(frozen=True, slots=True)
class Roles:
    """Who serves. Of the other two there is at most one: what comes next, or what went before."""

    serving: Generation
    next: Generation | None = None
    previous: Generation | None = None

    @property
    def kept(self) -> tuple[Generation, ...]:
        return tuple(one for one in (self.serving, self.next, self.previous) if one)

    def begun(self, fresh: Generation) -> "Roles":
        """Raises NotReady while another change is not finished or its old index is kept."""
        if self.next is not None:
            raise NotReady("Another model is on its way in already: switch to it, or drop it.")
        if self.previous is not None:
            raise NotReady("The index of the model before is still kept: drop it first.")
        return replace(self, next=fresh)

    def switched(self) -> "Roles":
        if self.next is None:
            raise NotReady("There is no new index to switch to.")
        return Roles(serving=self.next, previous=self.serving)

    def rolled_back(self) -> "Roles":
        """The newer one stays complete, as the next."""
        if self.previous is None:
            raise NotReady("The index of the model before is not kept any more.")
        return Roles(serving=self.previous, next=self.serving)

    def alone(self) -> "Roles":
        return Roles(serving=self.serving)
