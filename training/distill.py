"""Stage 1: rows that put short texts where the teacher puts them.

Plain distillation (rows from the teacher's output for single tokens, as in model2vec) is only the
start; matching the teacher on whole texts is what gives most.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from torch import Tensor
from torch.nn.functional import kl_div, log_softmax, normalize, softmax

from training.student import Bags, directions
from training.teacher import Floats

SMOOTHING = 1e-4  # a of a/(a+p), Arora et al. 2017, "A simple but tough-to-beat baseline"


@dataclass(frozen=True)
class Plan:
    """How long and how hard."""

    steps: int = 1_200
    batch: int = 1_024
    rate: float = 3e-3
    warm_up: int = 50
    neighbours: int = 512
    temperature: float = 0.05
    similarity_weight: float = 0.1
    nested: tuple[int, ...] = (64, 128)


def projection(vectors: Floats, dimension: int) -> Floats:
    """The directions that keep most of `vectors`: their first right singular vectors, uncentred."""
    _, found = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(found[:, ::-1][:, :dimension], np.float32)


def first_rows(tokens: Floats, axes: Floats, frequency: NDArray[np.float64]) -> Floats:
    """The teacher's token vectors, projected, frequent ones shortened; row 0 (unknown) is zero."""
    rows = (tokens @ axes) * (SMOOTHING / (SMOOTHING + frequency))[:, None]
    rows /= np.linalg.norm(rows, axis=1).mean()
    rows[0] = 0
    return np.asarray(rows, np.float32)


def match_teacher(rows: Floats, bags: Bags, targets: Floats, plan: Plan, seed: int) -> Floats:
    """Rows trained until texts lie as the teacher's vectors do. `targets` is projected."""
    trained, wanted = trainable(rows), normalize(torch.from_numpy(targets), dim=1)
    dice = np.random.default_rng(seed)
    step = optimiser(trained, plan)
    for _ in track(range(plan.steps), "matching the teacher"):
        chosen = dice.choice(len(targets), plan.batch, replace=False)
        (found,) = directions(trained, bags.chosen(chosen))
        step(matching_loss(found, wanted[chosen], plan))
    return np.asarray(trained.detach().numpy())


def matching_loss(found: Tensor, wanted: Tensor, plan: Plan) -> Tensor:
    """Each text near its target, and the neighbours in the batch in the same order."""
    apart = (1 - (found * wanted).sum(1)).mean()
    few, reference = found[: plan.neighbours], wanted[: plan.neighbours]
    aims = softmax(similarities(reference, plan), dim=1)
    sizes = (*plan.nested, found.shape[1])
    astray = sum(
        kl_div(log_softmax(similarities(few[:, :size], plan), dim=1), aims, reduction="batchmean")
        for size in sizes
    )
    return apart + plan.similarity_weight * astray / len(sizes)


def similarities(vectors: Tensor, plan: Plan) -> Tensor:
    """Cosines over the temperature; a text is not its own neighbour."""
    vectors = normalize(vectors, dim=1)
    alike = vectors @ vectors.T / plan.temperature
    return alike.masked_fill(torch.eye(len(vectors), dtype=torch.bool), -1e4)


def trainable(rows: Floats) -> Tensor:
    """With room for a gradient, which is added up in place."""
    trained = torch.tensor(rows, requires_grad=True)
    trained.grad = torch.zeros_like(trained)
    return trained


def optimiser(rows: Tensor, plan: Plan) -> "Step":
    adam = torch.optim.Adam([rows], lr=plan.rate, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        adam, lambda at: min((at + 1) / plan.warm_up, (plan.steps - at) / plan.steps)
    )
    return Step(rows, adam, schedule)


@dataclass(frozen=True)
class Step:
    """One step down a loss: warm-up, then a linear decay. The unknown word's row stays zero."""

    rows: Tensor
    adam: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler

    def __call__(self, loss: Tensor) -> None:
        self.adam.zero_grad(set_to_none=False)
        loss.backward()
        if self.rows.grad is not None:
            self.rows.grad[0] = 0
        self.adam.step()
        self.schedule.step()
