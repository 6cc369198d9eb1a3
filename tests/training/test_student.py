"""The student's arithmetic: what torch would say of the same bags, for less."""

from itertools import chain

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from torch.nn.functional import embedding_bag, normalize

from training.distill import trainable
from training.student import Bags, Fall, directions
from training.vocabulary import UNKNOWN, Vocabulary, build

WORDS = Vocabulary((UNKNOWN, "harbour", "bridge", "storm", "ferry", "mayor"))
TEXTS = ["harbour bridge harbour", "storm", "ferry storm bridge"]
IDS = [[1, 2, 1], [3], [4, 3, 2]]
FALL = Fall(offset=2.0, power=0.5)
ROWS = np.random.default_rng(1).normal(size=(6, 8)).astype(np.float32)
SLOPE = torch.from_numpy(np.random.default_rng(2).normal(size=(3, 8)).astype(np.float32))


def by_torch(rows: torch.Tensor) -> torch.Tensor:
    flat = torch.tensor(list(chain.from_iterable(IDS)))
    starts = torch.tensor(np.cumsum([0, *map(len, IDS[:-1])]))
    weights = torch.from_numpy(np.concatenate([FALL.weights(len(ids)) for ids in IDS]))
    return normalize(embedding_bag(flat, rows, starts, mode="sum", per_sample_weights=weights))


def test_directions_are_those_of_the_weighted_sums() -> None:
    (found,) = directions(torch.from_numpy(ROWS), Bags.of(TEXTS, WORDS, fall=FALL))

    assert found.numpy() == pytest.approx(by_torch(torch.from_numpy(ROWS)).numpy(), abs=1e-6)


def test_the_gradient_is_that_of_the_weighted_sums() -> None:
    ours, reference = trainable(ROWS), torch.tensor(ROWS, requires_grad=True)

    (found,) = directions(ours, Bags.of(TEXTS, WORDS, fall=FALL))
    (found * SLOPE).sum().backward()
    (by_torch(reference) * SLOPE).sum().backward()

    assert ours.grad.numpy() == pytest.approx(reference.grad.numpy(), abs=1e-5)


def test_bags_side_by_side_are_what_each_is_alone() -> None:
    rows = torch.from_numpy(ROWS)
    bags = Bags.of(TEXTS, WORDS, fall=FALL)

    some, rest = directions(rows, bags.chosen(np.array([2, 0])), bags.chosen(np.array([1])))

    (alone,) = directions(rows, bags)
    assert some.numpy() == pytest.approx(alone[[2, 0]].numpy(), abs=1e-6)
    assert rest.numpy() == pytest.approx(alone[[1]].numpy(), abs=1e-6)


def test_a_text_of_nothing_known_has_no_direction() -> None:
    (found,) = directions(torch.from_numpy(ROWS), Bags.of(["", "storm"], WORDS))

    assert not found[0].any()


def test_the_words_of_a_vocabulary_stand_in_the_same_order_whatever_was_read_first() -> None:
    teacher = Tokenizer(WordPiece({UNKNOWN: 0, "the": 1}, unk_token=UNKNOWN))
    news = ["storm harbour", "harbour storm ferry", "ferry bridge", "bridge storm harbour ferry"]

    there, back = build(teacher, news, []), build(teacher, news[::-1], [])

    assert there.tokens == back.tokens == (UNKNOWN, "the", "ferry", "harbour", "storm")
