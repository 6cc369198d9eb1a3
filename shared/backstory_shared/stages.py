"""Stage states and their legal moves, as pure rules; the ledger does each as one statement.

A stage's row lives as long as its article's revision is current:

    pending --claim--> running --finish--> done
       ^                  |--fail (an error: back-off; the third: failed)
       |                  '--lose (the worker died; the third while alone: failed)
       '------retry------ failed

The code that raised and the machine that died are counted apart, since only the first says
something about the article. After a loss nobody knows which article of the batch was to blame, so
each is claimed alone from then on, and only a loss while alone counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

MAX_ERRORS = 3
MAX_LOST = 3
MAX_BATCH = 64
BACKOFF = timedelta(seconds=30)
BACKOFF_CAP = timedelta(minutes=15)
RELEASE_PAUSE = timedelta(seconds=5)

#: The hard time limit of one batch. A lease is longer, so that a lease that ran out means a worker
#: that is gone, not one that is slow.
TIME_LIMIT = timedelta(seconds=120)
LEASE = timedelta(seconds=150)


class Stage(StrEnum):
    """The work every accepted article goes through.

    The first two do not wait for each other. `relate` begins when `index` is done, and waits for
    everything else: an article is ready without it.
    """

    SUMMARIZE = "summarize"
    INDEX = "index"
    RELATE = "relate"


#: What an article's acceptance sets going.
FIRST_STAGES = (Stage.SUMMARIZE, Stage.INDEX)

#: How many articles one claim takes. Relations are kept in one transaction a batch, and whoever
#: posts an article meanwhile waits for it.
BATCH = {Stage.SUMMARIZE: MAX_BATCH, Stage.INDEX: MAX_BATCH, Stage.RELATE: 32}


class Lane(StrEnum):
    """A live article overtakes a backfilled one."""

    LIVE = "live"
    BACKFILL = "backfill"


class State(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ArticleStatus(StrEnum):
    ACCEPTED = "accepted"
    READY = "ready"
    FAILED = "failed"
    DELETED = "deleted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why a stage failed: a problem type and one sentence."""

    type: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StageState:
    """Where one stage of one article's current revision stands."""

    revision: int
    state: State = State.PENDING
    errors: int = 0
    lost: int = 0
    alone: bool = False
    due_at: datetime
    token: str | None = None
    lease_until: datetime | None = None
    reason: Reason | None = None


def due(state: StageState, now: datetime) -> bool:
    return state.state is State.PENDING and state.due_at <= now


def claim(state: StageState, now: datetime, token: str) -> StageState:
    """The row as the claiming worker holds it. Only a due row may be claimed."""
    return replace(state, state=State.RUNNING, token=token, lease_until=now + LEASE)


def holds(state: StageState, revision: int, token: str) -> bool:
    """Whether a result for `revision` made under `token` may still be kept."""
    return state.state is State.RUNNING and state.revision == revision and state.token == token


def finish(state: StageState) -> StageState:
    return replace(_released(state), state=State.DONE, reason=None)


def fail(state: StageState, now: datetime, reason: Reason) -> StageState:
    """The code raised or ran out of time: back off and try again, the third time give up."""
    errors = state.errors + 1
    if errors >= MAX_ERRORS:
        return replace(_released(state), state=State.FAILED, errors=errors, reason=reason)
    return replace(_released(state), errors=errors, due_at=now + backoff(errors), reason=reason)


def lose(state: StageState, now: datetime, reason: Reason) -> StageState:
    """The worker died or its lease ran out: due again at once, and alone from now on."""
    lost = state.lost + 1 if state.alone else state.lost
    moved_to = State.FAILED if lost >= MAX_LOST else State.PENDING
    return replace(
        _released(state), state=moved_to, lost=lost, alone=True, due_at=now, reason=reason
    )


def retry(state: StageState, now: datetime) -> StageState:
    """A person asks for another try: the counters start again, the suspicion stays."""
    return replace(_released(state), errors=0, lost=0, due_at=now, reason=None)


def void(state: StageState, now: datetime) -> StageState:
    """Take back a claim nobody can hold any more, without counting it against the article."""
    return replace(_released(state), due_at=now if waits(state) else state.due_at)


def release(state: StageState, now: datetime) -> StageState:
    """Give back what the machine, not the article, prevented: later, and nothing is counted."""
    return replace(_released(state), due_at=now + RELEASE_PAUSE)


def supersede(state: StageState, revision: int, now: datetime) -> StageState:
    """The index stage of an article as it is changed or deleted: what is due in its stead.

    A deletion is what removes it from the index.
    """
    return behind(state, StageState(revision=revision, due_at=now), now)


def behind(state: StageState, fresh: StageState, now: datetime) -> StageState:
    """`fresh` in the place of this index stage: nobody is at work on it beside anybody else.

    Whoever holds it may write to the index once more, and may be killed just then. What comes next
    waits, under that claim's token, until they say that they are done with it (`let_go`) or must
    be gone: else a removal might come before the last that they write.
    """
    until = state.due_at if waits(state) else state.lease_until
    if until is not None and until > now:
        return replace(fresh, due_at=until, token=state.token)
    return fresh


def waits(state: StageState) -> bool:
    """Whether this waits for an earlier claim to come to its end."""
    return state.state is State.PENDING and state.token is not None


def let_go(state: StageState, token: str, now: datetime) -> StageState:
    """The claim under this token has come to its end, whichever: what waits for it is due."""
    if waits(state) and state.token == token:
        return replace(_released(state), due_at=now)
    return state


def backoff(errors: int) -> timedelta:
    """30 s, doubled with every error, at most 15 minutes."""
    doublings = min(errors - 1, BACKOFF_CAP // BACKOFF)
    return min(BACKOFF * (1 << doublings), BACKOFF_CAP)


def status_of(states: Mapping[Stage, State]) -> ArticleStatus:
    """Failed if one of its first stages is, ready once they are done, else accepted.

    An article whose relating failed can be read and found: it is a failure, but it is ready.
    """
    first = {state for stage, state in states.items() if stage in FIRST_STAGES}
    if State.FAILED in first:
        return ArticleStatus.FAILED
    return ArticleStatus.READY if first == {State.DONE} else ArticleStatus.ACCEPTED


def _released(state: StageState) -> StageState:
    return replace(state, state=State.PENDING, token=None, lease_until=None)
