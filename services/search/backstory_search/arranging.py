"""Arranging: of the candidates, those a reader is shown, and in which order. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backstory_shared.ports import Bearings, Neighbour

#: How much being like what is shown already counts against being near.
_DIVERSITY = 0.3
#: Only so many of the best are compared with each other.
_CONSIDERED = 30
#: An article as old as this counts for half of its share of freshness.
_HALF_LIFE_DAYS = 365.0
#: How much of a score freshness can take away.
_FRESHNESS = 0.15
#: At most so many of one story, one author and one section.
_MOST_OF_STORY = 4
_MOST_OF_AUTHOR = 3
_MOST_OF_SECTION = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is asked for; `language` is None where any will do."""

    limit: int
    minimum: float
    now: datetime
    language: str | None = None


@dataclass(slots=True)
class _Option:
    """What may be shown next: what it is worth by itself, and how like what is shown already."""

    neighbour: Neighbour
    worth: float
    kinds: Sequence[tuple[str, str, int]]
    likeness: float = 0.0

    @property
    def gain(self) -> float:
        return self.worth - _DIVERSITY * self.likeness


def arranged(neighbours: Sequence[Neighbour], wish: Wish) -> list[Neighbour]:
    """Near, fresh, and different from each other: fewer rather than wrong ones."""
    options = [
        _Option(one, _worth(one, wish.now), _kinds(one.bearings))
        for one in neighbours
        if _wanted(one, wish)
    ]
    left = sorted(options, key=lambda one: (-one.worth, one.neighbour.link.id))[:_CONSIDERED]
    shown: list[Neighbour] = []
    count = Counter[tuple[str, str]]()
    while left and len(shown) < wish.limit:
        best = max(left, key=lambda one: one.gain)
        shown.append(best.neighbour)
        count.update((kind, value) for kind, value, _ in best.kinds)
        left = [one for one in left if one is not best and _has_room(one, count)]
        for one in left:
            one.likeness = max(one.likeness, _alike(one.neighbour, best.neighbour))
    return shown


def _has_room(one: _Option, count: Counter[tuple[str, str]]) -> bool:
    return all(count[kind, value] < most for kind, value, most in one.kinds)


def _wanted(one: Neighbour, wish: Wish) -> bool:
    language = one.bearings.language
    same = None in (wish.language, language) or wish.language == language
    return same and one.link.score >= wish.minimum


def _worth(one: Neighbour, now: datetime) -> float:
    days = max(0.0, (now - one.bearings.sort_at).total_seconds() / 86_400)
    fresh: float = 0.5 ** (days / _HALF_LIFE_DAYS)
    return one.link.score * (1 - _FRESHNESS * (1 - fresh))


def _alike(one: Neighbour, other: Neighbour) -> float:
    """The cosine of what both name."""
    ours, theirs = one.bearings.leading, other.bearings.leading
    shared = len(ours & theirs)
    return shared / math.sqrt(len(ours) * len(theirs)) if shared else 0.0


def _kinds(bearings: Bearings) -> list[tuple[str, str, int]]:
    kinds = [("author", author, _MOST_OF_AUTHOR) for author in bearings.authors]
    if bearings.story:
        kinds.append(("story", bearings.story, _MOST_OF_STORY))
    if bearings.section:
        kinds.append(("section", bearings.section, _MOST_OF_SECTION))
    if bearings.copies:
        kinds.append(("copies", bearings.copies, 1))
    return kinds
