"""Figures that come every week or month: `python -m benchmarks.indicators TEXT_FOLDER`.

Reuters' own editors said of these articles which indicator and which country they are about. Two
on the same within a day and a half are taken for reports of one publication of it, two that are
five days apart or more for reports of two. That is nearly always so, and nobody here has said it.
TEXT_FOLDER has articles/reuters_train.jsonl.gz.
"""

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.relating.relevance import load_relevance
from backstory_standalone.evaluation.clusters import Clusters, clustered
from backstory_standalone.evaluation.related import told_by
from backstory_standalone.evaluation.shelf import Told, shelved
from benchmarks.measures import Measure, Wanted, table
from benchmarks.words import command

INDICATORS = frozenset(
    [
        *("bop", "cpi", "cpu", "gnp", "housing", "income", "instal-debt", "inventories", "ipi"),
        *("jobs", "lei", "money-supply", "reserves", "retail", "wpi"),
    ]
)
TOGETHER = timedelta(days=1.5)
APART = timedelta(days=5)
#: Other news of the same weeks, one article in so many.
CROWD = 5
_SHORTEST = 40
_TIME = re.compile(r"\d\d?-[A-Z]{3}-\d{4} \d\d:\d\d:\d\d")


def main() -> None:
    parsed = command(__doc__)
    parsed.add_argument("texts", type=Path, help="the TEXT_FOLDER")
    table(list(measured(parsed.parse_args().texts / "articles/reuters_train.jsonl.gz")), print)


def measured(file: Path) -> Iterator[Measure]:
    rows = [row for row in _rows(file) if len(row["text"].split()) >= _SHORTEST]
    told = sorted(
        (_told(row) for place, row in enumerate(rows) if _series(row) or place % CROWD == 0),
        key=lambda one: (one.published_at, one.id),
    )
    relevance = load_relevance(BUNDLED)
    with shelved(told, StaticEmbedder.open(BUNDLED), relevance.naming) as shelf:
        with_days = told_by(shelf, told, relevance)
        without = clustered(told, with_days.odds, shelf.archive.groups, {})
        found = clustered(told, with_days.odds, shelf.archive.groups, with_days.apart)
    series = [one for one in told if one.story]
    yield Measure(name="articles about an indicator", value=len(series), unit="")
    yield from _shares("stories", found, series)
    yield from _shares("without telling occasions apart", without, series)


def _shares(name: str, found: Clusters, series: Sequence[Told]) -> Iterator[Measure]:
    story_of = {id_: place for place, ids in enumerate(found) for id_ in ids}
    together: list[bool] = []
    apart: list[bool] = []
    for one, other in combinations(series, 2):
        between = abs(one.published_at - other.published_at)
        if one.story == other.story and not TOGETHER < between < APART:
            same = story_of[one.id] == story_of[other.id]
            (together if between <= TOGETHER else apart).append(same)
    yield Measure(
        name=f"{name}: of {len(together)} pairs of one publication, in one",
        value=sum(together) / len(together),
        unit="",
        wanted=Wanted.AT_LEAST,
    )
    yield Measure(
        name=f"{name}: of {len(apart)} pairs of two, in one", value=sum(apart) / len(apart), unit=""
    )


def _told(row: Mapping[str, Any]) -> Told:
    """Its `story` is the indicator and the country; titles are in capitals."""
    return Told(
        id=str(row["id"]),
        title=row["title"].capitalize(),
        text=row["text"],
        published_at=_published(row),
        story=_series(row),
    )


def _series(row: Mapping[str, Any]) -> str | None:
    topics, places = row["topics"], row["places"]
    if len(topics) == len(places) == 1 and topics[0] in INDICATORS:
        return f"{topics[0]} {places[0]}"
    return None


def _published(row: Mapping[str, Any]) -> datetime:
    said = row["published_at"].strip().partition(".")[0]
    return datetime.strptime(said, "%d-%b-%Y %H:%M:%S").replace(tzinfo=UTC)


def _rows(file: Path) -> list[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [row for row in map(json.loads, lines) if _TIME.match(row["published_at"].strip())]


if __name__ == "__main__":
    main()
