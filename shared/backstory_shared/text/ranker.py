"""The ranker: how much each sentence of a story says for it.

Two small logistic models. The first says of each word of a story how likely people are to use it in
a summary: it sees how often the word comes, how early, and whether it is a name or a figure. The
second says how much each sentence is worth, by its place and its words, of which one feature is how
many likely words it has. The weights of the second are those of standardised features: over a
story's sentences, each feature has mean 0 and variance 1, so a story's language, length and subject
do not matter, and a weight says by itself how much its feature counts.
"""

import heapq
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

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
    "likely_words",
    "title_words",
)

#: What is seen of a word; `bias` is 1 for every word.
WORD_FEATURES = ("times", "first_place", "name", "figure", "bias")

#: Without a language's tables only place and centrality can be trusted.
POSITION_FEATURES = ("log_position", "centrality")

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
#: Scripts that put no blanks between words: there, two signs together stand for a word.
_DENSE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")
_FIGURE = re.compile(r"(?<![^\W_])\d")
_QUOTES = "\"'“”„«»「『‘’"
_TOP_KEYWORDS = 10
#: So many words are added to a sentence's length: else the shortest would have the likeliest words.
_SHARE_OF = 5


@dataclass(frozen=True, slots=True)
class Weights:
    """What training made: by how much each feature counts, with a language's tables and without.

    `likely` is of the words, the others are of the sentences.
    """

    version: str
    known: Mapping[str, float]
    position: Mapping[str, float]
    likely: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as the ranker sees it; `place` is its number in the story, from 0."""

    place: int
    text: str
    words: tuple[str, ...]
    content: frozenset[str]
    length: int
    #: How many of its words after the first have a capital, and which of its content they are.
    capitals: int = 0
    names: frozenset[str] = frozenset()
    #: Whether it has a figure, and how many words for "I" and "you".
    figures: bool = False
    persons: int = 0


def sentence(place: int, text: str, words: Words) -> Sentence:
    """`length` is in words; where a script does not part them, two signs count for one."""
    found = _WORD.findall(text)
    folded = list(map(str.lower, found))
    stop = words.stop
    content = {word for word in folded if len(word) > 2 and word not in stop}
    capitals = [] if words.capital_nouns else list(compress(folded[1:], map(_capital, found[1:])))
    names = content.intersection(capitals)
    length = len(text.split())
    if not text.isascii():
        dense = sum(map(len, _DENSE.findall(text)))
        if dense * 2 > len(text):
            runs = _DENSE.finditer(text)
            content |= {text[i : i + 2] for run in runs for i in range(*_pairs(run))}
            length = max(dense // 2, 1)
    return Sentence(
        place=place,
        text=text,
        words=tuple(found),
        content=frozenset(content),
        length=length,
        capitals=len(capitals),
        names=frozenset(names),
        figures=_FIGURE.search(text) is not None,
        persons=sum(map(words.person.__contains__, map(_base, folded))),
    )


def _capital(word: str) -> bool:
    return word[0].isupper()


def _pairs(run: re.Match[str]) -> tuple[int, int]:
    return run.start(), run.end() - 1


def rank(
    sentences: Sequence[Sentence], title: frozenset[str], words: Words, weights: Weights
) -> list[float]:
    """One score a sentence; a story of one sentence scores 0. Linear in the story's length."""
    chosen = weights.position if words is NO_WORDS else weights.known
    seen = _Seen.of(sentences, weights.likely)
    total = [0.0] * len(sentences)
    for name, values in seen.features(sentences, title).items():
        weight = chosen.get(name, 0.0)
        if weight:
            for place, value in enumerate(standardised(values)):
                total[place] += weight * value
    return total


def features(
    sentences: Sequence[Sentence],
    title: frozenset[str],
    likely: Mapping[str, float],
) -> dict[str, list[float]]:
    """The features as they are, one column each; in the order of FEATURES."""
    return _Seen.of(sentences, likely).features(sentences, title)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A story's words: how many sentences have each, and how likely each is in a summary."""

    counts: Counter[str]
    chances: Mapping[str, float]

    @classmethod
    def of(cls, sentences: Sequence[Sentence], likely: Mapping[str, float]) -> "_Seen":
        counts = Counter(word for one in sentences for word in one.content)
        return cls(counts, _chances(sentences, counts, likely))

    def features(
        self, sentences: Sequence[Sentence], title: frozenset[str]
    ) -> dict[str, list[float]]:
        counts = self.counts
        # Not most_common: it breaks ties by the order of sets, which no two processes share.
        best = heapq.nsmallest(_TOP_KEYWORDS, counts, key=lambda word: (-counts[word], word))
        top = frozenset(best)
        norm = math.sqrt(sum(count * count for count in counts.values())) or 1.0
        seen: set[str] = set()
        rows = []
        for one in sentences:
            repeated = sum([counts[word] > 1 for word in one.content - seen])
            seen |= one.content
            rows.append(_row(one, counts, norm, top, repeated, title, self.chances))
        columns = (list(column) for column in zip(*rows, strict=True))
        return dict(zip(FEATURES, columns, strict=True))


def _chances(
    sentences: Sequence[Sentence], counts: Counter[str], likely: Mapping[str, float]
) -> dict[str, float]:
    """Of each word, how likely a person is to use it in a summary of this story."""
    times, early, name, figure, bias = (likely[feature] for feature in WORD_FEATURES)
    names = frozenset().union(*(one.names for one in sentences))
    chances: dict[str, float] = {}
    for one in sentences:
        begin = bias + early * math.log1p(one.place)
        for word in one.content:
            if word not in chances:
                odds = begin + times * math.log(counts[word])
                if word in names:
                    odds += name
                if word[0].isdigit():
                    odds += figure
                chances[word] = 1 / (1 + math.exp(-odds))
    return chances


def word_features(sentences: Sequence[Sentence]) -> dict[str, tuple[float, ...]]:
    """What is seen of each word, as training sees it; in the order of WORD_FEATURES."""
    counts = Counter(word for one in sentences for word in one.content)
    names = frozenset().union(*(one.names for one in sentences))
    first: dict[str, int] = {}
    for one in sentences:
        for word in one.content:
            first.setdefault(word, one.place)
    return {
        word: (
            math.log(count),
            math.log1p(first[word]),
            float(word in names),
            float(word[0].isdigit()),
            1.0,
        )
        for word, count in sorted(counts.items())
    }


def _row(
    one: Sentence,
    counts: Counter[str],
    norm: float,
    top: frozenset[str],
    repeated: int,
    title: frozenset[str],
    chances: Mapping[str, float],
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
        one.capitals / length,
        float(one.figures),
        one.persons / length,
        float(one.text[:1] in _QUOTES),
        weight / (norm * math.sqrt(size)),
        # fsum: the order of a set is no two processes' own, and a plain sum depends on it.
        math.fsum(map(chances.__getitem__, one.content)) / (length + _SHARE_OF),
        len(one.content & title) / (len(title) or 1),
    )


def _base(word: str) -> str:
    """The word without what an apostrophe ties to it: of "i'm" that is "i"."""
    return word if word.isalnum() else word.replace("’", "'").partition("'")[0]


def standardised(values: Sequence[float]) -> list[float]:
    """With mean 0 and variance 1; all 0 where they do not differ."""
    count = len(values)
    mean = sum(values) / count
    variance = sum([value * value for value in values]) / count - mean * mean
    if variance < 1e-9:
        return [0.0] * count
    deviation = math.sqrt(variance)
    return [(value - mean) / deviation for value in values]
