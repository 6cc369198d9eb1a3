"""Arranging: of the candidates, those a reader is shown, and in which order. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backstory_shared.ports import Known, Link

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


@dataclass(frozen=True, slots=True)
class Candidate:
    link: Link
    known: Known


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is asked for; `language` is None where any will do."""

    limit: int
    minimum: float
    now: datetime
    language: str | None = None


@dataclass
class _Shown:
    """What has been chosen so far, and how much of each kind."""

    chosen: list[Candidate] = field(default_factory=list)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)

    def takes(self, one: Candidate) -> bool:
        return all(self.kinds[kind, value] < most for kind, value, most in _kinds(one.known))

    def add(self, one: Candidate) -> None:
        self.chosen.append(one)
        self.kinds.update((kind, value) for kind, value, _ in _kinds(one.known))


def arranged(candidates: Sequence[Candidate], wish: Wish) -> list[Candidate]:
    """Near, fresh, and different from each other: fewer rather than wrong ones."""
    wanted = [one for one in candidates if _wanted(one, wish)]
    worth = {one.link.id: _worth(one, wish.now) for one in wanted}
    left = sorted(wanted, key=lambda one: (-worth[one.link.id], one.link.id))[:_CONSIDERED]
    likeness = {one.link.id: 0.0 for one in left}
    shown = _Shown()
    while len(shown.chosen) < wish.limit and (left := [one for one in left if shown.takes(one)]):
        best = max(left, key=lambda one: worth[one.link.id] - _DIVERSITY * likeness[one.link.id])
        left.remove(best)
        shown.add(best)
        for one in left:
            alike = _alike(one.known, best.known)
            likeness[one.link.id] = max(likeness[one.link.id], alike)
    return shown.chosen


def _wanted(one: Candidate, wish: Wish) -> bool:
    language = one.known.profile.language
    same = None in (wish.language, language) or wish.language == language
    return same and one.link.score >= wish.minimum


def _worth(one: Candidate, now: datetime) -> float:
    days = max(0.0, (now - one.known.sort_at).total_seconds() / 86_400)
    fresh: float = 0.5 ** (days / _HALF_LIFE_DAYS)
    return one.link.score * (1 - _FRESHNESS * (1 - fresh))


def _alike(one: Known, other: Known) -> float:
    """The cosine of what both name."""
    ours, theirs = one.profile.names, other.profile.names
    dot = sum(count * theirs[name] for name, count in ours.items() if name in theirs)
    length = math.hypot(*ours.values()) * math.hypot(*theirs.values())
    return dot / length if length else 0.0


def _kinds(known: Known) -> list[tuple[str, str, int]]:
    kinds = [("author", author, _MOST_OF_AUTHOR) for author in known.authors]
    if known.story:
        kinds.append(("story", known.story, _MOST_OF_STORY))
    if known.section:
        kinds.append(("section", known.section, _MOST_OF_SECTION))
    if known.copies:
        kinds.append(("copies", known.copies, 1))
    return kinds
