"""Stage 2: a title finds its article, and a passage cut out of an article finds the rest.

Among the articles of a batch each query must find its own, and order the others as the teacher
does: that spares it from pushing away what is about the same.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from sentencex import segment
from torch import Tensor
from torch.nn.functional import cross_entropy, kl_div, log_softmax, normalize, softmax

from training.distill import Plan, matching_loss, optimiser
from training.student import Bags, Fall
from training.teacher import Floats
from training.texts import Article
from training.vocabulary import Vocabulary

CLOZE_SHARE = 0.4
DOCUMENT_TOKENS = 300


@dataclass(frozen=True)
class ContrastPlan:
    """How much the pairs count beside the teacher's vectors, and its order beside the own."""

    matching: Plan = field(default_factory=lambda: Plan(steps=800, rate=2e-3))
    pairs: int = 384
    temperature: float = 0.05
    own_weight: float = 0.05
    order_weight: float = 0.1
    fall: Fall = field(default_factory=Fall)


class Pair(NamedTuple):
    """A query, the text it must find, and which article that is of."""

    query: str
    text: str
    article: int


@dataclass(frozen=True)
class Pairs:
    """Row by row, in the student's tokens and in the teacher's vectors."""

    queries: Bags
    documents: Bags
    wanted_queries: Tensor
    wanted_documents: Tensor

    @classmethod
    def of(
        cls,
        pairs: Sequence[Pair],
        words: Vocabulary,
        fall: Fall,
        queries: Floats,
        articles: Floats,
    ) -> "Pairs":
        """`queries` are the teacher's vectors of the pairs, `articles` those of all articles."""
        return cls(
            Bags.of([pair.query for pair in pairs], words),
            Bags.of([pair.text for pair in pairs], words, limit=DOCUMENT_TOKENS, fall=fall),
            normalize(torch.from_numpy(queries), dim=1),
            normalize(torch.from_numpy(articles[[pair.article for pair in pairs]]), dim=1),
        )


def draw_pairs(found: Sequence[Article], seed: int) -> list[Pair]:
    """Title and body, or (inverse cloze, Lee et al. 2019) a sentence and the text without it."""
    dice = random.Random(seed)
    long = [at for at, article in enumerate(found) if len(article.text.split()) >= 60]
    titled = [Pair(found[at].title, found[at].text, at) for at in long if found[at].title]
    cloze = dice.sample(long, min(len(long), round(len(titled) * CLOZE_SHARE / (1 - CLOZE_SHARE))))
    return titled + [_without_a_sentence(found[at].text, at, dice) for at in cloze]


def _without_a_sentence(text: str, article: int, dice: random.Random) -> Pair:
    sentences = list(segment("en", text))
    taken = sentences.pop(dice.randrange(len(sentences)))
    return Pair(taken, " ".join(sentences) or taken, article)


def contrast(
    rows: Floats, bags: Bags, targets: Floats, pairs: Pairs, plan: ContrastPlan, seed: int
) -> Floats:
    """Rows trained on, still held to the teacher by stage 1's loss."""
    trained = torch.tensor(rows, requires_grad=True)
    wanted = normalize(torch.from_numpy(targets), dim=1)
    dice = np.random.default_rng(seed)
    step = optimiser(trained, plan.matching)
    for _ in track(range(plan.matching.steps), "contrasting"):
        texts = dice.choice(len(targets), plan.matching.batch, replace=False)
        drawn = dice.choice(len(pairs.queries.ids), plan.pairs, replace=False)
        loss = matching_loss(bags.directions(trained, texts), wanted[texts], plan.matching)
        step(loss + pair_loss(trained, pairs, drawn, plan))
    return trained.detach().numpy()


def pair_loss(rows: Tensor, pairs: Pairs, drawn: NDArray[np.int64], plan: ContrastPlan) -> Tensor:
    """Symmetric InfoNCE, and the divergence from the teacher's order of the same documents."""
    queries = pairs.queries.directions(rows, drawn)
    scores = queries @ pairs.documents.directions(rows, drawn).T / plan.temperature
    aims = pairs.wanted_queries[drawn] @ pairs.wanted_documents[drawn].T / plan.temperature
    own = torch.arange(len(drawn))
    return (
        plan.own_weight * (cross_entropy(scores, own) + cross_entropy(scores.T, own)) / 2
        + plan.order_weight * (_astray(scores, aims) + _astray(scores.T, aims.T)) / 2
    )


def _astray(scores: Tensor, aims: Tensor) -> Tensor:
    return kl_div(log_softmax(scores, dim=1), softmax(aims, dim=1), reduction="batchmean")
