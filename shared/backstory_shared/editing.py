"""What people decide about an article's summary, as pure rules."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from backstory_shared.errors import EditConflict, FieldProblem, InvalidSummary
from backstory_shared.summaries import SummaryState


class Keep(Enum):
    """Stands for "as it is"."""

    AS_IT_IS = "as it is"


AS_IT_IS = Keep.AS_IT_IS

#: The act of an editor who has given the summary its text, or has said that it still fits.
WRITTEN = "written"


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """One decision; what is not named stays as it is. `text` None gives the machine its say back.

    `revision` is the one the editor has seen.
    """

    text: str | Keep | None = AS_IT_IS
    approved: bool | None = None
    locked: bool | None = None
    disabled: bool | None = None
    revision: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decisions:
    """All that holds of the decisions about one article.

    An editor's text holds for the revision it was written for; a locked one until it is unlocked.
    """

    text: str | None = None
    written_for: int | None = None
    locked: bool = False
    approved_revision: int | None = None
    approved_at: datetime | None = None
    disabled: bool = False

    def holds(self, revision: int) -> bool:
        """Whether the editor's text is the article's summary at this revision."""
        return self.text is not None and (self.locked or self.written_for == revision)


NO_DECISIONS = Decisions()


def decided(before: Decisions, edit: Edit, revision: int, now: datetime) -> Decisions:
    """The decisions after an edit of the article at `revision`. Raises EditConflict, BadInput."""
    if edit.revision not in (None, revision):
        raise EditConflict("The article has another revision now; look at it again.")
    after = _written(before, edit, revision, now)
    if edit.approved is not None:
        after = _approved(after, revision, now) if edit.approved else _unapproved(after)
    if edit.disabled is not None:
        after = replace(after, disabled=edit.disabled)
    if edit.locked is not None:
        after = _locked(after, locked=edit.locked)
    return after


def acts(before: Decisions, after: Decisions) -> list[str]:
    """What has happened between the two, in words for the history."""
    told = [
        (after.text is not None and _text_of(before) != _text_of(after), WRITTEN),
        (before.text is not None and after.text is None, "text removed"),
        (_approval(after) not in (None, _approval(before)), "approved"),
        (_approval(before) is not None and _approval(after) is None, "approval withdrawn"),
        (after.locked and not before.locked, "locked"),
        (before.locked and not after.locked, "unlocked"),
        (after.disabled and not before.disabled, "disabled"),
        (before.disabled and not after.disabled, "enabled"),
    ]
    return [act for happened, act in told if happened]


def state_of(made: SummaryState, decisions: Decisions, revision: int) -> SummaryState:
    """What a reader is told: `made` is how far the machine has come."""
    if decisions.disabled:
        return SummaryState.DISABLED
    if decisions.holds(revision):
        current = decisions.written_for == revision
        return SummaryState.READY if current else SummaryState.STALE
    return made


def _written(before: Decisions, edit: Edit, revision: int, now: datetime) -> Decisions:
    """Who writes a summary approves it and wants it to stay, unless the edit says otherwise."""
    if isinstance(edit.text, Keep):
        return before
    if edit.text is None:
        return replace(_unapproved(before), text=None, written_for=None, locked=False)
    same = _text_of(before) == (edit.text, revision)
    kept = before if same else _unapproved(before)
    written = replace(kept, text=edit.text, written_for=revision, locked=True, disabled=False)
    return _approved(written, revision, now)


def _approved(before: Decisions, revision: int, now: datetime) -> Decisions:
    """To approve an older text that is locked says that it still fits.

    What has been said of an editor's text is not said twice; the machine's may be another by now.
    """
    if before.text is not None and before.written_for == before.approved_revision == revision:
        return before
    written_for = revision if before.holds(revision) else before.written_for
    return replace(before, approved_revision=revision, approved_at=now, written_for=written_for)


def _unapproved(before: Decisions) -> Decisions:
    return replace(before, approved_revision=None, approved_at=None)


def _locked(before: Decisions, *, locked: bool) -> Decisions:
    if locked and before.text is None:
        problem = FieldProblem("/locked", "Only an editor's text can be locked; send text too.")
        raise InvalidSummary("There is no editor's text to lock.", fields=[problem])
    return replace(before, locked=locked)


def _text_of(decisions: Decisions) -> tuple[str | None, int | None]:
    return decisions.text, decisions.written_for


def _approval(decisions: Decisions) -> tuple[int | None, datetime | None] | None:
    if decisions.approved_at is None:
        return None
    return decisions.approved_revision, decisions.approved_at
