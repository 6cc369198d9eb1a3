"""What makes two articles related: `python -m training.relate TEXT_FOLDER [MODEL_FOLDER]`.

Fits the weights of Relevance on the storylines of the sample archive, among a crowd of other
news, and writes relate.json into the model's folder. What is reported comes from weights that have
not seen the storylines they are tried on.
"""

import argparse
import json
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.relating.occasions import are_apart
from backstory_shared.relating.profiles import profile_of
from backstory_shared.relating.relevance import FILE, Features, Naming, Relevance, spoken_of
from backstory_shared.text.names import mentions_of, name_words
from backstory_standalone.evaluation.clusters import clustered, pairwise_f1, stories_of
from backstory_standalone.evaluation.shelf import Shelf, Told, copy_groups, shelved
from backstory_standalone.evaluation.storylines import sample
from training.logistic import Numbers, fit
from training.texts import articles, rows

FOLDS = 4
#: What is as good as the best is a wide range; its middle holds for other stories too.
NEARLY = 0.01
#: Of ten articles that are shown about one in seven may be of another story.
PRECISION = 0.85
#: A name that is in fewer of the background's articles than one in a thousand tells enough.
COMMON = 0.001
CROWD = "articles/bbc"
BACKGROUND = ("articles/bbc", "articles/reuters_train")
_NOTHING = Relevance(
    weights=(0.0,) * len(Features._fields), bias=0.0, minimum=0.0, story=0.0, naming=Naming({}, 1)
)


@dataclass(frozen=True)
class Pairs:
    """Pairs of articles of which the first has a place in the sample archive."""

    ids: list[tuple[str, str]]
    features: Numbers
    same: NDArray[np.bool_]
    fold: NDArray[np.int64]


def background(texts: Path) -> tuple[dict[str, int], int]:
    """In how many news articles the more common names are found: counts of words, and no text."""
    found = [article for name in BACKGROUND for article in articles(texts, name)]
    found_texts = [one.text for one in found]
    found_texts += [row["text"] for row in rows(texts, "summaries/cnn_validation")]
    counted = Counter(
        word for text in found_texts for word in name_words(mentions_of(text, "en").names)
    )
    least = COMMON * len(found_texts)
    return {w: n for w, n in sorted(counted.items()) if n >= least}, len(found_texts)


def crowd(texts: Path) -> list[Told]:
    distinct = {article.text: article for article in articles(texts, CROWD)}
    return [
        Told(id=f"crowd-{place}", title=article.title, text=article.text)
        for place, article in enumerate(distinct.values())
    ]


def originals(told: Sequence[Told]) -> list[Told]:
    """Without copies, whose pairs would only count twice."""
    groups = copy_groups(told)
    return [one for one in told if groups.get(one.id, one.id) == one.id]


def pairs_of(told: Sequence[Told], shelf: Shelf, naming: Naming) -> Pairs:
    """What FindNeighbours compares, each pair once from either side."""
    story_of = {one.id: one.story for one in told}
    finder = shelf.finder(Relevance(_NOTHING.weights, 0.0, 0.0, 0.0, naming))
    ids, seen, same, folds = [], [], [], []
    for id_, found in finder.pairs(shelf.subjects(told)).items():
        for pair in found:
            ids.append((id_, pair.other.id))
            seen.append(pair.features)
            story = story_of[id_]
            same.append(story is not None and story == story_of.get(pair.other.id))
            folds.append(_fold(story or id_))
    return Pairs(ids, np.array(seen), np.array(same), np.array(folds))


def cross_validated(pairs: Pairs) -> Numbers:
    """The odds of each pair by weights that never saw the story its first article is of."""
    odds = np.zeros(len(pairs.ids))
    for fold in range(FOLDS):
        held_out = pairs.fold == fold
        weights, bias = fit(pairs.features[~held_out], pairs.same[~held_out])
        odds[held_out] = pairs.features[held_out] @ weights + bias
    return odds


def least_score(odds: Numbers, same: NDArray[np.bool_]) -> float:
    """The lowest at which what is shown is precise enough, to two digits."""
    scores = 1 / (1 + np.exp(-odds))
    for least in np.arange(0.02, 0.99, 0.01):
        shown = scores >= least
        if shown.any() and same[shown].mean() >= PRECISION:
            return round(float(least), 2)
    return 0.5


def best_story(told: Sequence[Told], pairs: Pairs, odds: Numbers) -> tuple[float, float]:
    """From which odds on a story is joined, and the F1 that gives; the middle of the best."""
    known = stories_of(told)
    apart = apart_of(told)
    tried = {
        float(least): pairwise_f1(clustered(told, linked(pairs, odds - least), {}, apart), known)
        for least in np.arange(-2, 3, 0.25)
    }
    best = max(tried.values())
    good = [least for least, f1 in tried.items() if f1 >= best - NEARLY]
    middle = good[(len(good) - 1) // 2]
    return middle, tried[middle]


def linked(pairs: Pairs, odds: Numbers) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for (id_, other), value in zip(pairs.ids, odds.tolist(), strict=True):
        for one, another in ((id_, other), (other, id_)):
            known = found.setdefault(one, {})
            known[another] = max(value, known.get(another, value))
    return found


def apart_of(told: Sequence[Told]) -> dict[str, set[str]]:
    """Of each article those that tell of another occasion of the same kind."""
    profiles = [profile_of(one.id, 1, one.passage, one.published_at.date()) for one in told]
    spoken = {profile.id: spoken_of(profile.names) for profile in profiles}
    found: dict[str, set[str]] = {}
    for one, other in permutations(profiles, 2):
        if are_apart(one.occasion, other.occasion, spoken[one.id], spoken[other.id]):
            found.setdefault(one.id, set()).add(other.id)
    return found


def _fold(story: str) -> int:
    return zlib.crc32(story.encode()) % FOLDS


def learn(texts: Path, model: Path) -> dict[str, object]:
    names, counted = background(texts)
    told = originals(sample())
    naming = Naming(names, counted)
    embedder = StaticEmbedder.open(model)
    with (
        shelved(told, embedder, naming) as alone,
        shelved(told + crowd(texts), embedder, naming) as crowded,
    ):
        pairs = _joined(pairs_of(told, alone, naming), pairs_of(told, crowded, naming))
    odds = cross_validated(pairs)
    weights, bias = fit(pairs.features, pairs.same)
    story, f1 = best_story(told, pairs, odds)
    minimum = least_score(odds, pairs.same)
    shown = 1 / (1 + np.exp(-odds)) >= minimum
    print(f"shown from {minimum}: precision {pairs.same[shown].mean():.3f}, ", end="")
    print(f"recall {shown[pairs.same].mean():.3f} of {int(pairs.same.sum())}")
    print(f"stories from odds {story}: pairwise F1 {f1:.3f}, cross-validated")
    return {
        "weights": {
            name: round(float(weight), 4)
            for name, weight in zip(Features._fields, weights, strict=True)
        },
        "bias": round(bias, 4),
        "minimum": minimum,
        "story": story,
        "floor": embedder.model.floor,
        "articles": counted,
        "names": names,
    }


def _joined(one: Pairs, other: Pairs) -> Pairs:
    return Pairs(
        one.ids + other.ids,
        np.vstack([one.features, other.features]),
        np.concatenate([one.same, other.same]),
        np.concatenate([one.fold, other.fold]),
    )


def main() -> None:
    parsed = argparse.ArgumentParser(description=__doc__)
    parsed.add_argument("texts", type=Path)
    parsed.add_argument("model", type=Path, nargs="?", default=BUNDLED)
    given = parsed.parse_args()
    learnt = learn(given.texts, given.model)
    (given.model / FILE).write_text(
        json.dumps(learnt, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
