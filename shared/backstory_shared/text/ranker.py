"""The ranker: how much each sentence of a story says for it, and which of them to take.

A logistic ranker over a sentence's place, length and words, and greedy selection with a penalty for
saying the same twice (maximal marginal relevance: Carbonell and Goldstein, SIGIR 1998). The weights
are those of standardised features: over a story's sentences, each feature has mean 0, variance 1.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backstory_shared.text.words import Words

#: By how much each feature counts, learnt on news summaries (greedy ROUGE labels, logistic loss).
WEIGHTS: Mapping[str, float] = {
    "log_position": -0.40,
    "squared_length": -0.33,
    "keyword_weight": 0.28,
    "starts_with_quotation": -0.16,
    "introduces": 0.15,
    "capitals": 0.15,
    "top_keywords": 0.13,
    "relative_position": -0.10,
    "numbers": 0.08,
    "centrality": 0.08,
    "title_words": 0.10,
}

#: Without a language's tables only place, length and centrality can be trusted.
POSITION_ONLY = frozenset({"log_position", "squared_length", "relative_position", "centrality"})

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_QUOTES = "\"“”„«»'‘’"
_TOP_KEYWORDS = 10
_IDEAL_WORDS = 22
_REPETITION = 0.5


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as the ranker sees it; `place` is its number in the story, from 0."""

    place: int
    text: str
    words: tuple[str, ...]
    content: frozenset[str]


def sentence(place: int, text: str, words: Words) -> Sentence:
    found = tuple(match[0] for match in _WORD.finditer(text))
    folded = (word.lower() for word in found)
    content = frozenset(word for word in folded if len(word) > 2 and word not in words.stop)
    return Sentence(place, text, found, content)


def scores(sentences: Sequence[Sentence], title: frozenset[str], known: bool) -> list[float]:
    """One score a sentence; a story of one sentence scores 0. Linear in the story's length."""
    weights = {n: w for n, w in WEIGHTS.items() if known or n in POSITION_ONLY}
    rows = _features(sentences, title)
    total = [0.0] * len(sentences)
    for name, weight in weights.items():
        for place, value in enumerate(_standardised([row[name] for row in rows])):
            total[place] += weight * value
    return total


def _features(sentences: Sequence[Sentence], title: frozenset[str]) -> list[dict[str, float]]:
    counts = Counter(word for one in sentences for word in one.content)
    top = frozenset(word for word, _ in counts.most_common(_TOP_KEYWORDS))
    norm = math.sqrt(sum(count * count for count in counts.values())) or 1.0
    seen: set[str] = set()
    rows = []
    for one in sentences:
        fresh = one.content - seen
        seen |= one.content
        rows.append(_row(one, len(sentences), counts, norm, top, fresh, title))
    return rows


def _row(
    one: Sentence,
    total: int,
    counts: Counter[str],
    norm: float,
    top: frozenset[str],
    fresh: Iterable[str],
    title: frozenset[str],
) -> dict[str, float]:
    size = len(one.content) or 1
    weight = sum(counts[word] for word in one.content)
    return {
        "log_position": math.log1p(one.place),
        "relative_position": one.place / total,
        "squared_length": ((len(one.words) - _IDEAL_WORDS) / _IDEAL_WORDS) ** 2,
        "keyword_weight": math.log1p(weight / size),
        "starts_with_quotation": float(one.text[:1] in _QUOTES),
        "introduces": sum(counts[word] > 1 for word in fresh) / size,
        "capitals": sum(word[0].isupper() for word in one.words[1:]) / (len(one.words) or 1),
        "top_keywords": len(one.content & top) / (len(top) or 1),
        "numbers": float(any(word[0].isdigit() for word in one.words)),
        "centrality": weight / (norm * math.sqrt(size)),
        "title_words": len(one.content & title) / (len(title) or 1),
    }


def _standardised(values: Sequence[float]) -> list[float]:
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / len(values)
    if variance < 1e-12:
        return [0.0] * len(values)
    deviation = math.sqrt(variance)
    return [(value - mean) / deviation for value in values]


@dataclass(frozen=True, slots=True)
class Budget:
    """When a summary is long enough: at most `sentences`, and about `words`.

    `leaning` is what a sentence pays for leaning on its predecessor, even beside it.
    """

    sentences: int
    words: int
    leaning: float


def select(
    sentences: Sequence[Sentence],
    scored: Sequence[float],
    dangling: frozenset[int],
    budget: Budget,
) -> list[int]:
    """The indexes of the sentences to take, in the order of the story.

    A dangling sentence is taken only after its predecessor. What would take the summary beyond 1.3
    times its words is passed over; at .85 of them it is long enough. Every pick is one walk over
    the sentences, so a long story costs as many walks as its summary has sentences.
    """
    picked: list[int] = []
    worth = [score - (budget.leaning if i in dangling else 0.0) for i, score in enumerate(scored)]
    overlap = [0.0] * len(sentences)
    words = 0
    while len(picked) < budget.sentences and words < 0.85 * budget.words:
        room = 1.3 * budget.words - words if picked else math.inf
        open_to = [
            i
            for i, one in enumerate(sentences)
            if len(one.words) <= room and i not in picked and not _hangs(i, dangling, picked)
        ]
        if not open_to:
            break
        best = max(open_to, key=lambda i: (worth[i] - _REPETITION * overlap[i], -i))
        picked.append(best)
        words += len(sentences[best].words)
        overlap = [
            max(before, _cosine(sentences[best], one))
            for before, one in zip(overlap, sentences, strict=True)
        ]
    return sorted(picked)


def _hangs(index: int, dangling: frozenset[int], picked: Sequence[int]) -> bool:
    return index in dangling and index - 1 not in picked


def _cosine(one: Sentence, other: Sentence) -> float:
    size = math.sqrt(len(one.content) * len(other.content))
    return len(one.content & other.content) / size if size else 0.0
