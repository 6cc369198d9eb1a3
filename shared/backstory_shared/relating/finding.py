"""FindNeighbours: which articles are near an article, by meaning, by words and by names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from backstory_shared.ports import (
    Candidates,
    Filters,
    Known,
    Link,
    Neighbours,
    Profile,
    Profiles,
    Question,
    Rarity,
    SearchIndex,
    Terms,
    Vector,
)
from backstory_shared.relating.occasions import Telling, told_apart
from backstory_shared.relating.relevance import (
    Features,
    Relevance,
    Speech,
    because,
    features,
    spoken_of,
)
from backstory_shared.relating.stories import MOST_LINKS

#: How many are looked at from each of the two lists.
CONSIDERED = 28
#: How many more because they share names that at most so many articles have, two at least.
NAMED = 12
RARE = 50
#: How many are told of: by so many links it is decided which story an article is part of.
KEPT = MOST_LINKS
#: How many of these are kept for readers. As many again come from articles that find this one.
NEAR = 12
#: Only the terms that an article has most of: the engine's work grows with their number.
ASKED_TERMS = 48
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What neighbours are looked for, as the index and the ledger know it.

    `own_score` is what its words would score against itself; None where it finds itself, which it
    does where it is in the index and no filter may leave it out.
    """

    profile: Profile
    dense: Vector
    lexical: Terms
    filters: Filters = field(default_factory=Filters)
    excluded: frozenset[str] = frozenset()
    own_score: float | None = None


@dataclass(frozen=True, slots=True)
class _Near:
    """How near the text is, before it is known what it speaks of."""

    meaning: float
    words: float


class Pair(NamedTuple):
    """Another article, and what the subject has in common with it."""

    other: Known
    features: Features


@dataclass(frozen=True, slots=True)
class FindNeighbours:
    """Nearest first; never the subject itself or a copy of it, nor what nobody has profiled yet.

    Of a pair the later one finds the earlier, whichever process works on either: both are profiled
    before either looks.
    """

    index: SearchIndex
    profiles: Profiles
    relevance: Callable[[], Relevance]
    considered: int = CONSIDERED

    def __call__(self, subjects: Sequence[Subject]) -> dict[str, Neighbours]:
        relevance = self.relevance()
        pairs = self._pairs(subjects, relevance)
        links = self._links(subjects, pairs, relevance)
        names = self.profiles.names(
            sorted({link.id for some in links.values() for link in some if link.near})
        )
        languages = {pair.other.id: pair.other.language for some in pairs.values() for pair in some}
        told: dict[str, Neighbours] = {}
        for subject in subjects:
            mine = subject.profile
            told[mine.id] = Neighbours(
                links=tuple(
                    replace(link, because=because(mine, names[link.id], languages[link.id]))
                    if link.near and link.id in names
                    else link
                    for link in links[mine.id]
                )
            )
        return told

    def _links(
        self,
        subjects: Sequence[Subject],
        pairs: Mapping[str, Sequence[Pair]],
        relevance: Relevance,
    ) -> dict[str, list[Link]]:
        """The nearest, without what both speak of."""
        nearest = {id_: _nearest(found, relevance) for id_, found in pairs.items()}
        occasions = self.profiles.occasions(
            sorted({one.link.id for found in nearest.values() for one in found if one.is_same})
        )
        links = {}
        for subject in subjects:
            mine, found = subject.profile, nearest[subject.profile.id]
            told = [Telling(mine.id, mine.occasion, spoken_of(mine.names))]
            told += [
                Telling(one.link.id, occasions.get(one.link.id), one.spoken)
                for one in found
                if one.is_same
            ]
            links[mine.id] = _told(mine.id, found, told_apart(told))
        return links

    def pairs(self, subjects: Sequence[Subject]) -> dict[str, list[Pair]]:
        """Everything that is compared with each subject, in no order."""
        return self._pairs(subjects, self.relevance())

    def weighed(self, profiles: Sequence[Profile]) -> list[Profile]:
        """The same, each with how much its names tell in this archive."""
        spoken = {profile.id: spoken_of(profile.names) for profile in profiles}
        naming = self.relevance().naming
        telling = naming.telling(self._rarity(list(spoken.values())))
        return [
            replace(profile, weight=naming.weight(spoken[profile.id], telling))
            for profile in profiles
        ]

    def _pairs(self, subjects: Sequence[Subject], relevance: Relevance) -> dict[str, list[Pair]]:
        spoken = {s.profile.id: spoken_of(s.profile.names) for s in subjects}
        rarity = self._rarity(list(spoken.values()))
        telling = relevance.naming.telling(rarity)
        near: dict[str, dict[str, _Near]] = {}
        for subject in subjects:
            near[subject.profile.id] = self._near(subject, relevance)
            self._add_named(subject, spoken[subject.profile.id], rarity, near[subject.profile.id])
        known = self.profiles.known(
            sorted({id_ for found in near.values() for id_ in found} | near.keys())
        )
        return {
            mine.id: list(_compared(Speech(mine, spoken[mine.id], telling), near[mine.id], known))
            for mine in (subject.profile for subject in subjects)
        }

    def _rarity(self, spoken: Sequence[Mapping[str, float]]) -> Rarity:
        return self.profiles.rarity(sorted({word for words in spoken for word in words}))

    def _near(self, subject: Subject, relevance: Relevance) -> dict[str, _Near]:
        """By the lists, in which an article that is indexed finds itself first."""
        found = self.index.candidates(
            Question(
                dense=subject.dense,
                lexical=most_of(subject.lexical),
                dense_limit=self.considered,
                lexical_limit=self.considered,
                filters=subject.filters,
                excluded=subject.excluded,
            )
        )
        return _nearness(found, subject, relevance)

    def _add_named(
        self,
        subject: Subject,
        spoken: Mapping[str, float],
        rarity: Rarity,
        found: dict[str, _Near],
    ) -> None:
        """What shares rare names is looked at too: they are the same in all languages."""
        if subject.filters != Filters():
            return
        least = _Near(min((one.meaning for one in found.values()), default=0.0), 0.0)
        rare = [word for word in spoken if 0 < rarity.of_name.get(word, 0) <= RARE]
        for id_ in self.profiles.sharing(rare, limit=NAMED):
            if id_ != subject.profile.id and id_ not in subject.excluded:
                found.setdefault(id_, least)


class _Linked(NamedTuple):
    """A link, and the words of the other article's names."""

    link: Link
    spoken: Mapping[str, float]

    @property
    def is_same(self) -> bool:
        return self.link.same_event >= 0


def _nearest(pairs: Sequence[Pair], relevance: Relevance) -> list[_Linked]:
    odds = {pair.other.id: relevance.odds(pair.features) for pair in pairs}
    nearest = sorted(pairs, key=lambda pair: (-odds[pair.other.id], pair.other.id))[:KEPT]
    return [
        _Linked(_link(pair.other, odds[pair.other.id], relevance), pair.other.spoken)
        for pair in nearest
    ]


def _told(
    article_id: str, nearest: Sequence[_Linked], apart: Mapping[str, frozenset[str]]
) -> list[Link]:
    return [
        replace(
            link,
            near=link.near and place < NEAR,
            another=article_id in apart.get(link.id, ()),
            apart=apart.get(link.id, _NONE),
        )
        for place, (link, _) in enumerate(nearest)
    ]


def _link(other: Known, odds: float, relevance: Relevance) -> Link:
    score = relevance.score(odds)
    return Link(
        id=other.id,
        revision=other.revision,
        score=score,
        same_event=odds - relevance.story,
        because=(),
        near=score >= relevance.minimum,
    )


def _compared(
    mine: Speech, near: Mapping[str, _Near], known: Mapping[str, Known]
) -> Iterator[Pair]:
    """Without the copies of the subject: there is nothing else in them."""
    subject = known.get(mine.profile.id)
    copies = subject.copies if subject else None
    for id_, one in near.items():
        other = known.get(id_)
        if other is not None and not (copies and copies == other.copies):
            yield Pair(other, features(mine, other, meaning=one.meaning, words=one.words))


def most_of(terms: Terms) -> Terms:
    weighted = sorted(zip(terms.values, terms.indices, strict=True), key=lambda one: -one[0])
    kept = weighted[:ASKED_TERMS]
    return Terms(indices=tuple(i for _, i in kept), values=tuple(v for v, _ in kept))


def _nearness(found: Candidates, subject: Subject, relevance: Relevance) -> dict[str, _Near]:
    """Who is not in a list is at its end at best."""
    meaning = {one.id: relevance.meaning(one.score) for one in found.dense}
    words = {one.id: one.score for one in found.lexical}
    own = words.get(subject.profile.id, subject.own_score) or max(words.values(), default=1.0)
    lowest = max(0.0, min(meaning.values(), default=0.0))
    return {
        id_: _Near(meaning.get(id_, lowest), min(1.0, words.get(id_, 0.0) / own))
        for id_ in meaning.keys() | words.keys()
        if id_ != subject.profile.id
    }
