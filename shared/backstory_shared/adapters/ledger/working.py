"""SqlWorkLedger: each move of `stages.py` as one statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from backstory_shared.adapters.ledger.accepting import event_values, pending_values
from backstory_shared.adapters.ledger.database import Database, again
from backstory_shared.adapters.ledger.relations import keep_neighbours
from backstory_shared.adapters.ledger.rows import Row, summary_values
from backstory_shared.adapters.ledger.schema import (
    IS_FIRST,
    IS_PENDING,
    IS_RELATE,
    IS_RUNNING,
    IS_WAITING,
    articles,
    stages,
    summaries,
)
from backstory_shared.adapters.ledger.stories import assign_stories
from backstory_shared.adapters.ledger.upserts import upsert
from backstory_shared.events import EventType
from backstory_shared.ports import Batch, Neighbours, Result, Work
from backstory_shared.stages import (
    FIRST_STAGES,
    LEASE,
    MAX_ERRORS,
    MAX_LOST,
    RELEASE_PAUSE,
    Lane,
    Reason,
    Stage,
    State,
    backoff,
)
from backstory_shared.summaries import Summary

_LEASE_RAN_OUT = Reason(
    type="worker-lost", detail="The worker was gone before the article was done."
)
_FINISHED = {
    Stage.SUMMARIZE: EventType.SUMMARIZED,
    Stage.INDEX: EventType.INDEXED,
    Stage.RELATE: EventType.RELATED,
}


@dataclass(frozen=True)
class SqlWorkLedger:
    """Implements WorkLedger and WorkSource."""

    database: Database
    lease: timedelta = LEASE

    @again
    def claim(self, stage: Stage, lane: Lane, limit: int) -> Batch | None:
        now = self.database.clock()
        token = uuid4().hex
        with self.database.write() as connection:
            rows = connection.execute(
                stages.update()
                .where(stages.c.stage == stage.value, stages.c.article_id.in_(_next(limit)))
                .values(state=State.RUNNING.value, token=token, lease_until=now + self.lease)
                .returning(stages.c.article_id, stages.c.revision, stages.c.correlation_id),
                {"_stage": stage.value, "_lane": lane.value, "_now": now},
            ).all()
        items = tuple(_work_of(row) for row in rows)
        return Batch(stage=stage, lane=lane, token=token, items=items) if items else None

    def finish(self, batch: Batch, results: Mapping[str, Result]) -> set[str]:
        kept = self._keep(batch, results)
        if len(kept) < len(batch.items):
            self._let_go(batch)
        return kept

    @again
    def _keep(self, batch: Batch, results: Mapping[str, Result]) -> set[str]:
        now = self.database.clock()
        works = [work for work in batch.items if work.article_id in results]
        with self.database.write() as connection:
            # Both stages of an article may end at once, and one of them must see that it is ready.
            ids = [work.article_id for work in works]
            mine = IS_FIRST if batch.stage in FIRST_STAGES else IS_RELATE
            self.database.lock(connection, stages, sa.and_(mine, stages.c.article_id.in_(ids)))
            kept = self._finish(connection, batch, ids)
            won = [work for work in works if work.article_id in kept]
            _keep_summaries(connection, won, results, now)
            _keep_neighbours(connection, won, results)
            alive = _alive(connection, won)
            if batch.stage is Stage.INDEX:
                _relate_next(connection, alive, now)
            news = [(_FINISHED[batch.stage], alive)]
            if batch.stage in FIRST_STAGES:
                news.append((EventType.READY, _ready(connection, won)))
            self._tell(connection, news, now)
        return kept

    @again
    def fail(self, batch: Batch, reasons: Mapping[str, Reason]) -> None:
        now = self.database.clock()
        failed: set[str] = set()
        with self.database.write() as connection:
            for reason, ids in _by_reason(reasons).items():
                rows = self.database.update(
                    connection,
                    _held(batch, ids)
                    .values(
                        errors=stages.c.errors + 1,
                        state=_unless(stages.c.errors + 1 >= MAX_ERRORS),
                        due_at=_backed_off(now),
                        **_released(reason),
                    )
                    .returning(stages.c.article_id, stages.c.state),
                ).all()
                failed |= _failed(rows)
            self._tell_failed(connection, batch, failed, now)
        self._let_go(batch)

    @again
    def lose(self, batch: Batch, article_ids: Iterable[str], reason: Reason) -> None:
        now = self.database.clock()
        with self.database.write() as connection:
            rows = self.database.update(
                connection,
                _held(batch, list(article_ids))
                .values(**_lost(now, reason))
                .returning(stages.c.article_id, stages.c.state),
            ).all()
            self._tell_failed(connection, batch, _failed(rows), now)
        self._let_go(batch)

    @again
    def release(self, batch: Batch) -> None:
        now = self.database.clock()
        with self.database.write() as connection:
            self.database.update(
                connection,
                _held(batch, [work.article_id for work in batch.items]).values(
                    state=State.PENDING.value,
                    token=None,
                    lease_until=None,
                    due_at=now + RELEASE_PAUSE,
                ),
            )
        self._let_go(batch)

    @again
    def sweep(self) -> int:
        now = self.database.clock()
        with self.database.write() as connection:
            rows = self.database.update(
                connection,
                stages.update()
                .where(IS_RUNNING, stages.c.lease_until < now)
                .values(**_lost(now, _LEASE_RAN_OUT))
                .returning(
                    stages.c.article_id,
                    stages.c.revision,
                    stages.c.correlation_id,
                    stages.c.stage,
                    stages.c.state,
                ),
            ).all()
            gone = [
                _work_of(row)
                for row in rows
                if row.state == State.FAILED.value and row.stage in FIRST_STAGES
            ]
            self._tell(connection, [(EventType.FAILED, gone)], now)
        return len(rows)

    def waiting(self) -> set[tuple[Stage, Lane]]:
        now = self.database.clock()
        with self.database.read() as connection:
            return {
                (stage, lane)
                for stage in Stage
                for lane in Lane
                if connection.execute(_any_due(stage, lane, now)).first() is not None
            }

    @again
    def void_claims(self) -> int:
        free = {"state": State.PENDING.value, "token": None, "lease_until": None}
        with self.database.write() as connection:
            held = self.database.update(connection, stages.update().where(IS_RUNNING).values(free))
            waiting = self.database.update(
                connection,
                stages.update().where(IS_WAITING).values({**free, "due_at": self.database.clock()}),
            )
        return held.rowcount + waiting.rowcount

    @again
    def _let_go(self, batch: Batch) -> None:
        """What was changed or deleted under the batch can be done: nobody writes it any more.

        By itself, holding nothing else: some of these rows may be new since the batch's were taken,
        and others hold them who wait for those.
        """
        if batch.stage is Stage.INDEX:
            ids = [work.article_id for work in batch.items]
            with self.database.write() as connection:
                self.database.update(
                    connection,
                    _under(batch, ids)
                    .where(IS_PENDING)
                    .values(token=None, due_at=self.database.clock()),
                )

    def _finish(self, connection: sa.Connection, batch: Batch, article_ids: list[str]) -> set[str]:
        revisions = {work.article_id: work.revision for work in batch.items}
        rows = self.database.update(
            connection,
            _held(batch, article_ids)
            .values(
                state=State.DONE.value,
                done_revision=stages.c.revision,
                token=None,
                lease_until=None,
                reason_type=None,
                reason_detail=None,
            )
            .returning(stages.c.article_id, stages.c.revision),
        ).all()
        # The token goes whenever the revision moves, so the two can only disagree by a bug.
        stray = [row.article_id for row in rows if revisions[row.article_id] != row.revision]
        if stray:
            raise AssertionError("A claim outlived its revision.")
        return {row.article_id for row in rows}

    def _tell(
        self,
        connection: sa.Connection,
        news: Iterable[tuple[EventType, list[Work]]],
        now: datetime,
    ) -> None:
        rows = [
            event_values(type_, work.article_id, work.revision, work.correlation_id, now)
            for type_, works in news
            for work in works
        ]
        if rows:
            self.database.append_events(connection, rows)

    def _tell_failed(
        self, connection: sa.Connection, batch: Batch, failed: set[str], now: datetime
    ) -> None:
        """An article whose relating failed has not failed."""
        if batch.stage in FIRST_STAGES:
            works = [work for work in batch.items if work.article_id in failed]
            self._tell(connection, [(EventType.FAILED, works)], now)


def _next(limit: int) -> sa.Select[str]:
    """The oldest due row and those that may go with it; a row that must go alone goes alone."""
    due = (
        sa.select(stages.c.article_id, stages.c.alone, stages.c.queued_at)
        .where(
            stages.c.stage == sa.bindparam("_stage", type_=sa.Text),
            stages.c.lane == sa.bindparam("_lane", type_=sa.Text),
            IS_PENDING,
            stages.c.due_at <= sa.bindparam("_now", type_=stages.c.due_at.type),
        )
        .order_by(stages.c.queued_at, stages.c.article_id)
        .limit(limit)
        # Rows that another worker is claiming are not waited for but left to it.
        .with_for_update(skip_locked=True)
        # Not a subquery: PostgreSQL might run that more than once, and lock other rows each time.
        .cte("due")
    )
    place = sa.func.row_number().over(order_by=(due.c.queued_at, due.c.article_id))
    placed = sa.select(due.c.article_id, due.c.alone, place.label("place")).subquery("placed")
    first_alone = sa.func.max(
        sa.case((sa.and_(placed.c.place == 1, placed.c.alone), 1), else_=0)
    ).over()
    marked = sa.select(
        placed.c.article_id, placed.c.alone, placed.c.place, first_alone.label("first_alone")
    ).subquery("marked")
    return sa.select(marked.c.article_id).where(
        sa.or_(marked.c.place == 1, sa.and_(sa.not_(marked.c.alone), marked.c.first_alone == 0))
    )


def _work_of(row: Row) -> Work:
    return Work(article_id=row.article_id, revision=row.revision, correlation_id=row.correlation_id)


def _any_due(stage: Stage, lane: Lane, now: datetime) -> sa.Select[int]:
    return (
        sa.select(sa.literal(1))
        .select_from(stages)
        .where(
            stages.c.stage == stage.value,
            stages.c.lane == lane.value,
            IS_PENDING,
            stages.c.due_at <= now,
        )
        .limit(1)
    )


def _held(batch: Batch, article_ids: list[str]) -> sa.Update:
    """The rows still held under the batch's token; a new revision has taken the token away."""
    return _under(batch, article_ids).where(IS_RUNNING)


def _under(batch: Batch, article_ids: list[str]) -> sa.Update:
    return stages.update().where(
        stages.c.stage == batch.stage.value,
        stages.c.article_id.in_(article_ids),
        stages.c.token == batch.token,
    )


def _keep_summaries(
    connection: sa.Connection,
    works: list[Work],
    results: Mapping[str, Result],
    now: datetime,
) -> None:
    rows = [
        {
            "article_id": work.article_id,
            "revision": work.revision,
            "created_at": now,
            **summary_values(summary),
        }
        for work in works
        if isinstance(summary := results[work.article_id], Summary)
    ]
    if rows:
        upsert(connection, summaries, rows)


def _keep_neighbours(
    connection: sa.Connection, works: list[Work], results: Mapping[str, Result]
) -> None:
    made = {
        work.article_id: (work.revision, neighbours)
        for work in works
        if isinstance(neighbours := results[work.article_id], Neighbours)
    }
    if made:
        keep_neighbours(connection, made)
        assign_stories(connection, made)


def _relate_next(connection: sa.Connection, works: list[Work], now: datetime) -> None:
    """Behind everything else, however urgent the article was; in the order of their keys, since
    others may hold them."""
    if works:
        rows = [
            pending_values(
                work.article_id,
                work.revision,
                Stage.RELATE,
                Lane.BACKFILL,
                work.correlation_id,
                now,
            )
            for work in sorted(works, key=lambda work: work.article_id)
        ]
        upsert(connection, stages, rows)


def _alive(connection: sa.Connection, works: list[Work]) -> list[Work]:
    """Those whose article is not deleted: emptying the index is no event of the article's."""
    rows = connection.execute(
        sa.select(articles.c.id).where(
            articles.c.id.in_([work.article_id for work in works]),
            articles.c.deleted_at.is_(None),
        )
    )
    alive = set(rows.scalars())
    return [work for work in works if work.article_id in alive]


def _ready(connection: sa.Connection, works: list[Work]) -> list[Work]:
    rows = connection.execute(
        sa.select(stages.c.article_id)
        .where(
            stages.c.article_id.in_([work.article_id for work in works]),
            stages.c.stage.in_([stage.value for stage in FIRST_STAGES]),
            stages.c.state == State.DONE.value,
        )
        .group_by(stages.c.article_id)
        .having(sa.func.count() == len(FIRST_STAGES))
    )
    ready = set(rows.scalars())
    return [work for work in works if work.article_id in ready]


def _failed(rows: Iterable[Row]) -> set[str]:
    return {row.article_id for row in rows if row.state == State.FAILED.value}


def _by_reason(reasons: Mapping[str, Reason]) -> dict[Reason, list[str]]:
    grouped: dict[Reason, list[str]] = {}
    for article_id, reason in reasons.items():
        grouped.setdefault(reason, []).append(article_id)
    return grouped


def _released(reason: Reason) -> dict[str, object]:
    return {
        "token": None,
        "lease_until": None,
        "reason_type": reason.type,
        "reason_detail": reason.detail,
    }


def _lost(now: datetime, reason: Reason) -> dict[str, object]:
    lost = sa.case((stages.c.alone, stages.c.lost + 1), else_=stages.c.lost)
    return {
        "lost": lost,
        "alone": True,
        "state": _unless(lost >= MAX_LOST),
        "due_at": now,
        **_released(reason),
    }


def _unless(given_up: sa.ColumnElement[bool]) -> sa.ColumnElement[str]:
    return sa.case((given_up, State.FAILED.value), else_=State.PENDING.value)


def _backed_off(now: datetime) -> sa.ColumnElement[datetime]:
    """`backoff` as an expression: `errors` is what the row had before this one."""
    return sa.case(
        *(
            (stages.c.errors == before, sa.literal(now + backoff(before + 1), stages.c.due_at.type))
            for before in range(MAX_ERRORS - 1)
        ),
        else_=stages.c.due_at,
    )
