"""Relevance: what two articles have in common as numbers, and what a model learnt to make of it.

The weights are made by `python -m training.relate` and kept in the folder of the embedding model
they were learnt with. Pure.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from backstory_shared.ports import Embedder, Known, ModelCard, Profile, Rarity
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

    def telling(self, rarity: Rarity) -> dict[str, float]:
        """Between 0 for a name that every article has and 1 for one that hardly any has."""
        everything = math.log(rarity.articles + self._articles + 1)
        return {
            word: 1 - math.log(max(1, count + self._background.get(word, 0))) / everything
            for word, count in rarity.of_name.items()
        }

    def weight(self, spoken: Mapping[str, float], telling: Mapping[str, float]) -> float:
        """How much an article's names tell in all."""
        return sum(telling[word] * amount for word, amount in spoken.items())


@dataclass(frozen=True, slots=True)
class Relevance:
    """A logistic regression over Features.

    `minimum` is the least score that is shown; a story is joined from the odds `story` on. `floor`
    is that of the model it was learnt with, `of_model` that of the one whose cosines are seen.
    """

    weights: tuple[float, ...]
    bias: float
    minimum: float
    story: float
    naming: Naming
    floor: float = 0.0
    of_model: float = 0.0

    def meaning(self, cosine: float) -> float:
        """As the model would say it that this was learnt with: from its floor up to one."""
        return 1 - (1 - cosine) * (1 - self.floor) / (1 - self.of_model)

    def seen_by(self, model: ModelCard) -> "Relevance":
        """For the cosines of another model: what was learnt holds between its floor and one."""
        return replace(self, of_model=model.floor)

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
        floor=said["floor"],
        of_model=said["floor"],
    )


def learnt_with(folder: Path, embedder: Embedder) -> Callable[[], Relevance]:
    """What was learnt with the model in `folder`, for whichever model is serving."""
    learnt = load_relevance(folder)
    return lambda: learnt.seen_by(embedder.model)


class Speech(NamedTuple):
    """The subject of pairs, made once for all of them: how much it speaks of each word of its
    names, and what the word tells."""

    profile: Profile
    spoken: Mapping[str, float]
    telling: Mapping[str, float]


def spoken_of(names: Mapping[str, int]) -> dict[str, float]:
    """How much is spoken of each word of the names: the tenth time says less than the first."""
    return {word: round(math.log1p(count), 2) for word, count in name_words(names).items()}


def features(mine: Speech, other: Known, *, meaning: float, words: float) -> Features:
    spoken, theirs, telling = mine.spoken, other.spoken, mine.telling
    shared = spoken.keys() & theirs.keys()
    rare = sum(telling[word] for word in shared)
    told = sum(telling[word] * min(spoken[word], theirs[word]) for word in shared)
    # What is not known is no difference.
    language = mine.profile.language or other.language
    their_language = other.language or language
    return Features(
        meaning=meaning,
        words=words,
        names=rare,
        told=told / max(_LEAST_NAMED, min(mine.profile.weight, other.weight)),
        figures=min(len(mine.profile.figures & other.figures), _MOST_FIGURES),
        other_language=float(language != their_language),
        foreign=0.0 if language == their_language == "en" else meaning,
        german=rare if language == their_language == "de" else 0.0,
    )


def because(one: Profile, names: Mapping[str, int], language: str | None) -> tuple[str, ...]:
    """What both speak of, in words a reader can check."""
    german = "de" in (one.language, language)
    return shared_names(one.names, names, german=german)[:SHOWN_NAMES]
