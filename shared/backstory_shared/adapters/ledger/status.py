"""SqlStatusLedger: how far articles have come, another try, and what the index should hold."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backstory_shared.adapters.ledger.database import Database, again
from backstory_shared.adapters.ledger.rows import Row
from backstory_shared.adapters.ledger.schema import (
    HELD_UNTIL,
    IS_FAILED,
    IS_PENDING,
    articles,
    stages,
)
from backstory_shared.errors import Gone, NotFound
from backstory_shared.ports import StageReport, Stats, StatusReport
from backstory_shared.stages import (
    FIRST_STAGES,
    ArticleStatus,
    Lane,
    Reason,
    Stage,
    State,
    status_of,
)

_PORTION = 1_000
_IN_ORDER = [stage.value for stage in Stage]
#: Another try: all that is counted begins again.
AGAIN = {
    "state": State.PENDING.value,
    "errors": 0,
    "lost": 0,
    "token": None,
    "lease_until": None,
    "reason_type": None,
    "reason_detail": None,
}


@dataclass(frozen=True)
class SqlStatusLedger:
    """Implements StatusLedger and Reconciler."""

    database: Database

    def status(self, article_id: str) -> StatusReport:
        with self.database.read() as connection:
            article = _article(connection, article_id)
            reports = _reports(connection, [article])
        return reports[0]

    @again
    def retry(self, article_id: str) -> int:
        now = self.database.clock()
        with self.database.write() as connection:
            if _article(connection, article_id).deleted_at is not None:
                raise Gone
            return self.database.update(
                connection,
                stages.update()
                .where(stages.c.article_id == article_id, IS_FAILED)
                .values(**AGAIN, due_at=now, queued_at=now),
            ).rowcount

    def failures(self, *, after: str | None, limit: int) -> list[StatusReport]:
        failed = sa.select(stages.c.article_id).where(IS_FAILED)
        query = _select_articles.where(articles.c.id.in_(failed))
        if after is not None:
            query = query.where(articles.c.id > after)
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(articles.c.id).limit(limit)).all()
            return _reports(connection, rows)

    @again
    def retry_failures(self) -> int:
        now = self.database.clock()
        with self.database.write() as connection:
            rows = self.database.update(
                connection,
                stages.update()
                .where(IS_FAILED)
                .values(**AGAIN, due_at=now, queued_at=now)
                .returning(stages.c.article_id),
            )
            return len(set(rows.scalars()))

    def stats(self) -> Stats:
        with self.database.read() as connection:
            counted = connection.execute(
                sa.select(stages.c.stage, stages.c.state, sa.func.count()).group_by(
                    stages.c.stage, stages.c.state
                )
            ).all()
            oldest = connection.execute(
                sa.select(sa.func.min(stages.c.queued_at)).where(IS_PENDING)
            ).scalar_one()
            return Stats(
                articles=_article_counts(connection),
                stages=_stage_counts(counted),
                oldest_pending_at=oldest,
                last_event=self.database.newest_event(connection),
            )

    def indexed(self, *, after: str | None, limit: int) -> list[tuple[str, int]]:
        query = (
            sa.select(articles.c.id, articles.c.revision)
            .join(stages, stages.c.article_id == articles.c.id)
            .where(
                articles.c.deleted_at.is_(None),
                stages.c.stage == Stage.INDEX.value,
                stages.c.state == State.DONE.value,
            )
            .order_by(articles.c.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(articles.c.id > after)
        with self.database.read() as connection:
            return [(row.id, row.revision) for row in connection.execute(query)]

    @again
    def requeue(self, article_ids: Sequence[str], stage: Stage) -> int:
        requeue = _requeue(stage, self.database.clock())
        with self.database.write() as connection:
            return sum(
                self.database.update(
                    connection, requeue.where(stages.c.article_id.in_(some))
                ).rowcount
                for some in _portions(article_ids)
            )

    @again
    def requeue_all(self, stage: Stage) -> int:
        with self.database.write() as connection:
            self.database.take_time(connection)
            return self.database.update(connection, _requeue(stage, self.database.clock())).rowcount


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """An engine takes only so many variables in one statement."""
    return (ids[start : start + _PORTION] for start in range(0, len(ids), _PORTION))


_select_articles = sa.select(articles.c.id, articles.c.revision, articles.c.deleted_at)


def _article(connection: sa.Connection, article_id: str) -> Row:
    row = connection.execute(_select_articles.where(articles.c.id == article_id)).one_or_none()
    if row is None:
        raise NotFound("No article has this id.")
    return row


def _reports(connection: sa.Connection, rows: Sequence[Row]) -> list[StatusReport]:
    found: dict[str, list[StageReport]] = {row.id: [] for row in rows}
    stage_rows = connection.execute(
        sa.select(stages).where(stages.c.article_id.in_(list(found)))
    ).all()
    for stage_row in sorted(stage_rows, key=lambda row: _IN_ORDER.index(row.stage)):
        found[stage_row.article_id].append(_stage_report(stage_row))
    return [_report(row, tuple(found[row.id])) for row in rows]


def _report(row: Row, reports: tuple[StageReport, ...]) -> StatusReport:
    if row.deleted_at is not None:
        status = ArticleStatus.DELETED
    else:
        status = status_of({report.name: report.state for report in reports})
    return StatusReport(id=row.id, revision=row.revision, status=status, stages=reports)


def _stage_report(row: Row) -> StageReport:
    reason = None
    if row.reason_type is not None:
        reason = Reason(type=row.reason_type, detail=row.reason_detail)
    return StageReport(
        name=Stage(row.stage),
        state=State(row.state),
        errors=row.errors,
        lost=row.lost,
        error=reason,
    )


def _article_counts(connection: sa.Connection) -> dict[ArticleStatus, int]:
    """By the status rule: failed if a first stage is, ready once they are done."""
    per_article = (
        sa.select(
            sa.func.max(sa.case((stages.c.state == State.FAILED.value, 1), else_=0)).label(
                "failed"
            ),
            sa.func.min(sa.case((stages.c.state == State.DONE.value, 1), else_=0)).label("done"),
        )
        .join(articles, articles.c.id == stages.c.article_id)
        .where(
            articles.c.deleted_at.is_(None),
            stages.c.stage.in_([stage.value for stage in FIRST_STAGES]),
        )
        .group_by(stages.c.article_id)
        .subquery()
    )
    rows = connection.execute(
        sa.select(
            per_article.c.failed, per_article.c.done, sa.func.count().label("articles")
        ).group_by(per_article.c.failed, per_article.c.done)
    )
    counts = dict.fromkeys(ArticleStatus, 0)
    for row in rows:
        counts[_status(failed=bool(row.failed), done=bool(row.done))] += row.articles
    counts[ArticleStatus.DELETED] = connection.execute(
        sa.select(sa.func.count()).select_from(articles).where(articles.c.deleted_at.is_not(None))
    ).scalar_one()
    return counts


def _status(*, failed: bool, done: bool) -> ArticleStatus:
    if failed:
        return ArticleStatus.FAILED
    return ArticleStatus.READY if done else ArticleStatus.ACCEPTED


def _stage_counts(rows: Iterable[Row]) -> dict[Stage, dict[State, int]]:
    counts = {stage: dict.fromkeys(State, 0) for stage in Stage}
    for stage, state, count in rows:
        counts[Stage(stage)][State(state)] = count
    return counts


def _requeue(stage: Stage, now: datetime) -> sa.Update:
    fresh = {**AGAIN, "lane": Lane.BACKFILL.value, "due_at": now, "queued_at": now}
    if stage is Stage.INDEX:
        fresh |= _behind(now)
    return stages.update().where(stages.c.stage == stage.value).values(fresh)


def _behind(now: datetime) -> dict[str, object]:
    """As `stages.behind` says."""
    held = now < HELD_UNTIL
    return {
        "token": sa.case((held, stages.c.token), else_=None),
        "due_at": sa.case((held, HELD_UNTIL), else_=sa.literal(now, stages.c.due_at.type)),
    }
