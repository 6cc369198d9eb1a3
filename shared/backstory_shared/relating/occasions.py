"""Whether two articles that speak of the same names tell of two occasions: a rule. Pure.

The next match of two teams, the next month's figures, the next earthquake at a place read like the
ones before, and more so than what follows up on one of them does.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from backstory_shared.text.occasions import Occasion

#: So much of what is named in the one that names less is named in both.
_SAME_NAMES = 0.6
#: Later than that a report of the same is not the same news any more.
_DAYS_LATER = 4
#: Between two matches of a team there is a day at least.
_DAYS_BETWEEN_MATCHES = 2
#: So much of the lead of the one that says less is in both, where one amount has changed; a word
#: in common may be chance.
_SAME_LEAD = 0.35
_WORDS_IN_COMMON = 3
#: With each further amount that has changed a little less of it is enough.
_PER_AMOUNT = 0.1
_MOST_AMOUNTS = 3


class Telling(NamedTuple):
    """An article, what occasion it tells of, and the words of its names as `spoken_of` counts
    them."""

    id: str
    occasion: Occasion | None
    spoken: Mapping[str, float]


def told_apart(told: Sequence[Telling]) -> dict[str, frozenset[str]]:
    """Of each article that is apart from another one of these, from which."""
    found: dict[str, set[str]] = {}
    for (one, ours, our_names), (other, theirs, their_names) in combinations(told, 2):
        if are_apart(ours, theirs, our_names, their_names):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {id_: frozenset(others) for id_, others in found.items()}


def are_apart(
    one: Occasion | None,
    other: Occasion | None,
    ours: Mapping[str, float],
    theirs: Mapping[str, float],
) -> bool:
    if one is None or other is None or not one.days.isdisjoint(other.days):
        return False
    return (_two_matches(one, other) or _same_again(one, other)) and (
        _names_in_common(ours, theirs) >= _SAME_NAMES
    )


def _two_matches(one: Occasion, other: Occasion) -> bool:
    """A match is spoken of by its day for as long as it is spoken of."""
    if not (one.match and other.match and one.days and other.days):
        return False
    between = min(abs((day - another).days) for day in one.days for another in other.days)
    return between >= _DAYS_BETWEEN_MATCHES


def _same_again(one: Occasion, other: Occasion) -> bool:
    """The same is said again, days later, with other figures."""
    if abs((one.on - other.on).days) < _DAYS_LATER:
        return False
    shared = len(one.lead & other.lead)
    if shared < _WORDS_IN_COMMON:
        return False
    measured = one.amounts.keys() & other.amounts.keys()
    changed = [what for what in measured if one.amounts[what] != other.amounts[what]]
    if not changed or len(changed) < len(measured):
        return False
    alike = shared / min(len(one.lead), len(other.lead))
    return alike >= _SAME_LEAD - _PER_AMOUNT * (min(len(changed), _MOST_AMOUNTS) - 1)


def _names_in_common(ours: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    shared = sum(min(ours[word], theirs[word]) for word in ours.keys() & theirs.keys())
    least = min(sum(ours.values()), sum(theirs.values()))
    return shared / least if least else 0.0
