"""SqlProfiles: what articles speak of, and in how many of them each name is found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from backstory_shared.adapters.ledger.copies import portions
from backstory_shared.adapters.ledger.counts import Counts
from backstory_shared.adapters.ledger.database import Database, again
from backstory_shared.adapters.ledger.rows import Row
from backstory_shared.adapters.ledger.schema import articles, copies, labels, mentions, profiles
from backstory_shared.adapters.ledger.upserts import upsert
from backstory_shared.ports import Facet, Known, Profile, Rarity
from backstory_shared.relating.relevance import spoken_of
from backstory_shared.text.names import name_words
from backstory_shared.text.occasions import Occasion

#: So many of the names that an article uses most say what it is about.
_LEADING = 12


@dataclass(frozen=True)
class SqlProfiles:
    """Implements Profiles."""

    database: Database
    _counts: Counts = field(default_factory=Counts)

    @again
    def keep_profiles(self, made: Sequence[Profile]) -> None:
        with self.database.write() as connection:
            current = _current(connection, made)
            forget_profiles(connection, [profile.id for profile in current])
            if current:
                authors = _authors(connection, [profile.id for profile in current])
                rows = [_values(profile, authors.get(profile.id, [])) for profile in current]
                upsert(connection, profiles, rows)
            if named := [row for profile in current for row in _mentions(profile)]:
                connection.execute(mentions.insert(), named)

    def known(self, article_ids: Sequence[str]) -> dict[str, Known]:
        with self.database.read() as connection:
            return {
                row.id: _known(row)
                for some in portions(article_ids)
                for row in connection.execute(_select_known, {"ids": some})
            }

    def names(self, article_ids: Sequence[str]) -> dict[str, Mapping[str, int]]:
        with self.database.read() as connection:
            return {
                row.article_id: row.names
                for some in portions(article_ids)
                for row in connection.execute(_select_names, {"ids": some})
            }

    def occasions(self, article_ids: Sequence[str]) -> dict[str, Occasion]:
        with self.database.read() as connection:
            return {
                row.article_id: _read(row.occasion)
                for some in portions(article_ids)
                for row in connection.execute(_select_occasions, {"ids": some})
            }

    def rarity(self, names: Sequence[str]) -> Rarity:
        now = self.database.clock()
        known = self._counts.remembered(["", *names], now)
        with self.database.read() as connection:
            counted = _count(connection, [name for name in names if name not in known])
            if "" not in known:
                counted[""] = connection.execute(_count_profiles).scalar_one()
        self._counts.remember(counted, now)
        counted |= known
        return Rarity(articles=counted.pop(""), of_name=counted)

    def sharing(self, names: Sequence[str], *, limit: int) -> list[str]:
        if len(names) < _TOGETHER:
            return []
        with self.database.read() as connection:
            return list(
                connection.execute(_sharing, {"names": list(names), "limit": limit}).scalars()
            )


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


# Built once: building a statement again would take longer than running it.

_delete_mention = mentions.delete().where(
    mentions.c.name == sa.bindparam("_name"), mentions.c.article_id == sa.bindparam("_id")
)

_select_names = sa.select(profiles.c.article_id, profiles.c.names).where(
    profiles.c.article_id.in_(sa.bindparam("ids", expanding=True))
)

_select_occasions = sa.select(profiles.c.article_id, profiles.c.occasion).where(
    profiles.c.article_id.in_(sa.bindparam("ids", expanding=True)), profiles.c.occasion.is_not(None)
)

_select_known = (
    sa.select(
        articles.c.id,
        articles.c.revision,
        articles.c.language,
        profiles.c.spoken,
        profiles.c.weight,
        profiles.c.figures,
        copies.c.group_id,
    )
    .select_from(
        articles.join(
            profiles,
            sa.and_(
                profiles.c.article_id == articles.c.id, profiles.c.revision == articles.c.revision
            ),
        ).outerjoin(copies, copies.c.article_id == articles.c.id)
    )
    .where(articles.c.deleted_at.is_(None), articles.c.id.in_(sa.bindparam("ids", expanding=True)))
)

_count_profiles = sa.select(sa.func.count()).select_from(profiles)
_count_mentions = (
    sa.select(mentions.c.name, sa.func.count())
    .where(mentions.c.name.in_(sa.bindparam("names", expanding=True)))
    .group_by(mentions.c.name)
)

#: One name in common is too little to be looked at for.
_TOGETHER = 2
_sharing = (
    sa.select(mentions.c.article_id)
    .where(mentions.c.name.in_(sa.bindparam("names", expanding=True)))
    .group_by(mentions.c.article_id)
    .having(sa.func.count() >= _TOGETHER)
    .order_by(sa.func.count().desc(), mentions.c.article_id)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)


def _count(connection: sa.Connection, names: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for some in portions(names):
        counted |= dict.fromkeys(some, 0)
        counted |= {row[0]: row[1] for row in connection.execute(_count_mentions, {"names": some})}
    return counted


def _current(connection: sa.Connection, made: Sequence[Profile]) -> list[Profile]:
    rows = connection.execute(
        sa.select(articles.c.id, articles.c.revision).where(
            articles.c.id.in_([profile.id for profile in made]), articles.c.deleted_at.is_(None)
        )
    )
    revisions = {row.id: row.revision for row in rows}
    return [profile for profile in made if revisions.get(profile.id) == profile.revision]


def _values(profile: Profile, authors: Sequence[str]) -> dict[str, object]:
    return {
        "article_id": profile.id,
        "revision": profile.revision,
        "names": dict(profile.names),
        "leading": list(profile.names)[:_LEADING],
        "spoken": spoken_of(profile.names),
        "weight": profile.weight,
        "figures": sorted(profile.figures),
        "occasion": profile.occasion and _written(profile.occasion),
        "authors": authors,
        "related": False,
    }


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


def _mentions(profile: Profile) -> list[dict[str, object]]:
    return [{"name": word, "article_id": profile.id} for word in name_words(profile.names)]


def _known(row: Row) -> Known:
    return Known(
        id=row.id,
        revision=row.revision,
        language=row.language,
        spoken=row.spoken,
        weight=row.weight,
        figures=frozenset(row.figures),
        copies=row.group_id,
    )


def _written(occasion: Occasion) -> dict[str, object]:
    """Days as numbers, which are quicker read."""
    return {
        "on": occasion.on.toordinal(),
        "days": sorted(day.toordinal() for day in occasion.days),
        "lead": sorted(occasion.lead),
        "amounts": dict(occasion.amounts),
        "match": occasion.match,
    }


def _read(said: Mapping[str, Any]) -> Occasion:
    return Occasion(
        on=date.fromordinal(said["on"]),
        days=frozenset(map(date.fromordinal, said["days"])),
        lead=frozenset(said["lead"]),
        amounts=said["amounts"],
        match=said["match"],
    )
