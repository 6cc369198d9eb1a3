"""Relevance: what two articles have in common as numbers, and what a model learnt to make of it.

The weights are made by `python -m training.relate` and kept in the folder of the embedding model
they were learnt with. Pure.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from backstory_shared.ports import Profile, Rarity
from backstory_shared.text.names import name_words, shared_names

FILE = "relate.json"
SHOWN_NAMES = 3
_MOST_FIGURES = 5
#: Shares of two lists of rare names are not compared where there is hardly a name at all.
_LEAST_NAMED = 0.3


class Features(NamedTuple):
    """All that is known of a pair.

    `meaning` is the cosine of the vectors, `words` that of the weighted terms, `names` the sum of
    how rare the shared names are, `told` their share of all that is named in the one that names
    less, `figures` how many are the same. `foreign` is the cosine once more where not both are in
    English, which not every model knows more than. `german` are the shared names where both are in
    German, in which any noun looks like one.
    """

    meaning: float
    words: float
    names: float
    told: float
    figures: float
    other_language: float
    foreign: float
    german: float


class Naming:
    """How much each name tells, in an archive that is seen as part of a larger one.

    In a small archive every name is rare: the names of the texts that the weights were learnt from
    are counted along.
    """

    def __init__(self, background: Mapping[str, int], background_articles: int) -> None:
        self._background = background
        self._articles = background_articles

    def telling(self, words: Sequence[str], rarity: Rarity) -> dict[str, float]:
        """Between 0 for a name that every article has and 1 for one that hardly any has."""
        everything = math.log(rarity.articles + self._articles + 1)
        return {
            word: 1
            - math.log(max(1, rarity.of_name.get(word, 0) + self._background.get(word, 0)))
            / everything
            for word in words
        }


@dataclass(frozen=True, slots=True)
class Relevance:
    """A logistic regression over Features.

    `minimum` is the least score that is shown; a story is joined from the odds `story` on.
    """

    weights: tuple[float, ...]
    bias: float
    minimum: float
    story: float
    naming: Naming

    def odds(self, features: Features) -> float:
        """The logarithm of the odds that both are about the same event."""
        return self.bias + sum(w * x for w, x in zip(self.weights, features, strict=True))

    def score(self, odds: float) -> float:
        """How near they are, between 0 and 1: what is about the same event is nearest."""
        return 1 / (1 + math.exp(-odds))


def load_relevance(folder: Path) -> Relevance:
    """What was learnt with the model in `folder`."""
    said = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Relevance(
        weights=tuple(said["weights"][name] for name in Features._fields),
        bias=said["bias"],
        minimum=said["minimum"],
        story=said["story"],
        naming=Naming(said["names"], said["articles"]),
    )


@dataclass(frozen=True, slots=True)
class Named:
    """A profile with its names as they are compared: how much each is spoken of, and what it tells.

    Made once for all the pairs that a profile is part of.
    """

    profile: Profile
    spoken: Mapping[str, float]
    telling: Mapping[str, float]
    weight: float

    @classmethod
    def of(cls, profile: Profile, telling: Mapping[str, float]) -> "Named":
        spoken = {word: math.log1p(count) for word, count in name_words(profile.names).items()}
        weight = sum(telling.get(word, 1.0) * amount for word, amount in spoken.items())
        return cls(profile, spoken, telling, weight)


def features(one: Named, other: Named, *, meaning: float, words: float) -> Features:
    shared = one.spoken.keys() & other.spoken.keys()
    rare = sum(one.telling.get(word, 1.0) for word in shared)
    told = sum(
        one.telling.get(word, 1.0) * min(one.spoken[word], other.spoken[word]) for word in shared
    )
    language, theirs = one.profile.language, other.profile.language
    return Features(
        meaning=meaning,
        words=words,
        names=rare,
        told=told / max(_LEAST_NAMED, min(one.weight, other.weight)),
        figures=min(len(one.profile.figures & other.profile.figures), _MOST_FIGURES),
        other_language=float(language != theirs),
        foreign=0.0 if language == theirs == "en" else meaning,
        german=rare if language == theirs == "de" else 0.0,
    )


def because(one: Profile, other: Profile) -> tuple[str, ...]:
    """What both speak of, in words a reader can check."""
    german = "de" in (one.language, other.language)
    return shared_names(one.names, other.names, german=german)[:SHOWN_NAMES]
