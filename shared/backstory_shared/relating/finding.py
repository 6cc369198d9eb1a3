"""FindNeighbours: which articles are near an article, by meaning, by words and by names."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    SearchIndex,
    Terms,
    Vector,
)
from backstory_shared.relating.relevance import Features, Named, Relevance, because, features
from backstory_shared.text.names import name_words

#: How many are looked at from each of the two lists.
CONSIDERED = 40
#: How many more because they share names that at most so many articles have, two at least.
NAMED = 20
RARE = 50
#: How many are kept: readers ask for some, and those that are left out are made up for.
KEPT = 20
#: Only the terms that an article has most of: the engine's work grows with their number.
ASKED_TERMS = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What neighbours are looked for, as the index and the ledger know it.

    `own_score` is what its words would score against itself; None where it is in the index.
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

    other: Profile
    features: Features


@dataclass(frozen=True, slots=True)
class FindNeighbours:
    """Nearest first; never the subject itself or a copy of it, nor what nobody has profiled yet.

    Of a pair the later one finds the earlier, whichever process works on either: both are profiled
    before either looks.
    """

    index: SearchIndex
    profiles: Profiles
    relevance: Relevance
    considered: int = CONSIDERED

    def __call__(self, subjects: Sequence[Subject]) -> dict[str, Neighbours]:
        pairs = self.pairs(subjects)
        return {
            subject.profile.id: self._neighbours(subject.profile, pairs[subject.profile.id])
            for subject in subjects
        }

    def pairs(self, subjects: Sequence[Subject]) -> dict[str, list[Pair]]:
        """Everything that is compared with each subject, in no order."""
        near = {subject.profile.id: self._near(subject) for subject in subjects}
        self._add_named(subjects, near)
        known = self.profiles.known(
            sorted({id_ for found in near.values() for id_ in found} | near.keys())
        )
        profiles = [subject.profile for subject in subjects]
        profiles += [one.profile for one in known.values()]
        telling = self._telling(profiles)
        named = {profile.id: Named.of(profile, telling) for profile in reversed(profiles)}
        return {
            subject.profile.id: list(_pairs(subject, near[subject.profile.id], known, named))
            for subject in subjects
        }

    def _near(self, subject: Subject) -> dict[str, _Near]:
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
        return _nearness(found, subject)

    def _add_named(self, subjects: Sequence[Subject], near: dict[str, dict[str, _Near]]) -> None:
        """What shares rare names is looked at too: they are the same in all languages."""
        names = {s.profile.id: list(name_words(s.profile.names)) for s in subjects}
        naming = self.profiles.naming(
            sorted({name for some in names.values() for name in some}), limit=RARE
        )
        for subject in subjects:
            found = near[subject.profile.id]
            if subject.filters != Filters():
                continue
            least = _Near(min((one.meaning for one in found.values()), default=0.0), 0.0)
            shared = Counter(
                id_ for name in names[subject.profile.id] for id_ in naming.get(name, ())
            )
            for id_ in sorted(shared, key=lambda id_: (-shared[id_], id_))[:NAMED]:
                if shared[id_] > 1 and id_ != subject.profile.id and id_ not in subject.excluded:
                    found.setdefault(id_, least)

    def _telling(self, profiles: Iterable[Profile]) -> dict[str, float]:
        words = sorted({word for profile in profiles for word in name_words(profile.names)})
        return self.relevance.naming.telling(words, self.profiles.rarity(words))

    def _neighbours(self, mine: Profile, pairs: Sequence[Pair]) -> Neighbours:
        odds = {pair.other.id: self.relevance.odds(pair.features) for pair in pairs}
        nearest = sorted(pairs, key=lambda pair: (-odds[pair.other.id], pair.other.id))[:KEPT]
        return Neighbours(
            links=tuple(
                Link(
                    id=pair.other.id,
                    revision=pair.other.revision,
                    score=self.relevance.score(odds[pair.other.id]),
                    same_event=odds[pair.other.id] - self.relevance.story,
                    because=because(mine, pair.other),
                )
                for pair in nearest
            )
        )


def _pairs(
    subject: Subject,
    near: Mapping[str, _Near],
    known: Mapping[str, Known],
    named: Mapping[str, Named],
) -> Iterator[Pair]:
    """Without the copies of the subject: there is nothing else in them."""
    mine = known.get(subject.profile.id)
    for id_, one in near.items():
        if id_ in known and not (mine and mine.copies and mine.copies == known[id_].copies):
            pair = features(
                named[subject.profile.id], named[id_], meaning=one.meaning, words=one.words
            )
            yield Pair(known[id_].profile, pair)


def most_of(terms: Terms) -> Terms:
    weighted = sorted(zip(terms.values, terms.indices, strict=True), key=lambda one: -one[0])
    kept = weighted[:ASKED_TERMS]
    return Terms(indices=tuple(i for _, i in kept), values=tuple(v for v, _ in kept))


def _nearness(found: Candidates, subject: Subject) -> dict[str, _Near]:
    """Who is not in a list is at its end at best."""
    meaning = {one.id: one.score for one in found.dense}
    words = {one.id: one.score for one in found.lexical}
    own = words.get(subject.profile.id, subject.own_score) or max(words.values(), default=1.0)
    lowest = max(0.0, min(meaning.values(), default=0.0))
    return {
        id_: _Near(meaning.get(id_, lowest), min(1.0, words.get(id_, 0.0) / own))
        for id_ in meaning.keys() | words.keys()
        if id_ != subject.profile.id
    }
