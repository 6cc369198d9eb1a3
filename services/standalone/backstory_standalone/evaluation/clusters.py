"""Stories as they come about, one article after the other, and how right they are. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations

from backstory_shared.ports import Link
from backstory_shared.relating.stories import choose
from backstory_standalone.evaluation.shelf import Told

Clusters = list[set[str]]


def clustered(
    told: Sequence[Told],
    odds: Mapping[str, Mapping[str, float]],
    groups: Mapping[str, str],
    apart: Mapping[str, Collection[str]],
) -> Clusters:
    """By the product's own rule; `odds` and `apart` as of a Link, `groups` are copies, which go
    together."""
    story_of: dict[str, str] = {}
    members: dict[str, set[str]] = {}
    for one in told:
        copied = {
            story_of[id_]
            for id_ in story_of
            if one.id in groups and groups.get(id_) == groups[one.id]
        }
        earlier = {id_: odd for id_, odd in odds.get(one.id, {}).items() if id_ in story_of}
        links = [_link(one.id, id_, odd, apart.get(id_, ())) for id_, odd in earlier.items()]
        in_stories = {id_: story for id_, story in story_of.items() if len(members[story]) > 1}
        choice = choose(links, in_stories, {story: len(ids) for story, ids in members.items()})
        joined = {*choice.stories, *(story_of[id_] for id_ in choice.alone), *copied}
        members[one.id] = {one.id}.union(*(members.pop(story) for story in joined))
        story_of |= dict.fromkeys(members[one.id], one.id)
    return list(members.values())


def _link(to: str, id_: str, odds: float, apart: Collection[str]) -> Link:
    """Of nothing but what a story is chosen by."""
    return Link(
        id=id_,
        revision=1,
        score=0.0,
        same_event=odds,
        because=(),
        another=to in apart,
        apart=frozenset(apart),
    )


def stories_of(told: Iterable[Told]) -> Clusters:
    """As somebody labelled them; who has no label is alone."""
    known: dict[str, set[str]] = {}
    for one in told:
        known.setdefault(one.story or f"alone {one.id}", set()).add(one.id)
    return list(known.values())


def pairwise_f1(found: Clusters, known: Clusters) -> float:
    """Of all pairs of articles, those that are rightly in one story."""
    ours, theirs = _together(found), _together(known)
    return 2 * len(ours & theirs) / max(1, len(ours) + len(theirs))


def b_cubed_f1(found: Clusters, known: Clusters) -> float:
    """For each article, how much of its story is right and how much of the right one is there."""
    ours = {id_: ids for ids in found for id_ in ids}
    theirs = {id_: ids for ids in known for id_ in ids}
    precision = sum(len(ours[i] & theirs[i]) / len(ours[i]) for i in theirs) / len(theirs)
    recall = sum(len(ours[i] & theirs[i]) / len(theirs[i]) for i in theirs) / len(theirs)
    return 2 * precision * recall / (precision + recall)


def _together(stories: Clusters) -> set[tuple[str, str]]:
    return {pair for ids in stories for pair in combinations(sorted(ids), 2)}
