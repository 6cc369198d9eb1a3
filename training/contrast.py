"""Stage 2: a title finds its article, and a passage cut out of an article finds the rest."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from rich.progress import track
from sentencex import segment
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize

from training.distill import Plan, matching_loss, optimiser, trainable
from training.student import Bags, Fall, directions
from training.teacher import Floats
from training.texts import Article
from training.vocabulary import Vocabulary

CLOZE_SHARE = 0.4
DOCUMENT_TOKENS = 300


@dataclass(frozen=True)
class ContrastPlan:
    """How much the pairs count beside the teacher."""

    matching: Plan = field(default_factory=lambda: Plan(steps=500, rate=2e-3))
    pairs: int = 384
    temperature: float = 0.05
    weight: float = 0.05
    fall: Fall = field(default_factory=Fall)


@dataclass(frozen=True)
class Pairs:
    """Queries and the documents they must find, row by row."""

    queries: Bags
    documents: Bags

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]], words: Vocabulary, fall: Fall) -> "Pairs":
        queries, documents = zip(*pairs, strict=True)
        return cls(
            Bags.of(queries, words),
            Bags.of(documents, words, limit=DOCUMENT_TOKENS, fall=fall),
        )


def draw_pairs(found: Sequence[Article], seed: int) -> list[tuple[str, str]]:
    """Title and body, or (inverse cloze, Lee et al. 2019) a sentence and the text without it."""
    dice = random.Random(seed)
    long = [article for article in found if len(article.text.split()) >= 60]
    titled = [(article.title, article.text) for article in long if article.title]
    cloze = dice.sample(long, min(len(long), round(len(titled) * CLOZE_SHARE / (1 - CLOZE_SHARE))))
    return titled + [_without_a_sentence(article, dice) for article in cloze]


def _without_a_sentence(article: Article, dice: random.Random) -> tuple[str, str]:
    sentences = list(segment("en", article.text))
    taken = sentences.pop(dice.randrange(len(sentences)))
    return taken, " ".join(sentences) or taken


def contrast(
    rows: Floats, bags: Bags, targets: Floats, pairs: Pairs, plan: ContrastPlan, seed: int
) -> Floats:
    """Rows trained on, still held to the teacher by stage 1's loss."""
    trained, wanted = trainable(rows), normalize(torch.from_numpy(targets), dim=1)
    dice = np.random.default_rng(seed)
    step = optimiser(trained, plan.matching)
    for _ in track(range(plan.matching.steps), "contrasting"):
        texts = dice.choice(len(targets), plan.matching.batch, replace=False)
        drawn = dice.choice(len(pairs.queries), plan.pairs, replace=False)
        found, queries, documents = directions(
            trained,
            bags.chosen(texts),
            pairs.queries.chosen(drawn),
            pairs.documents.chosen(drawn),
        )
        loss = matching_loss(found, wanted[texts], plan.matching)
        step(loss + plan.weight * pair_loss(queries, documents, plan))
    return np.asarray(trained.detach().numpy())


def pair_loss(queries: Tensor, documents: Tensor, plan: ContrastPlan) -> Tensor:
    """Symmetric InfoNCE: among the batch, each query's own document, and the other way round."""
    scores = queries @ documents.T / plan.temperature
    own = torch.arange(len(scores))
    return (cross_entropy(scores, own) + cross_entropy(scores.T, own)) / 2
