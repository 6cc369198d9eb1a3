"""The student: one trainable row per token, a text is the mean of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import embedding_bag, normalize

from training.vocabulary import Vocabulary

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Fall:
    """How a document's tokens count less and less: the n-th 1/(n + offset)**power."""

    offset: float = 16.0
    power: float = 0.75

    def weights(self, tokens: int) -> Tensor:
        return (torch.arange(tokens) + self.offset) ** -self.power


FLAT = Fall(power=0.0)


@dataclass(frozen=True)
class Bags:
    """Texts as bags of token ids."""

    ids: list[Ids]
    fall: Fall = FLAT

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        vocabulary: Vocabulary,
        *,
        limit: int | None = None,
        fall: Fall = FLAT,
    ) -> "Bags":
        encodings = vocabulary.tokenizer.encode_batch_fast(list(texts))
        return cls([np.array(each.ids[:limit] or [0], np.int64) for each in encodings], fall)

    def directions(self, rows: Tensor, chosen: Sequence[int] | NDArray[np.int64]) -> Tensor:
        """The unit vectors of the chosen texts."""
        bags = [self.ids[at] for at in chosen]
        starts = torch.from_numpy(np.cumsum([0] + [len(ids) for ids in bags[:-1]]))
        flat = torch.from_numpy(np.concatenate(bags))
        weights = torch.cat([self.fall.weights(len(ids)) for ids in bags])
        sums = embedding_bag(flat, rows, starts, mode="sum", per_sample_weights=weights)
        return normalize(sums, dim=1)


def token_texts(vocabulary: Vocabulary, teacher: Tokenizer) -> list[list[int]]:
    """What to show the teacher for each token: itself if it knows it, else its pieces."""
    known = teacher.get_vocab()
    begin, end = known["[CLS]"], known["[SEP]"]
    return [
        [begin, *([known[token]] if token in known else _pieces(teacher, token)), end]
        for token in vocabulary.tokens
    ]


def _pieces(teacher: Tokenizer, word: str) -> list[int]:
    return list(teacher.encode(word, add_special_tokens=False).ids)
