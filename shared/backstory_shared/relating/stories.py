"""Which story an article belongs to, seen from its links: a rule, without any memory. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backstory_shared.ports import Link

#: A story is as near as the nearest few of its articles are on average: one that happens to be
#: near would pull in what is about something else.
_NEAREST = 3
#: Of a large story it takes this share of its articles, or stories would grow together over what
#: lies between them. An article has so many links and no more: by this no story grows for ever.
_SHARE = 0.75
#: What the odds are taken for where an article of the story is not among the links at all.
_NOT_LINKED = -6.0
#: To join the nearest story the odds need only be even; to make one of two they must be better.
_TO_MERGE = 0.5


@dataclass(frozen=True, slots=True)
class Choice:
    """The stories and the lone articles that are one story with the article, nearest first."""

    stories: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


def choose(
    links: Sequence[Link], story_of: Mapping[str, str], articles: Mapping[str, int]
) -> Choice:
    """Join the nearest if it is near enough, and all others that surely are.

    `articles` is how many there are in each story, the article itself left out.
    """
    odds: dict[str, list[float]] = {}
    for link in links:
        if story := story_of.get(link.id):
            odds.setdefault(story, []).append(link.same_event)
    near = [(_nearness(found, articles[story]), story, True) for story, found in odds.items()]
    near += [(link.same_event, link.id, False) for link in links if link.id not in story_of]
    near.sort(key=lambda one: (-one[0], one[1]))
    enough = [one for place, one in enumerate(near) if one[0] >= (_TO_MERGE if place else 0)]
    return Choice(
        stories=tuple(id_ for _, id_, is_story in enough if is_story),
        alone=tuple(id_ for _, id_, is_story in enough if not is_story),
    )


def _nearness(found: Sequence[float], articles: int) -> float:
    counted = min(articles, max(_NEAREST, math.ceil(articles * _SHARE)))
    nearest = sorted(found, reverse=True)[: max(1, counted)]
    missing = max(0, counted - len(nearest))
    return (sum(nearest) + missing * _NOT_LINKED) / (len(nearest) + missing)
