"""SqlArticleReader: articles as readers ask for them, one and by date."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from backstory_shared.adapters.ledger.database import Database
from backstory_shared.adapters.ledger.rows import Row, entry_of, select_entries, select_entry
from backstory_shared.adapters.ledger.schema import (
    IS_UNSETTLED,
    articles,
    copies,
    labels,
    revisions,
    stages,
)
from backstory_shared.errors import Gone, NotFound
from backstory_shared.ports import Entry, Facet, Filters, Page

_BY_DATE = sa.tuple_(articles.c.sort_at, articles.c.id)

# Built once: building the statement again would take longer than running it.
_ONE = select_entry.where(articles.c.id == sa.bindparam("id"))
_SOME = select_entries.where(articles.c.id.in_(sa.bindparam("ids", expanding=True)))
_TEXTS = (
    sa.select(revisions.c.article_id, revisions.c.title, revisions.c.text)
    .join(
        articles,
        sa.and_(
            articles.c.id == revisions.c.article_id, articles.c.revision == revisions.c.revision
        ),
    )
    .where(articles.c.id.in_(sa.bindparam("ids", expanding=True)), articles.c.deleted_at.is_(None))
)
_UNSETTLED = sa.select(stages.c.article_id).where(IS_UNSETTLED)


@dataclass(frozen=True)
class SqlArticleReader:
    """Implements ArticleReader, Browser and Folds."""

    database: Database

    def entry(self, article_id: str) -> Entry:
        with self.database.read() as connection:
            row = connection.execute(_ONE, {"id": article_id}).first()
            if row is None:
                raise absence(connection, article_id)
            return entry_of(row)

    def entries(self, article_ids: Sequence[str]) -> dict[str, Entry]:
        with self.database.read() as connection:
            rows = connection.execute(_SOME, {"ids": list(article_ids)})
            return {row.article_id: entry_of(row) for row in rows}

    def texts(self, article_ids: Sequence[str]) -> dict[str, str]:
        """A tenth of the work of whole entries: whoever looks for a phrase reads thousands."""
        with self.database.read() as connection:
            rows = connection.execute(_TEXTS, {"ids": list(article_ids)})
            return {id_: f"{title}\n{text}" for id_, title, text in rows}

    def revisions(self, article_ids: Sequence[str]) -> dict[str, int]:
        with self.database.read() as connection:
            rows = connection.execute(
                sa.select(articles.c.id, articles.c.revision).where(
                    articles.c.id.in_(article_ids), articles.c.deleted_at.is_(None)
                )
            )
            return {row.id: row.revision for row in rows}

    def id_of_url(self, canonical_url: str) -> str:
        with self.database.read() as connection:
            found: str | None = connection.execute(
                sa.select(articles.c.id)
                .where(articles.c.canonical_url == canonical_url, articles.c.deleted_at.is_(None))
                .order_by(articles.c.sort_at.desc(), articles.c.id)
                .limit(1)
            ).scalar_one_or_none()
        if found is None:
            raise NotFound("No article has this address.")
        return found

    def unsettled(self) -> frozenset[str]:
        with self.database.read() as connection:
            return frozenset(connection.execute(_UNSETTLED).scalars())

    def browse(self, filters: Filters, *, after: Page | None, limit: int) -> list[Entry]:
        query = select_entries.where(*_passing(filters))
        if after is not None:
            query = query.where(_place(after) > _BY_DATE)
        with self.database.read() as connection:
            rows = connection.execute(
                query.order_by(articles.c.sort_at.desc(), articles.c.id.desc()).limit(limit)
            )
            return [entry_of(row) for row in rows]

    def adjacent(self, article_id: str) -> tuple[Entry | None, Entry | None]:
        entry = self.entry(article_id)
        here = _place(Page(sort_at=entry.revision.sort_at, id=article_id))
        descending = (articles.c.sort_at.desc(), articles.c.id.desc())
        with self.database.read() as connection:
            older = connection.execute(
                select_entries.where(here > _BY_DATE).order_by(*descending).limit(1)
            ).first()
            newer = connection.execute(
                select_entries.where(here < _BY_DATE)
                .order_by(articles.c.sort_at, articles.c.id)
                .limit(1)
            ).first()
        return _entry_or_none(older), _entry_or_none(newer)

    def copies(self, article_id: str) -> list[Entry]:
        with self.database.read() as connection:
            rows = connection.execute(
                select_entries.where(articles.c.id.in_(_group_of([article_id]))).order_by(
                    articles.c.sort_at, articles.c.id
                )
            ).all()
            if not rows and not _is_live(connection, article_id):
                raise absence(connection, article_id)
            return [entry_of(row) for row in rows if row.article_id != article_id]

    def together(self, article_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        groups: dict[str, list[str]] = {}
        with self.database.read() as connection:
            rows = connection.execute(
                sa.select(copies.c.group_id, articles.c.id)
                .join(articles, articles.c.id == copies.c.article_id)
                .where(articles.c.id.in_(_group_of(article_ids)), articles.c.deleted_at.is_(None))
                .order_by(articles.c.sort_at, articles.c.id)
            )
            for group_id, article_id in rows:
                groups.setdefault(group_id, []).append(article_id)
        return {id_: tuple(group) for group in groups.values() for id_ in group}


def _group_of(article_ids: Sequence[str]) -> sa.Select[str]:
    """The ids of all that are copies of one of these, themselves included."""
    theirs = copies.alias()
    return (
        sa.select(copies.c.article_id)
        .join(theirs, theirs.c.group_id == copies.c.group_id)
        .where(theirs.c.article_id.in_(article_ids), copies.c.group_id.is_not(None))
    )


def _is_live(connection: sa.Connection, article_id: str) -> bool:
    return (
        connection.execute(
            sa.select(articles.c.id).where(
                articles.c.id == article_id, articles.c.deleted_at.is_(None)
            )
        ).first()
        is not None
    )


def absence(connection: sa.Connection, article_id: str) -> NotFound | Gone:
    was_there = connection.execute(
        sa.select(articles.c.id).where(articles.c.id == article_id)
    ).first()
    return NotFound("No article has this id.") if was_there is None else Gone()


def _entry_or_none(row: Row | None) -> Entry | None:
    return None if row is None else entry_of(row)


def _place(page: Page) -> sa.Tuple:
    return sa.tuple_(
        sa.literal(page.sort_at, articles.c.sort_at.type), sa.literal(page.id, sa.Text)
    )


def _passing(filters: Filters) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [
        column.in_(values)
        for column, values in (
            (articles.c.section, filters.section),
            (articles.c.source, filters.source),
            (articles.c.language, filters.language),
        )
        if values
    ]
    conditions += [
        articles.c.id.in_(_labelled(kind, values))
        for kind, values in ((Facet.TAG, filters.tag), (Facet.AUTHOR, filters.author))
        if values
    ]
    if filters.published_from is not None:
        conditions.append(articles.c.sort_at >= filters.published_from)
    if filters.published_until is not None:
        conditions.append(articles.c.sort_at < filters.published_until)
    return conditions


def _labelled(kind: Facet, values: Sequence[str]) -> sa.Select[str]:
    return sa.select(labels.c.article_id).where(
        labels.c.kind == kind.value, labels.c.value.in_(values)
    )
