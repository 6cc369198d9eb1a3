"""Rules that make one order of two lists, on folders with known answers, one left out at a time.

    python -m benchmarks.fusion FOLDER... [--embedder minilm]

The lists are those of the product's own index. For each collection every rule's parameter is chosen
on the others: the last lines are what a collection gets that nothing was chosen on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from backstory_search.closeness import LOOKED_AT, closeness
from backstory_search.ranking import (
    DENSE_WEIGHT,
    PASSAGES_WEIGHT,
    SHARPNESS,
    Ranking,
    closer,
    enough,
    fused,
    share_of_meaning,
)
from backstory_search.search import NEAREST, SearchArticles
from backstory_search.wording import ReadWording
from backstory_shared.ports import Candidates, Embedder, Question
from backstory_standalone.evaluation.dataset import Dataset, read_dataset
from backstory_standalone.evaluation.measures import ndcg
from backstory_standalone.evaluation.product import as_words, searching
from backstory_standalone.evaluation.searching import embedder_named
from benchmarks.words import command

WEIGHTS = (0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
CLOSE = (0.0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
DEPTH = 10
TOP = 100


@dataclass(frozen=True)
class Answer:
    """What the index says to a question, and from what score on a lexical hit is a good one.

    `usual` is what meaning weighs in the product, `believed` the part of its weight that it has in
    spite of the question's numbers. `texts` are those of the articles that were found.
    """

    question: str
    found: Candidates
    texts: Mapping[str, str]
    floor: float
    good: float
    usual: float
    believed: float

    @classmethod
    def of(cls, text: str, search: SearchArticles) -> "Answer":
        words = ReadWording(search.terms, search.index, search.articles)(text)
        floor = search.embedder.model.floor
        found = search.index.candidates(
            Question(
                dense=search.embedder.embed_query(text),
                lexical=words.terms,
                dense_limit=NEAREST,
                floor=floor,
            )
        )
        return cls(
            question=text,
            found=found,
            texts=search.articles.texts([*found.dense.ids, *found.lexical.ids[:TOP]]),
            floor=floor,
            good=enough(words.frequencies, words.articles),
            usual=PASSAGES_WEIGHT if search.embedder.model.passages else DENSE_WEIGHT,
            believed=share_of_meaning(1.0, words.frequencies, words.numbers, words.articles),
        )


Rule = Callable[[Answer], Sequence[str]]


def read(answer: Answer, *, close: float) -> Sequence[str]:
    """The product's rule: good shares, and a second look at the first hits."""
    ranking = _fused(answer, weight=answer.usual)
    texts = [answer.texts[id_] for id_ in ranking.ids[:LOOKED_AT]]
    return closer(ranking, closeness(answer.question, texts), close).ids


def good_shares(answer: Answer, *, weight: float) -> Sequence[str]:
    """The same without the second look."""
    return _fused(answer, weight=weight).ids


def even_shares(answer: Answer, *, weight: float) -> Sequence[str]:
    """Without sharpness: four of five words are four fifths."""
    return _fused(answer, weight=weight, sharpness=1.0).ids


def shares(answer: Answer, *, weight: float) -> Sequence[str]:
    """Of the best, however little of the query that has."""
    return good_shares(replace(answer, good=0.0), weight=weight)


def _fused(answer: Answer, *, weight: float, sharpness: float = SHARPNESS) -> Ranking:
    return fused(
        answer.found.dense,
        answer.found.lexical,
        floor=answer.floor,
        weight=weight * answer.believed,
        good=answer.good,
        sharpness=sharpness,
    )


def standard_scores(answer: Answer, *, weight: float) -> Sequence[str]:
    """Each list in standard deviations from the mean of its top; who is missing is at its end."""
    found = answer.found
    scores: dict[str, float] = dict.fromkeys([*found.dense.ids, *found.lexical.ids], 0.0)
    for listed, part in ((found.dense, weight), (found.lexical, 1 - weight)):
        values = dict(zip(listed.ids, listed.values.tolist(), strict=True))
        top = listed.values[:TOP]
        if len(top):
            lowest, mean, spread = float(top[-1]), float(top.mean()), float(top.std()) or 1.0
            for id_ in scores:
                scores[id_] += part * (max(values.get(id_, lowest), lowest) - mean) / spread
    return _ordered(scores)


def reciprocal_ranks(answer: Answer, *, weight: float) -> Sequence[str]:
    """RRF with k = 10."""
    found = answer.found
    scores: dict[str, float] = {}
    for listed, part in ((found.dense, weight), (found.lexical, 1 - weight)):
        for rank, id_ in enumerate(listed.ids):
            scores[id_] = scores.get(id_, 0.0) + part / (10 + rank)
    return _ordered(scores)


def _ordered(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda id_: (-scores[id_], id_))


FAMILIES = {
    "shares of what is good": good_shares,
    "even shares": even_shares,
    "shares of the best": shares,
    "standard scores": standard_scores,
    "reciprocal ranks": reciprocal_ranks,
}
READ = "good shares, and read"
RULES: dict[str, Rule] = {
    **{f"{READ} {close}": partial(read, close=close) for close in CLOSE},
    **{
        f"{name} {weight}": partial(rule, weight=weight)
        for name, rule in FAMILIES.items()
        for weight in WEIGHTS
    },
}


@dataclass(frozen=True)
class Lists:
    """What the index answers to each question of a collection."""

    data: Dataset
    answers: list[Answer]

    @classmethod
    def of(cls, data: Dataset, embedder: Embedder) -> "Lists":
        with searching(data, embedder) as search:
            asked = [as_words(question.text).text for question in data.questions]
            return cls(data, [Answer.of(text, search) for text in asked])

    def ndcg(self, rule: Rule) -> float:
        pairs = zip(self.answers, self.data.questions, strict=True)
        return float(np.mean([ndcg(rule(a), q.relevant, DEPTH) for a, q in pairs]))


def left_out(figures: Mapping[str, Sequence[float]], family: str) -> list[float]:
    """For each collection, with the weight that is best on the others."""
    own = {name: row for name, row in figures.items() if name.startswith(family)}
    held = []
    for place in range(len(next(iter(own.values())))):
        best = max(own, key=lambda name: sum(own[name]) - own[name][place])
        held.append(own[best][place])
    return held


def main() -> None:
    parser = command(__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="as for `backstory eval search`")
    parser.add_argument("--embedder", default="bundled", help="as for `backstory eval search`")
    given = parser.parse_args()
    embedder = embedder_named(given.embedder)
    lists = [Lists.of(read_dataset(folder), embedder) for folder in given.folders]
    figures = {name: [one.ndcg(rule) for one in lists] for name, rule in RULES.items()}
    print("nDCG@10", *(one.data.name for one in lists), "mean", sep="\t")
    for name, row in figures.items():
        print(name, *_cells(row), sep="\t")
    for family in (READ, *FAMILIES):
        print(f"{family}, left out", *_cells(left_out(figures, family)), sep="\t")


def _cells(row: Sequence[float]) -> list[str]:
    return [f"{value:.3f}" for value in (*row, float(np.mean(row)))]


if __name__ == "__main__":
    main()
