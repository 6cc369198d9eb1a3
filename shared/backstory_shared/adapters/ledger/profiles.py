"""SqlProfiles: what articles speak of, and in how many of them each name is found."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from backstory_shared.adapters.ledger.copies import portions
from backstory_shared.adapters.ledger.database import Database, again
from backstory_shared.adapters.ledger.rows import Row
from backstory_shared.adapters.ledger.schema import (
    articles,
    copies,
    labels,
    mentions,
    profiles,
    story_articles,
)
from backstory_shared.adapters.ledger.upserts import upsert
from backstory_shared.ports import Facet, Known, Profile, Rarity
from backstory_shared.text.names import name_words


@dataclass(frozen=True)
class SqlProfiles:
    """Implements Profiles."""

    database: Database

    @again
    def keep_profiles(self, made: Sequence[Profile]) -> None:
        with self.database.write() as connection:
            current = _current(connection, made)
            forget_profiles(connection, [profile.id for profile in current])
            if current:
                upsert(connection, profiles, [_values(profile) for profile in current])
            if named := [row for profile in current for row in _mentions(profile)]:
                connection.execute(mentions.insert(), named)

    def known(self, article_ids: Sequence[str]) -> dict[str, Known]:
        found: dict[str, Known] = {}
        with self.database.read() as connection:
            for some in portions(article_ids):
                authors = _authors(connection, some)
                for row in connection.execute(_select_known.where(articles.c.id.in_(some))):
                    found[row.id] = _known(row, tuple(authors.get(row.id, ())))
        return found

    def rarity(self, names: Sequence[str]) -> Rarity:
        with self.database.read() as connection:
            total = connection.execute(
                sa.select(sa.func.count()).select_from(profiles)
            ).scalar_one()
            counted: dict[str, int] = {}
            for some in portions(names):
                rows = connection.execute(
                    sa.select(mentions.c.name, sa.func.count())
                    .where(mentions.c.name.in_(some))
                    .group_by(mentions.c.name)
                )
                counted |= {row[0]: row[1] for row in rows}
        return Rarity(articles=total, of_name=counted)

    def naming(self, names: Sequence[str], *, limit: int) -> dict[str, set[str]]:
        counted = self.rarity(names).of_name
        rare = [name for name in names if 1 < counted.get(name, 0) <= limit]
        found: dict[str, set[str]] = {}
        with self.database.read() as connection:
            for some in portions(rare):
                rows = connection.execute(
                    sa.select(mentions.c.name, mentions.c.article_id).where(
                        mentions.c.name.in_(some)
                    )
                )
                for name, article_id in rows:
                    found.setdefault(name, set()).add(article_id)
        return found


def forget_profiles(connection: sa.Connection, article_ids: Sequence[str]) -> None:
    rows = connection.execute(
        sa.select(profiles.c.article_id, profiles.c.names).where(
            profiles.c.article_id.in_(article_ids)
        )
    ).all()
    named = [
        {"_name": word, "_id": article_id}
        for article_id, names in rows
        for word in name_words(names)
    ]
    if named:
        connection.execute(_delete_mention, named)
    if rows:
        connection.execute(
            profiles.delete().where(profiles.c.article_id.in_([id_ for id_, _ in rows]))
        )


_delete_mention = mentions.delete().where(
    mentions.c.name == sa.bindparam("_name"), mentions.c.article_id == sa.bindparam("_id")
)

_select_known = (
    sa.select(
        articles.c.id,
        articles.c.revision,
        articles.c.language,
        articles.c.sort_at,
        articles.c.section,
        articles.c.source,
        profiles.c.names,
        profiles.c.figures,
        copies.c.group_id,
        story_articles.c.story_id,
    )
    .select_from(
        articles.join(
            profiles,
            sa.and_(
                profiles.c.article_id == articles.c.id, profiles.c.revision == articles.c.revision
            ),
        )
        .outerjoin(copies, copies.c.article_id == articles.c.id)
        .outerjoin(
            story_articles,
            sa.and_(
                story_articles.c.article_id == articles.c.id,
                story_articles.c.revision == articles.c.revision,
            ),
        )
    )
    .where(articles.c.deleted_at.is_(None))
)


def _current(connection: sa.Connection, made: Sequence[Profile]) -> list[Profile]:
    rows = connection.execute(
        sa.select(articles.c.id, articles.c.revision).where(
            articles.c.id.in_([profile.id for profile in made]), articles.c.deleted_at.is_(None)
        )
    )
    revisions = {row.id: row.revision for row in rows}
    return [profile for profile in made if revisions.get(profile.id) == profile.revision]


def _values(profile: Profile) -> dict[str, object]:
    return {
        "article_id": profile.id,
        "revision": profile.revision,
        "names": dict(profile.names),
        "figures": sorted(profile.figures),
        "related": False,
    }


def _mentions(profile: Profile) -> list[dict[str, object]]:
    return [{"name": word, "article_id": profile.id} for word in name_words(profile.names)]


def _authors(connection: sa.Connection, article_ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = connection.execute(
        sa.select(labels.c.article_id, labels.c.value)
        .where(labels.c.article_id.in_(article_ids), labels.c.kind == Facet.AUTHOR.value)
        .order_by(labels.c.value)
    )
    for article_id, value in rows:
        found.setdefault(article_id, []).append(value)
    return found


def _known(row: Row, authors: tuple[str, ...]) -> Known:
    return Known(
        profile=Profile(
            id=row.id,
            revision=row.revision,
            language=row.language,
            names=row.names,
            figures=frozenset(row.figures),
        ),
        sort_at=row.sort_at,
        section=row.section,
        source=row.source,
        authors=authors,
        copies=row.group_id,
        story=row.story_id,
    )
