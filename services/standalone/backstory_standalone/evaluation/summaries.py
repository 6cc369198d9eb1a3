"""`eval summaries`: ROUGE of several systems on one set, and how sure the differences are."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backstory_shared.adapters.extractive_summarizer import ExtractiveSummarizer
from backstory_shared.errors import CannotStart
from backstory_shared.text.ranker import Weights
from backstory_standalone.evaluation.ranker_fit import Example, example, fit
from backstory_standalone.evaluation.rouge import MEASURES, Rouge
from backstory_standalone.evaluation.summary_qualities import coverage, danglers, redundancy
from backstory_standalone.evaluation.summary_systems import (
    Backstory,
    Pair,
    System,
    lead3,
    lead_of_words,
    sumy_systems,
)

FOLDS = 5
#: What part of the summaries, in percent, has about as many words as a medium one is promised to.
LENGTHS = {"words_50_60": range(50, 61), "words_45_65": range(45, 66)}
_SEED = 20261125
_RESAMPLES = 2_000
_ROUND = 2

Summaries = list[list[str]]
Warn = Callable[[str], None]


def read_pairs(file: Path) -> list[Pair]:
    """Raises CannotStart where a line is not {"text", "summary"}."""
    opened = gzip.open if file.suffix == ".gz" else open
    try:
        with opened(file, "rt", encoding="utf-8") as lines:
            pairs = [_pair(file, number, line) for number, line in enumerate(lines, 1)]
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise CannotStart(f"{file} cannot be read as JSON lines.") from error
    if len(pairs) < 2:
        raise CannotStart(f"{file} has fewer than two lines; there is nothing to compare.")
    return pairs


def evaluated(pairs: Sequence[Pair], *, cross_validated: bool, warn: Warn) -> dict[str, Any]:
    """All there is to say about one set; a peer that is not installed is left out, and warned of.

    `cross_validated` scores each article with weights fitted on the other folds of this set;
    otherwise the bundled weights are used.
    """
    rouge = Rouge.ready()
    made = {"backstory": _ours(pairs, rouge) if cross_validated else _bundled(pairs)}
    made["lead3"] = [lead3(pair.text) for pair in pairs]
    made["lead_same_length"] = [
        lead_of_words(pair.text, _words(ours))
        for pair, ours in zip(pairs, made["backstory"], strict=True)
    ]
    for name, system in _peers(warn).items():
        made[name] = [system(pair.text) for pair in pairs]
    scored = {name: _scored(pairs, summaries, rouge) for name, summaries in made.items()}
    return {
        "articles": len(pairs),
        "cross_validated": cross_validated,
        "systems": {name: _means(pairs, made[name], scores) for name, scores in scored.items()},
        "differences": {
            name: _difference(scored["backstory"], scores)
            for name, scores in scored.items()
            if name != "backstory"
        },
    }


def cross_fitted(examples: Sequence[Example]) -> Iterator[tuple[NDArray[np.int64], Weights]]:
    """For each fold, its articles and the weights that never saw them."""
    order = np.random.default_rng(_SEED).permutation(len(examples))
    folds = min(FOLDS, len(examples))
    for fold in range(folds):
        unseen = order[fold::folds]
        seen = np.setdiff1d(order, unseen)
        yield unseen, fit([examples[i] for i in seen], [1.0] * len(seen), f"fold-{fold}")


def _ours(pairs: Sequence[Pair], rouge: Rouge) -> Summaries:
    examples = [example(pair.text, pair.summary, rouge.tokens) for pair in pairs]
    made: Summaries = [[] for _ in pairs]
    for unseen, weights in cross_fitted(examples):
        system = Backstory(ExtractiveSummarizer(weights))
        for index in unseen:
            made[index] = system(pairs[index].text)
    return made


def _bundled(pairs: Sequence[Pair]) -> Summaries:
    system = Backstory(ExtractiveSummarizer())
    return [system(pair.text) for pair in pairs]


def _peers(warn: Warn) -> Mapping[str, System]:
    try:
        return sumy_systems()
    except ImportError:
        warn("sumy is not installed: lexrank and textrank are left out.")
        return {}


def _scored(pairs: Sequence[Pair], summaries: Summaries, rouge: Rouge) -> NDArray[np.float64]:
    """A row for each article, a column for each measure."""
    rows = []
    for pair, summary in zip(pairs, summaries, strict=True):
        found = rouge(pair.summary, summary)
        rows.append([found[name] for name in MEASURES])
    return np.array(rows)


def _means(
    pairs: Sequence[Pair], summaries: Summaries, scores: NDArray[np.float64]
) -> dict[str, float]:
    count = len(pairs)
    sentences = sum(map(len, summaries)) or 1
    beside = list(zip((pair.text for pair in pairs), summaries, strict=True))
    found = dict(zip(MEASURES, scores.mean(axis=0), strict=True))
    lengths = list(map(_words, summaries))
    found["words"] = sum(lengths) / count
    for name, band in LENGTHS.items():
        found[name] = 100 * sum(length in band for length in lengths) / count
    found["coverage"] = sum(coverage(text, summary) for text, summary in beside) / count
    found["redundancy"] = sum(map(redundancy, summaries)) / count
    found["danglers"] = 100 * sum(danglers(*each) for each in beside) / sentences
    return {name: round(float(value), _ROUND) for name, value in found.items()}


def _difference(
    ours: NDArray[np.float64], theirs: NDArray[np.float64]
) -> dict[str, dict[str, float]]:
    """By how much Backstory is ahead: the mean, and a paired bootstrap interval of 95 %."""
    ahead = ours - theirs
    dice = np.random.default_rng(_SEED)
    draws = dice.integers(0, len(ahead), (_RESAMPLES, len(ahead)))
    means = ahead[draws].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return {
        name: {
            "mean": round(float(ahead[:, column].mean()), _ROUND),
            "low": round(float(low[column]), _ROUND),
            "high": round(float(high[column]), _ROUND),
        }
        for column, name in enumerate(MEASURES)
    }


def _pair(file: Path, number: int, line: str) -> Pair:
    try:
        found = json.loads(line)
        text, summary = found["text"], found["summary"]
    except (ValueError, TypeError, KeyError):
        raise CannotStart(f'{file}, line {number}: there is no {{"text", "summary"}}.') from None
    if not isinstance(text, str) or not isinstance(summary, str):
        raise CannotStart(f"{file}, line {number}: text and summary are strings.")
    return Pair(text, summary)


def _words(summary: Sequence[str]) -> int:
    return sum(len(sentence.split()) for sentence in summary)
