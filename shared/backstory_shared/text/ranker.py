"""The ranker: how much each sentence of a story says for it.

A logistic ranker over a sentence's place and its words. The weights are those of standardised
features: over a story's sentences, each feature has mean 0 and variance 1, so a story's language,
length and subject do not matter, and a weight says by itself how much its feature counts.
"""

import heapq
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backstory_shared.text.words import NO_WORDS, Words

FEATURES = (
    "log_position",
    "keyword_weight",
    "top_keywords",
    "introduces",
    "introduced",
    "capitals",
    "numbers",
    "in_person",
    "opens_with_quotation",
    "centrality",
    "title_words",
)

#: Without a language's tables only place and centrality can be trusted.
POSITION_FEATURES = ("log_position", "centrality")

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
#: Scripts that put no blanks between words: there, two signs together stand for a word.
_DENSE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")
_QUOTES = "\"'“”„«»「『‘’"
_TOP_KEYWORDS = 10


@dataclass(frozen=True, slots=True)
class Weights:
    """What training made: by how much each feature counts, with a language's tables and without."""

    version: str
    known: Mapping[str, float]
    position: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as the ranker sees it; `place` is its number in the story, from 0."""

    place: int
    text: str
    words: tuple[str, ...]
    content: frozenset[str]
    length: int


def sentence(place: int, text: str, words: Words) -> Sentence:
    """`length` is in words; where a script does not part them, two signs count for one."""
    found = _WORD.findall(text)
    dense = sum(map(len, _DENSE.findall(text))) if not text.isascii() else 0
    stop = words.stop
    content = {word for word in map(str.lower, found) if len(word) > 2 and word not in stop}
    if dense * 2 > len(text):
        content |= {text[i : i + 2] for run in _DENSE.finditer(text) for i in range(*_pairs(run))}
        return Sentence(place, text, tuple(found), frozenset(content), max(dense // 2, 1))
    return Sentence(place, text, tuple(found), frozenset(content), len(text.split()))


def _pairs(run: re.Match[str]) -> tuple[int, int]:
    return run.start(), run.end() - 1


def scores(
    sentences: Sequence[Sentence], title: frozenset[str], words: Words, weights: Weights
) -> list[float]:
    """One score a sentence; a story of one sentence scores 0. Linear in the story's length."""
    chosen = weights.position if words is NO_WORDS else weights.known
    total = [0.0] * len(sentences)
    for name, values in features(sentences, title, words).items():
        weight = chosen.get(name, 0.0)
        if weight:
            for place, value in enumerate(standardised(values)):
                total[place] += weight * value
    return total


def features(
    sentences: Sequence[Sentence], title: frozenset[str], words: Words
) -> dict[str, list[float]]:
    """The features as they are, one column each; in the order of FEATURES."""
    counts = Counter(word for one in sentences for word in one.content)
    # Not most_common: it breaks ties by the order of sets, which no two processes share.
    top = frozenset(heapq.nsmallest(_TOP_KEYWORDS, counts, key=lambda word: (-counts[word], word)))
    norm = math.sqrt(sum(count * count for count in counts.values())) or 1.0
    seen: set[str] = set()
    rows = []
    for one in sentences:
        repeated = sum(counts[word] > 1 for word in one.content - seen)
        seen |= one.content
        rows.append(_row(one, counts, norm, top, repeated, title, words))
    return dict(zip(FEATURES, (list(column) for column in zip(*rows, strict=True)), strict=True))


def _row(
    one: Sentence,
    counts: Counter[str],
    norm: float,
    top: frozenset[str],
    repeated: int,
    title: frozenset[str],
    words: Words,
) -> tuple[float, ...]:
    """`repeated` counts the words that are new here and come again."""
    size = len(one.content) or 1
    length = len(one.words) or 1
    weight = sum(map(counts.__getitem__, one.content))
    return (
        math.log1p(one.place),
        math.log1p(weight / size),
        len(one.content & top) / (len(top) or 1),
        repeated / size,
        repeated,
        0.0 if words.capital_nouns else sum(w[0].isupper() for w in one.words[1:]) / length,
        float(any(word[0].isdigit() for word in one.words)),
        sum(_base(word) in words.person for word in one.words) / length,
        float(one.text[:1] in _QUOTES),
        weight / (norm * math.sqrt(size)),
        len(one.content & title) / (len(title) or 1),
    )


def _base(word: str) -> str:
    """The word without what an apostrophe ties to it: of "I'm" that is "I"."""
    lowered = word.lower()
    return lowered if lowered.isalnum() else lowered.replace("’", "'").partition("'")[0]


def standardised(values: Sequence[float]) -> list[float]:
    """With mean 0 and variance 1; all 0 where they do not differ."""
    count = len(values)
    mean = sum(values) / count
    variance = sum([value * value for value in values]) / count - mean * mean
    if variance < 1e-9:
        return [0.0] * count
    deviation = math.sqrt(variance)
    return [(value - mean) / deviation for value in values]
