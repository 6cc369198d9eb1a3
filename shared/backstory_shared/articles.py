"""Article and Revision: what a publisher sent, and what makes two revisions the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class Span(NamedTuple):
    """A half-open range of Unicode code points of an article's text."""

    start: int
    end: int


class Outcome(StrEnum):
    """What accepting an article did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    OUTDATED = "outdated"


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One article as its publisher describes it, validated and in normal form.

    Times are aware and in UTC. `language` is an ISO 639-1 code, given or detected.
    """

    id: str
    title: str
    text: str
    url: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    source: str | None = None
    image_url: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An article ready to be accepted: everything derived from it alone is already there.

    `canonical_url` is the form two spellings of one address share; `copy_hash` is equal for two
    articles whose text differs in nothing a reader would notice, and one of the `copy_keys` where
    it differs a little, and much of the `copy_sketch`; `boilerplate` are the spans of
    `article.text` that belong to the site, not to the story.
    """

    article: Article
    content_hash: str
    copy_hash: str
    canonical_url: str | None = None
    boilerplate: tuple[Span, ...] = ()
    copy_keys: tuple[int, ...] = ()
    copy_sketch: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """One accepted state of an article; the ledger keeps them all."""

    article: Article
    revision: int
    content_hash: str
    copy_hash: str
    boilerplate: tuple[Span, ...]
    first_accepted_at: datetime
    accepted_at: datetime

    @property
    def sort_at(self) -> datetime:
        """The time by which lists are ordered: publication, or acceptance where none is given."""
        return self.article.published_at or self.first_accepted_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Tombstone:
    """What is left of a deleted article."""

    id: str
    revision: int
    deleted_at: datetime


def content_hash(article: Article) -> str:
    """A SHA-256 over all that a publisher can say of an article, except when it was modified.

    Content systems touch `modified_at` without changing a word; that is not a new revision.
    """
    said = {
        name: _plain(getattr(article, name))
        for name in Article.__slots__
        if name not in ("id", "modified_at")
    }
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


@dataclass(frozen=True, kw_only=True, slots=True)
class Current:
    """What the ledger knows of an id before a draft for it is decided."""

    revision: int
    deleted: bool
    content_hash: str
    modified_at: datetime | None


def decide(current: Current | None, draft: Draft) -> tuple[Outcome, int]:
    """The outcome of accepting `draft`, and the revision the article then has.

    The last write wins, unless both sides say when they were modified and the draft is older.
    A deleted id starts again above its tombstone.
    """
    if current is None:
        return Outcome.CREATED, 1
    if current.deleted:
        return Outcome.CREATED, current.revision + 1
    if _older(draft.article.modified_at, current.modified_at):
        return Outcome.OUTDATED, current.revision
    if draft.content_hash == current.content_hash:
        return Outcome.UNCHANGED, current.revision
    return Outcome.UPDATED, current.revision + 1


def _older(mine: datetime | None, theirs: datetime | None) -> bool:
    return mine is not None and theirs is not None and mine < theirs
