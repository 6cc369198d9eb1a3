"""The ledger's tables: one schema for SQLite and PostgreSQL. Migrations must arrive at the same."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from backstory_shared.stages import FIRST_STAGES, Stage

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_BETWEEN = "\x1f"


def microseconds(value: datetime | None) -> int | None:
    """How an instant is kept."""
    return None if value is None else (value - EPOCH) // MICROSECOND


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970 so that both engines order it alike."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002 - named by SQLAlchemy
        return microseconds(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - named by SQLAlchemy
        return None if value is None else EPOCH + value * MICROSECOND


def joined(words: Sequence[str] | None) -> str | None:
    return None if words is None else _BETWEEN.join(words)


class Several(sa.types.TypeDecorator[tuple[str, ...]]):
    """A few words, none of which has a control character in it; quicker to read than JSON."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - named by SQLAlchemy
        return joined(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> tuple[str, ...]:  # noqa: ARG002 - named by SQLAlchemy
        return tuple(value.split(_BETWEEN)) if value else ()


metadata = sa.MetaData()

articles = sa.Table(
    "articles",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("deleted_at", Instant),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("copy_hash", sa.Text, nullable=False),
    sa.Column("canonical_url", sa.Text),
    sa.Column("section", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("sort_at", Instant, nullable=False),
    sa.Column("modified_at", Instant),
    sa.Column("first_accepted_at", Instant, nullable=False),
    sa.Column("accepted_at", Instant, nullable=False),
)

revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("published_at", Instant),
    sa.Column("authors", sa.JSON, nullable=False),
    sa.Column("section", sa.Text),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("image_url", sa.Text),
    sa.Column("metadata", sa.JSON, nullable=False),
    sa.Column("boilerplate", sa.JSON, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("copy_hash", sa.Text, nullable=False),
    sa.Column("accepted_at", Instant, nullable=False),
)

#: Tags and authors of current revisions, so that browsing by them needs no scan.
labels = sa.Table(
    "labels",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("article_id", sa.Text, primary_key=True),
)

stages = sa.Table(
    "stages",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("lane", sa.Text, nullable=False),
    sa.Column("errors", sa.Integer, nullable=False, default=0),
    sa.Column("lost", sa.Integer, nullable=False, default=0),
    sa.Column("alone", sa.Boolean(create_constraint=False), nullable=False, default=False),
    sa.Column("queued_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("token", sa.Text),
    sa.Column("lease_until", Instant),
    sa.Column("reason_type", sa.Text),
    sa.Column("reason_detail", sa.Text),
    sa.Column("correlation_id", sa.Text, nullable=False),
    #: The newest revision this stage was ever done for: what the index may show meanwhile.
    sa.Column("done_revision", sa.Integer),
)

summaries = sa.Table(
    "summaries",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("short", sa.JSON, nullable=False),
    sa.Column("medium", sa.JSON, nullable=False),
    sa.Column("long", sa.JSON, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("coverage", sa.Float, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    #: What other lengths are cut from; only read with a single article.
    sa.Column("outline", sa.JSON),
    sa.Column("model", sa.Text),
    sa.Column("version", sa.Text),
)

#: What people decided about an article's summary; most articles have no row.
decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("text", sa.Text),
    sa.Column("written_for", sa.Integer),
    sa.Column("locked", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("approved_revision", sa.Integer),
    sa.Column("approved_at", Instant),
    sa.Column("disabled", sa.Boolean(create_constraint=False), nullable=False),
)

#: What happened to summaries by people's hands, and what was made before it was made again.
summary_acts = sa.Table(
    "summary_acts",
    metadata,
    sa.Column(
        "sequence",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    sa.Column("article_id", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("text", sa.Text),
    sa.Column("method", sa.Text),
    sa.Column("correlation_id", sa.Text, nullable=False),
    sa.Column("occurred_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

events = sa.Table(
    "events",
    metadata,
    # SQLite only counts a plain INTEGER key; the variant keeps PostgreSQL from running out.
    sa.Column(
        "sequence",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("article_id", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("correlation_id", sa.Text, nullable=False),
    sa.Column("occurred_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

#: What an article reads like, and the group of its copies if it has any.
copies = sa.Table(
    "copies",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("group_id", sa.Text),
    sa.Column("buckets", sa.JSON, nullable=False),
    sa.Column("sketch", sa.Text, nullable=False),
)

copy_keys = sa.Table(
    "copy_keys",
    metadata,
    sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("article_id", sa.Text, primary_key=True),
    sqlite_with_rowid=False,
)

#: What an article speaks of, and whether its neighbours are those of this revision.
profiles = sa.Table(
    "profiles",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("names", sa.JSON, nullable=False),
    #: The names it uses most, and all of their words with how much each is spoken of.
    sa.Column("leading", Several, nullable=False),
    sa.Column("spoken", sa.JSON, nullable=False),
    sa.Column("weight", sa.Float, nullable=False),
    sa.Column("figures", sa.JSON, nullable=False),
    sa.Column("occasion", sa.JSON(none_as_null=True)),
    sa.Column("authors", Several, nullable=False),
    sa.Column("related", sa.Boolean(create_constraint=False), nullable=False),
)

mentions = sa.Table(
    "mentions",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("article_id", sa.Text, primary_key=True),
    sqlite_with_rowid=False,
)

#: Both directions of a pair are kept, always; a row holds for these two revisions only.
relations = sa.Table(
    "relations",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("other_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("other_revision", sa.Integer, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("because", sa.JSON, nullable=False),
)

#: What an editor has said about an article's related ones: a place for a pin, none for a block.
choices = sa.Table(
    "choices",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("other_id", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer),
)

#: A story that went into another keeps its id; one that lost its last article is kept as gone.
stories = sa.Table(
    "stories",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("articles", sa.Integer, nullable=False),
    sa.Column("first_seen", Instant, nullable=False),
    sa.Column("last_seen", Instant, nullable=False),
    sa.Column("merged_into", sa.Text),
)

story_articles = sa.Table(
    "story_articles",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("story_id", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
)


# Written out as literals: SQLite only uses a partial index where it can see the value.
IS_PENDING = stages.c.state == sa.literal_column("'pending'")
IS_RUNNING = stages.c.state == sa.literal_column("'running'")
#: What an earlier claim stands before: it may still write what the index had.
IS_WAITING = sa.and_(IS_PENDING, stages.c.token.is_not(None))
#: Until when somebody may be at work on it, if anybody is.
HELD_UNTIL = sa.case((IS_WAITING, stages.c.due_at), else_=stages.c.lease_until)
IS_FAILED = stages.c.state == sa.literal_column("'failed'")
IS_FIRST = stages.c.stage.in_([stage.value for stage in FIRST_STAGES])
IS_RELATE = stages.c.stage == Stage.RELATE.value
#: Only a changed or deleted article can be in the index in a state that no longer holds.
IS_UNSETTLED = sa.and_(
    stages.c.stage == sa.literal_column("'index'"),
    stages.c.state != sa.literal_column("'done'"),
    stages.c.revision > sa.literal_column("1"),
    sa.func.coalesce(stages.c.done_revision, sa.literal_column("0")) != stages.c.revision,
)


def _partial(name: str, *columns: Any, where: sa.ColumnElement[bool]) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


sa.Index("articles_by_date", articles.c.sort_at, articles.c.id)
sa.Index("articles_by_url", articles.c.canonical_url)
sa.Index("labels_by_article", labels.c.article_id)
sa.Index("summary_acts_by_article", summary_acts.c.article_id)
_partial(
    "stages_pending",
    stages.c.stage,
    stages.c.lane,
    stages.c.queued_at,
    stages.c.article_id,
    where=IS_PENDING,
)
_partial("stages_running", stages.c.lease_until, where=IS_RUNNING)
_partial("stages_waiting", stages.c.article_id, where=IS_WAITING)
_partial("stages_failed", stages.c.article_id, where=IS_FAILED)
_partial("stages_unsettled", stages.c.article_id, where=IS_UNSETTLED)

sa.Index("relations_by_score", relations.c.article_id, relations.c.score)
sa.Index("stories_by_date", stories.c.last_seen, stories.c.id)
sa.Index("story_articles_by_story", story_articles.c.story_id)
_partial("copies_by_group", copies.c.group_id, where=copies.c.group_id.is_not(None))

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)
