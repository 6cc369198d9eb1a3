"""`eval related`: how near it finds what belongs together, beside TF-IDF and MiniLM.

Three kinds of truth: `cluster` labels (precision@5 and R-precision of each article's list),
people's similarities of pairs (Pearson), and stories (pairwise and B-cubed F1).
"""

import gzip
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.errors import CannotStart
from backstory_shared.relating.relevance import Relevance, load_relevance
from backstory_standalone.evaluation.clusters import (
    Clusters,
    b_cubed_f1,
    clustered,
    pairwise_f1,
    stories_of,
)
from backstory_standalone.evaluation.shelf import LONG_AGO, Shelf, Told, shelved
from backstory_standalone.evaluation.storylines import sample
from backstory_standalone.evaluation.transformer import MINILM, CachedTransformer, cache_folder

#: Lists of so many articles are looked at; all of them where there are fewer.
ASKED = 500
SHOWN = 5
_SEED = 1
_ROUND = 4
_PEERS = {"tfidf": "sklearn", "minilm": "sentence_transformers"}

#: Articles asked about, by all articles; an article's score with itself is left out.
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Truth:
    """Articles, and what is known of them."""

    name: str
    told: tuple[Told, ...]
    similarities: Mapping[tuple[int, int], float]

    @property
    def asked(self) -> list[int]:
        """The places of the articles whose lists are looked at."""
        labelled = [place for place, one in enumerate(self.told) if one.story]
        if self.similarities:
            return sorted({place for pair in self.similarities for place in pair})
        return sorted(random.Random(_SEED).sample(labelled, min(ASKED, len(labelled))))  # noqa: S311 - no secret


def evaluate_related(source: Path | None, *, as_stories: bool) -> dict[str, Any]:
    """`source` is JSON lines with `cluster`s, a folder of similarities, or the sample archive."""
    truth = _truth(source)
    as_stories = as_stories or source is None
    systems: dict[str, Any] = {}
    naming = load_relevance(BUNDLED).naming
    with shelved(truth.told, StaticEmbedder.open(BUNDLED), naming) as shelf:
        odds = _odds(shelf, truth, everything=not as_stories)
        systems["backstory"] = _lists(truth, odds)
        if as_stories:
            links = told_by(shelf, truth.told, load_relevance(BUNDLED))
            found = clustered(truth.told, links.odds, shelf.archive.groups, links.apart)
            systems["backstory"] |= _stories_of(found, truth)
    for name, scores in _peers(truth):
        systems[name] = _lists(truth, scores[truth.asked])
        if as_stories:
            systems[name] |= _best_stories(scores, truth)
    return {"dataset": truth.name, "articles": len(truth.told), "systems": systems}


# --- what is known --------------------------------------------------------------------------------


def _truth(source: Path | None) -> Truth:
    if source is None:
        return Truth("sample", tuple(sample()), {})
    if source.is_dir():
        return _similar(source)
    told = _all_told(source)
    if sum(one.story is not None for one in told) < 2:
        raise CannotStart(f"{source} has no two articles with a cluster.")
    ordered = sorted(told, key=lambda one: (one.published_at, one.id))
    return Truth(source.name, tuple(ordered), {})


def _similar(folder: Path) -> Truth:
    """docs.jsonl and similarity.tsv, and background.jsonl if it is there."""
    told = _all_told(folder / "docs.jsonl")
    known = _similarities(folder / "similarity.tsv", {one.id: at for at, one in enumerate(told)})
    if _found(folder / "background.jsonl").exists():
        others = enumerate(_all_told(folder / "background.jsonl"))
        told += [replace(one, id=f"background {place}") for place, one in others]
    return Truth(folder.name, tuple(told), known)


def _similarities(file: Path, places: Mapping[str, int]) -> dict[tuple[int, int], float]:
    known: dict[tuple[int, int], float] = {}
    for number, line in enumerate(_lines(file), 1):
        try:
            one, other, score = line.split("\t")
            pair = places[one], places[other]
            similar = float(score)
        except (ValueError, KeyError):
            raise CannotStart(
                f"{file}, line {number}: write two ids of docs.jsonl and a number with tabs."
            ) from None
        if one != other:
            known[pair] = similar
    return known


def _all_told(file: Path) -> list[Told]:
    told = []
    for place, row in enumerate(_rows(file)):
        try:
            told.append(_told(place, row))
        except (AttributeError, TypeError, ValueError):
            raise CannotStart(
                f"{file}, article {place + 1}: write "
                '{"title", "text", "published_at", "cluster"}, and dates as 2026-05-01.'
            ) from None
    return told


def _told(place: int, row: Mapping[str, Any]) -> Told:
    published = row.get("published_at")
    return Told(
        id=str(row.get("id", place)),
        title=row.get("title") or "",
        text=row.get("text") or "",
        language=row.get("language") or "en",
        published_at=_moment(published) if published else LONG_AGO,
        story=row.get("cluster") or row.get("story"),
    )


def _moment(text: str) -> datetime:
    """A date without an offset is one of UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in _lines(file) if line.strip()]
    except ValueError as error:
        raise CannotStart(f"{file} is not JSON lines.") from error


def _lines(file: Path) -> Iterator[str]:
    found = _found(file)
    opened = gzip.open if found.suffix == ".gz" else open
    try:
        with opened(found, "rt", encoding="utf-8") as lines:
            yield from lines
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise CannotStart(f"{file} cannot be read.") from error


def _found(file: Path) -> Path:
    packed = file.with_name(f"{file.name}.gz")
    return packed if packed.exists() and not file.exists() else file


# --- what is found --------------------------------------------------------------------------------


def _odds(shelf: Shelf, truth: Truth, *, everything: bool) -> Scores:
    """By FindNeighbours, who looks at the nearest only; here at all where it must rank all."""
    places = {one.id: place for place, one in enumerate(truth.told)}
    considered = len(places) if everything else min(len(places), 200)
    finder = shelf.finder(load_relevance(BUNDLED), considered)
    scores = np.full((len(truth.asked), len(places)), -np.inf)
    for row, place in enumerate(truth.asked):
        (subject,) = shelf.subjects([truth.told[place]])
        for pair in finder.pairs([subject])[subject.profile.id]:
            scores[row, places[pair.other.id]] = finder.relevance().odds(pair.features)
    return scores


class ToldBy(NamedTuple):
    """What the links between articles say, whichever of two has the other in its list."""

    odds: dict[str, dict[str, float]]
    apart: dict[str, set[str]]


def told_by(shelf: Shelf, told: Sequence[Told], relevance: Relevance) -> ToldBy:
    found = shelf.finder(relevance)(shelf.subjects(told))
    odds: dict[str, dict[str, float]] = {one.id: {} for one in told}
    apart: dict[str, set[str]] = {one.id: set() for one in told}
    for id_, neighbours in found.items():
        for link in neighbours.links:
            apart[link.id] |= link.apart
            for one, other in ((id_, link.id), (link.id, id_)):
                odds[one][other] = max(link.same_event, odds[one].get(other, -np.inf))
    return ToldBy(odds, apart)


def _peers(truth: Truth) -> Iterator[tuple[str, Scores]]:
    texts = [f"{one.title}\n\n{one.text}".strip() for one in truth.told]
    for name, module in _PEERS.items():
        if find_spec(module) is None:
            sys.stderr.write(f"{name} is left out: {module} is not installed.\n")
            continue
        vectors = _tfidf(texts) if name == "tfidf" else _minilm(texts)
        yield name, np.asarray(vectors @ vectors.T, np.float64)


def _tfidf(texts: Sequence[str]) -> NDArray[np.float32]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    made = TfidfVectorizer(sublinear_tf=True, stop_words="english", max_features=30_000)
    return np.asarray(made.fit_transform(texts).toarray(), np.float32)


def _minilm(texts: Sequence[str]) -> NDArray[np.float32]:
    return CachedTransformer(MINILM, cache_folder()).encode(texts)


# --- how right it is ------------------------------------------------------------------------------


def _lists(truth: Truth, scores: Scores) -> dict[str, float]:
    if truth.similarities:
        return {"pearson": round(_pearson(truth, scores), _ROUND)}
    labels = np.array([one.story or f"alone {one.id}" for one in truth.told])
    at_five, at_r = [], []
    for row, place in zip(scores, truth.asked, strict=True):
        best = [other for other in np.argsort(-row, kind="stable") if other != place]
        right = labels[best] == labels[place]
        if wanted := int(right.sum()):
            at_five.append(right[:SHOWN].sum() / min(SHOWN, wanted))
            at_r.append(right[:wanted].mean())
    return {
        f"precision@{SHOWN}": round(float(np.mean(at_five)), _ROUND),
        "r_precision": round(float(np.mean(at_r)), _ROUND),
    }


def _pearson(truth: Truth, scores: Scores) -> float:
    """Of the scores as they are shown, between 0 and 1, where they are odds."""
    rows = {place: row for row, place in enumerate(truth.asked)}
    shown = np.where(np.isfinite(scores), scores, np.nanmin(scores[np.isfinite(scores)]))
    pairs = [
        ((shown[rows[one], other] + shown[rows[other], one]) / 2, known)
        for (one, other), known in truth.similarities.items()
    ]
    return float(np.corrcoef(np.array(pairs).T)[0, 1])


def _stories_of(found: Clusters, truth: Truth) -> dict[str, float]:
    known = stories_of(truth.told)
    return {
        "pairwise_f1": round(pairwise_f1(found, known), _ROUND),
        "b_cubed_f1": round(b_cubed_f1(found, known), _ROUND),
    }


def _best_stories(scores: Scores, truth: Truth) -> dict[str, float]:
    """For a peer the best of many thresholds, chosen with the answers in hand."""
    ids = [one.id for one in truth.told]
    found = []
    for least in np.quantile(scores, [0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999]):
        odds = {
            one: {ids[k]: float(row[k] - least) * 20 for k in np.argsort(-row)[:60] if k != place}
            for place, (one, row) in enumerate(zip(ids, scores, strict=True))
        }
        found.append(_stories_of(clustered(truth.told, odds, {}, {}), truth))
    return max(found, key=lambda one: one["pairwise_f1"])
