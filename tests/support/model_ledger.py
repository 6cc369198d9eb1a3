"""The ledger as a handful of dictionaries moved by the pure rules: what the real one must equal."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from backstory_shared import stages
from backstory_shared.articles import Current, Outcome, decide
from backstory_shared.editing import NO_DECISIONS, Decisions, Edit, decided, state_of
from backstory_shared.errors import NotReady
from backstory_shared.events import EventType
from backstory_shared.ports import Accepted, Batch, StageReport, Stats, StatusReport, Submission
from backstory_shared.stages import ArticleStatus, Lane, Reason, Stage, StageState, State
from backstory_shared.summaries import SummaryState
from support.clocks import FakeClock

Key = tuple[str, Stage]
FINISHED = {
    Stage.SUMMARIZE: EventType.SUMMARIZED,
    Stage.INDEX: EventType.INDEXED,
    Stage.RELATE: EventType.RELATED,
}


@dataclass(frozen=True)
class Row:
    """A stage's state, and its place in the queue."""

    state: StageState
    lane: Lane
    queued_at: datetime


@dataclass
class ModelLedger:
    clock: FakeClock
    articles: dict[str, Current] = field(default_factory=dict)
    rows: dict[Key, Row] = field(default_factory=dict)
    summarized: set[tuple[str, int]] = field(default_factory=set)
    decisions: dict[str, Decisions] = field(default_factory=dict)
    indexed: dict[str, int] = field(default_factory=dict)
    told: Counter[tuple[EventType, str, int]] = field(default_factory=Counter)

    # --- moves ------------------------------------------------------------------------------------

    def accept(self, submission: Submission) -> Accepted:
        draft, article = submission.draft, submission.draft.article
        current = self.articles.get(article.id)
        outcome, revision = decide(current, draft)
        if outcome in (Outcome.CREATED, Outcome.UPDATED):
            self.articles[article.id] = Current(
                revision=revision,
                deleted=False,
                content_hash=draft.content_hash,
                modified_at=article.modified_at,
            )
            before = self.rows.get((article.id, Stage.INDEX))
            self._queue(article.id, revision, submission.lane, stages.FIRST_STAGES)
            if before is not None:
                self._supersede(article.id, before.state, revision, submission.lane)
            self.rows.pop((article.id, Stage.RELATE), None)
            self._tell(EventType.ACCEPTED, article.id)
        elif outcome is Outcome.UNCHANGED and current and article.modified_at:
            self.articles[article.id] = replace(current, modified_at=article.modified_at)
        status = self.status(article.id).status
        return Accepted(id=article.id, revision=revision, outcome=outcome, status=status)

    def delete(self, article_id: str) -> int:
        current = self.articles[article_id]
        if current.deleted:
            return current.revision
        revision = current.revision + 1
        self.articles[article_id] = replace(current, revision=revision, deleted=True)
        self.summarized = {(id_, of) for id_, of in self.summarized if id_ != article_id}
        self.decisions.pop(article_id, None)
        self.rows.pop((article_id, Stage.SUMMARIZE))
        self.rows.pop((article_id, Stage.RELATE), None)
        before = self.rows[article_id, Stage.INDEX].state
        self._supersede(article_id, before, revision, Lane.LIVE)
        self._tell(EventType.DELETED, article_id)
        return revision

    def edit(self, article_id: str, edit: Edit) -> None:
        """Of a live article. Raises what the rule raises, and NotReady."""
        revision = self.articles[article_id].revision
        before = self.decisions.get(article_id, NO_DECISIONS)
        after = decided(before, edit, revision, self.clock.now)
        made = (article_id, revision) in self.summarized
        if edit.approved and not after.holds(revision) and not made:
            raise NotReady
        if after != before:
            self.decisions[article_id] = after
            self._tell(EventType.SUMMARIZED, article_id)

    def again(self, article_id: str) -> None:
        key = (article_id, Stage.SUMMARIZE)
        self._again([key])
        self.rows[key] = replace(self.rows[key], lane=Lane.LIVE)

    def claimable(self, stage: Stage, lane: Lane, limit: int) -> dict[str, int]:
        """The ids that a claim must give, with their revisions."""
        queue = sorted(
            (row.queued_at, key)
            for key, row in self.rows.items()
            if key[1] is stage and row.lane is lane and stages.due(row.state, self.clock.now)
        )
        first_ones = [key for _, key in queue[:limit]]
        if first_ones and self.rows[first_ones[0]].state.alone:
            chosen = first_ones[:1]
        else:
            chosen = [key for key in first_ones if not self.rows[key].state.alone]
        return {key[0]: self.rows[key].state.revision for key in chosen}

    def claim(self, batch: Batch) -> None:
        for work in batch.items:
            self._move(
                (work.article_id, batch.stage),
                lambda state: stages.claim(state, self.clock.now, batch.token),
            )

    def finish(self, batch: Batch, ids: Iterable[str]) -> set[str]:
        kept = set()
        for article_id, stage in self._held(batch, ids):
            self._move((article_id, stage), stages.finish)
            kept.add(article_id)
            current = self.articles[article_id]
            if stage is Stage.INDEX:
                self.indexed[article_id] = current.revision
            if current.deleted:
                continue
            if stage is Stage.SUMMARIZE:
                self.summarized.add((article_id, current.revision))
            self._tell(FINISHED[stage], article_id)
            if stage in stages.FIRST_STAGES and self._is_ready(article_id):
                self._tell(EventType.READY, article_id)
            if stage is Stage.INDEX:
                self._queue(article_id, current.revision, Lane.BACKFILL, [Stage.RELATE])
        self._let_go(batch)
        return kept

    def fail(self, batch: Batch, ids: Iterable[str], reason: Reason) -> None:
        for key in self._held(batch, ids):
            self._move(key, lambda state: stages.fail(state, self.clock.now, reason))
        self._let_go(batch)

    def lose(self, batch: Batch, ids: Iterable[str], reason: Reason) -> None:
        for key in self._held(batch, ids):
            self._move(key, lambda state: stages.lose(state, self.clock.now, reason))
        self._let_go(batch)

    def release(self, batch: Batch) -> None:
        for key in self._held(batch, [work.article_id for work in batch.items]):
            self._move(key, lambda state: stages.release(state, self.clock.now))
        self._let_go(batch)

    def sweep(self, reason: Reason) -> int:
        over = [
            key
            for key, row in self.rows.items()
            if row.state.lease_until and row.state.lease_until < self.clock.now
        ]
        for key in over:
            self._move(key, lambda state: stages.lose(state, self.clock.now, reason))
        return len(over)

    def void_claims(self) -> int:
        held = [
            key
            for key, row in self.rows.items()
            if row.state.state is State.RUNNING or stages.waits(row.state)
        ]
        for key in held:
            self._move(key, lambda state: stages.void(state, self.clock.now))
        return len(held)

    def retry(self, article_id: str) -> int:
        return len(self._again(key for key in self._in(State.FAILED) if key[0] == article_id))

    def retry_failures(self) -> int:
        return len({article_id for article_id, _ in self._again(self._in(State.FAILED))})

    def requeue(self, article_ids: Iterable[str], stage: Stage) -> int:
        keys = [(id_, stage) for id_ in article_ids if (id_, stage) in self.rows]
        for key in self._again(keys):
            self.rows[key] = replace(self.rows[key], lane=Lane.BACKFILL)
        return len(keys)

    # --- what it says -----------------------------------------------------------------------------

    def status(self, article_id: str) -> StatusReport:
        current = self.articles[article_id]
        reports = tuple(
            self._report(key) for stage in Stage if (key := (article_id, stage)) in self.rows
        )
        status = stages.status_of({report.name: report.state for report in reports})
        return StatusReport(
            id=article_id,
            revision=current.revision,
            status=ArticleStatus.DELETED if current.deleted else status,
            stages=reports,
        )

    def failures(self) -> list[StatusReport]:
        return [self.status(id_) for id_ in sorted({key[0] for key in self._in(State.FAILED)})]

    def waiting(self) -> set[tuple[Stage, Lane]]:
        return {
            (key[1], row.lane)
            for key, row in self.rows.items()
            if stages.due(row.state, self.clock.now)
        }

    def unsettled(self) -> set[str]:
        return {
            article_id
            for (article_id, stage), row in self.rows.items()
            if stage is Stage.INDEX
            and row.state.state is not State.DONE
            and self.articles[article_id].revision > 1
            and self.indexed.get(article_id) != self.articles[article_id].revision
        }

    def summary_states(self) -> dict[str, SummaryState]:
        return {
            article_id: self._summary_state(article_id, current.revision)
            for article_id, current in self.articles.items()
            if not current.deleted
        }

    def stats(self) -> Stats:
        articles = Counter(self.status(article_id).status for article_id in self.articles)
        per_stage = Counter((stage, row.state.state) for (_, stage), row in self.rows.items())
        waiting = [self.rows[key].queued_at for key in self._in(State.PENDING)]
        return Stats(
            articles={status: articles[status] for status in ArticleStatus},
            stages={stage: {state: per_stage[stage, state] for state in State} for stage in Stage},
            oldest_pending_at=min(waiting, default=None),
            last_event=self.told.total(),
        )

    # --- how --------------------------------------------------------------------------------------

    def _queue(self, article_id: str, revision: int, lane: Lane, which: Iterable[Stage]) -> None:
        now = self.clock.now
        for stage in which:
            fresh = StageState(revision=revision, due_at=now)
            self.rows[article_id, stage] = Row(fresh, lane, now)

    def _supersede(self, article_id: str, before: StageState, revision: int, lane: Lane) -> None:
        now = self.clock.now
        fresh = stages.supersede(before, revision, now)
        self.rows[article_id, Stage.INDEX] = Row(fresh, lane, now)

    def _is_ready(self, article_id: str) -> bool:
        """Told even of an article whose relating has failed: it can be read and found."""
        return all(
            self.rows[article_id, stage].state.state is State.DONE for stage in stages.FIRST_STAGES
        )

    def _held(self, batch: Batch, ids: Iterable[str]) -> list[Key]:
        revisions = {work.article_id: work.revision for work in batch.items}
        keys = [(article_id, batch.stage) for article_id in ids if article_id in revisions]
        return [
            key
            for key in keys
            if key in self.rows
            and stages.holds(self.rows[key].state, revisions[key[0]], batch.token)
        ]

    def _let_go(self, batch: Batch) -> None:
        for key, row in self.rows.items():
            state = stages.let_go(row.state, batch.token, self.clock.now)
            self.rows[key] = replace(row, state=state)

    def _move(self, key: Key, rule: Callable[[StageState], StageState]) -> None:
        before = self.rows[key]
        self.rows[key] = replace(before, state=rule(before.state))
        if self.rows[key].state.state is State.FAILED and key[1] in stages.FIRST_STAGES:
            self._tell(EventType.FAILED, key[0])

    def _again(self, keys: Iterable[Key]) -> list[Key]:
        now, moved = self.clock.now, list(keys)
        for key in moved:
            before = self.rows[key].state
            state = stages.retry(before, now)
            if key[1] is Stage.INDEX:
                state = stages.behind(before, state, now)
            self.rows[key] = replace(self.rows[key], state=state, queued_at=now)
        return moved

    def _in(self, state: State) -> list[Key]:
        return [key for key, row in self.rows.items() if row.state.state is state]

    def _report(self, key: Key) -> StageReport:
        state = self.rows[key].state
        return StageReport(
            name=key[1],
            state=state.state,
            errors=state.errors,
            lost=state.lost,
            error=state.reason,
        )

    def _summary_state(self, article_id: str, revision: int) -> SummaryState:
        decisions = self.decisions.get(article_id, NO_DECISIONS)
        return state_of(self._made(article_id, revision), decisions, revision)

    def _made(self, article_id: str, revision: int) -> SummaryState:
        if (article_id, revision) in self.summarized:
            return SummaryState.READY
        if self.rows[article_id, Stage.SUMMARIZE].state.state is State.FAILED:
            return SummaryState.FAILED
        earlier = any(id_ == article_id for id_, _ in self.summarized)
        return SummaryState.STALE if earlier else SummaryState.PENDING

    def _tell(self, type_: EventType, article_id: str) -> None:
        self.told[type_, article_id, self.articles[article_id].revision] += 1
