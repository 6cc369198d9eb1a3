"""The sample archive: a year of invented news, and what is known about it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True, slots=True)
class Storyline:
    """An event and its follow-ups: the ids of its articles, copies included."""

    title: str
    articles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class GoldenQuery:
    """A query, and the ids of the articles a reader would want for it."""

    query: str
    relevant: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Labels:
    """What the authors know of the archive; a pair of copies is (original, copy).

    Look-alikes are two storylines about the same kind of event, which are not to be confused.
    """

    storylines: Mapping[str, Storyline]
    look_alikes: tuple[tuple[str, str], ...]
    copies: tuple[tuple[str, str], ...]
    near_copies: tuple[tuple[str, str], ...]
    corrected: tuple[str, ...]
    queries: tuple[GoldenQuery, ...]


def articles_path() -> Path:
    """The archive as JSON lines, one article as it is posted in each, oldest first."""
    return _FOLDER / "articles.jsonl"


def labels() -> Labels:
    said: dict[str, Any] = json.loads((_FOLDER / "labels.json").read_text(encoding="utf-8"))
    return Labels(
        storylines={slug: _storyline(story) for slug, story in said["storylines"].items()},
        look_alikes=_pairs(said["look_alikes"]),
        copies=_pairs(said["copies"]),
        near_copies=_pairs(said["near_copies"]),
        corrected=tuple(said["corrected"]),
        queries=tuple(
            GoldenQuery(query=one["query"], relevant=tuple(one["relevant"]))
            for one in said["queries"]
        ),
    )


def _storyline(said: Mapping[str, Any]) -> Storyline:
    return Storyline(title=said["title"], articles=tuple(said["articles"]))


def _pairs(said: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in said)
