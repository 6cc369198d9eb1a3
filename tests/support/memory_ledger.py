"""A ledger in memory, small and slow, that follows the rules of articles.decide and stages."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from backstory_shared import stages
from backstory_shared.articles import Current, Draft, Outcome, Revision, Tombstone, decide
from backstory_shared.editing import NO_DECISIONS, Decisions, Edit, decided, state_of
from backstory_shared.errors import Gone, NotFound, NotReady
from backstory_shared.events import Event, EventType
from backstory_shared.ports import (
    Accepted,
    Entry,
    StageReport,
    Stats,
    StatusReport,
    StoredSummary,
    Submission,
    SummaryAct,
)
from backstory_shared.stages import (
    FIRST_STAGES,
    ArticleStatus,
    Reason,
    Stage,
    StageState,
    State,
    status_of,
)
from backstory_shared.summaries import SummaryState


@dataclass
class _Row:
    revision: int
    draft: Draft | None
    stages: dict[Stage, StageState]
    decisions: Decisions = NO_DECISIONS


@dataclass
class MemoryLedger:
    """Implements AcceptLedger, StatusLedger, SummaryDesk and EventLog.

    `groups` are the sizes of its commits.
    """

    rows: dict[str, _Row] = field(default_factory=dict)
    log: list[Event] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def accept(self, submissions: Sequence[Submission]) -> list[Accepted]:
        with self._lock:
            self.groups.append(len(submissions))
            return [self._accept(submission) for submission in submissions]

    def delete(self, article_id: str, correlation_id: str) -> Tombstone:
        row = self._row(article_id)
        if row.draft is not None:
            row.revision, row.draft, row.stages = row.revision + 1, None, _pending(row.revision + 1)
            self._tell(EventType.DELETED, article_id, row.revision, correlation_id)
        return Tombstone(id=article_id, revision=row.revision, deleted_at=datetime.now(UTC))

    def status(self, article_id: str) -> StatusReport:
        return self._report(article_id, self._row(article_id))

    def retry(self, article_id: str) -> int:
        row = self._row(article_id)
        if row.draft is None:
            raise Gone
        return _retry(row)

    def failures(self, *, after: str | None, limit: int) -> list[StatusReport]:
        failed = [self._report(i, row) for i, row in sorted(self.rows.items()) if _failed(row)]
        return [report for report in failed if after is None or report.id > after][:limit]

    def retry_failures(self) -> int:
        return sum(_retry(row) > 0 for row in self.rows.values())

    def stats(self) -> Stats:
        everything = [
            (stage, state) for row in self.rows.values() for stage, state in row.stages.items()
        ]
        pending = [state.due_at for _, state in everything if state.state is State.PENDING]
        return Stats(
            articles=Counter(_status(row) for row in self.rows.values()),
            stages={
                stage: Counter(state.state for found, state in everything if found is stage)
                for stage in Stage
            },
            oldest_pending_at=min(pending, default=None),
            last_event=len(self.log),
        )

    def events(self, *, after: int, limit: int) -> list[Event]:
        return self.log[after : after + limit]

    def last_event(self) -> int:
        return len(self.log)

    def decide(self, article_id: str, edit: Edit, correlation_id: str) -> Entry:
        row = self._live(article_id)
        after = decided(row.decisions, edit, row.revision, datetime.now(UTC))
        if edit.approved and not after.holds(row.revision):
            raise NotReady
        row.decisions = after
        return _entry(row)

    def again(self, article_id: str, correlation_id: str) -> Entry:
        row = self._live(article_id)
        row.stages |= {Stage.SUMMARIZE: _pending(row.revision)[Stage.SUMMARIZE]}
        return _entry(row)

    def history(self, article_id: str) -> list[SummaryAct]:
        self._live(article_id)
        return []

    def text_of(self, article_id: str) -> str:
        draft = self._row(article_id).draft
        return "" if draft is None else draft.article.text

    def break_stage(self, article_id: str, stage: Stage, reason: Reason) -> None:
        """What a worker does to an article that it cannot do, three times over."""
        row, now = self.rows[article_id], datetime.now(UTC)
        for _ in range(stages.MAX_ERRORS):
            claimed = stages.claim(row.stages[stage], now, "token")
            row.stages[stage] = stages.fail(claimed, now, reason)

    def _accept(self, submission: Submission) -> Accepted:
        draft, self.submissions = submission.draft, [*self.submissions, submission]
        article_id, row = draft.article.id, self.rows.get(draft.article.id)
        outcome, revision = decide(_current(row), draft)
        if outcome in (Outcome.CREATED, Outcome.UPDATED):
            decisions = row.decisions if row and row.draft else NO_DECISIONS
            row = self.rows[article_id] = _Row(revision, draft, _pending(revision), decisions)
            self._tell(EventType.ACCEPTED, article_id, revision, submission.correlation_id)
        status = self._report(article_id, self._row(article_id)).status
        return Accepted(id=article_id, revision=revision, outcome=outcome, status=status)

    def _row(self, article_id: str) -> _Row:
        if article_id not in self.rows:
            raise NotFound("No article has this id.")
        return self.rows[article_id]

    def _live(self, article_id: str) -> _Row:
        row = self._row(article_id)
        if row.draft is None:
            raise Gone
        return row

    def _tell(self, type: EventType, article_id: str, revision: int, correlation_id: str) -> None:
        self.log.append(
            Event(
                sequence=len(self.log) + 1,
                type=type,
                article_id=article_id,
                revision=revision,
                correlation_id=correlation_id,
                occurred_at=datetime.now(UTC),
            )
        )

    def _report(self, article_id: str, row: _Row) -> StatusReport:
        reports = [
            StageReport(
                name=stage,
                state=state.state,
                errors=state.errors,
                lost=state.lost,
                error=state.reason,
            )
            for stage, state in row.stages.items()
        ]
        return StatusReport(
            id=article_id, revision=row.revision, status=_status(row), stages=tuple(reports)
        )


def _entry(row: _Row) -> Entry:
    """No worker runs here, so what the machine makes is never there."""
    assert row.draft is not None
    now = datetime.now(UTC)
    return Entry(
        revision=Revision(
            article=row.draft.article,
            revision=row.revision,
            content_hash=row.draft.content_hash,
            copy_hash=row.draft.copy_hash,
            boilerplate=row.draft.boilerplate,
            first_accepted_at=now,
            accepted_at=now,
        ),
        summary=StoredSummary(
            revision=row.revision,
            state=state_of(SummaryState.PENDING, row.decisions, row.revision),
            summary=None,
            decisions=row.decisions,
        ),
    )


def _current(row: _Row | None) -> Current | None:
    if row is None:
        return None
    return Current(
        revision=row.revision,
        deleted=row.draft is None,
        content_hash=row.draft.content_hash if row.draft else "",
        modified_at=row.draft.article.modified_at if row.draft else None,
    )


def _pending(revision: int) -> dict[Stage, StageState]:
    return {
        stage: StageState(revision=revision, due_at=datetime.now(UTC)) for stage in FIRST_STAGES
    }


def _status(row: _Row) -> ArticleStatus:
    if row.draft is None:
        return ArticleStatus.DELETED
    return status_of({stage: state.state for stage, state in row.stages.items()})


def _failed(row: _Row) -> bool:
    return State.FAILED in {state.state for state in row.stages.values()}


def _retry(row: _Row) -> int:
    failed = [stage for stage, state in row.stages.items() if state.state is State.FAILED]
    for stage in failed:
        row.stages[stage] = replace(stages.retry(row.stages[stage], datetime.now(UTC)))
    return len(failed)
