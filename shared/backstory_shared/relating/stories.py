"""Which story an article belongs to, seen from its links: a rule, without any memory. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backstory_shared.ports import Link

#: A story is as near as the nearest few of its articles are on average: one that happens to be
#: near would pull in what is about something else.
_NEAREST = 3
#: Of a large story it takes this share of its articles, or stories would grow together over what
#: lies between them.
_SHARE = 0.75
#: An article has so many links and no more: of a story that has more articles than these it takes
#: that share of the links.
MOST_LINKS = 20
#: Each time a story is twice as large as that, what joins it must be nearer by so much: what goes
#: on for long has much to be near to, and so have all that is about one branch of business.
_NEARER = 2.0
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

    `articles` is how many there are in each story, the article itself left out. Where one article
    is told apart from it, no story is joined, and none is made one with another.
    """
    told: dict[str, list[Link]] = {}
    for link in links:
        if story := story_of.get(link.id):
            told.setdefault(story, []).append(link)
    near = [
        _Near(_nearness(found, articles[id_]), id_, found, articles=articles[id_], is_story=True)
        for id_, found in told.items()
    ]
    near += [_Near(one.same_event, one.id, [one]) for one in links if one.id not in story_of]
    chosen: list[_Near] = []
    for place, one in enumerate(sorted(near, key=lambda one: (-one.odds, one.id))):
        size = one.articles + sum(other.articles for other in chosen)
        if one.odds < _least(size) + (_TO_MERGE if place else 0) or one.is_another:
            continue
        if not any(one.is_apart_from(other) for other in chosen):
            chosen.append(one)
    return Choice(
        stories=tuple(one.id for one in chosen if one.is_story),
        alone=tuple(one.id for one in chosen if not one.is_story),
    )


@dataclass(frozen=True, slots=True)
class _Near:
    """A story, or an article that is in none, and how near it is."""

    odds: float
    id: str
    links: Sequence[Link]
    articles: int = 0
    is_story: bool = False

    @property
    def is_another(self) -> bool:
        return any(link.another for link in self.links)

    def is_apart_from(self, other: "_Near") -> bool:
        theirs = {link.id for link in other.links}
        return any(link.apart & theirs for link in self.links)


def _least(articles: int) -> float:
    return _NEARER * math.log2(max(articles, MOST_LINKS) / MOST_LINKS)


def _nearness(links: Sequence[Link], articles: int) -> float:
    counted = min(articles, max(_NEAREST, math.ceil(min(articles, MOST_LINKS) * _SHARE)))
    nearest = sorted((link.same_event for link in links), reverse=True)[: max(1, counted)]
    missing = max(0, counted - len(nearest))
    return (sum(nearest) + missing * _NOT_LINKED) / (len(nearest) + missing)
