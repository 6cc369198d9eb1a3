"""The student: one trainable row per token, a text is the (weighted) sum of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import normalize

from training.teacher import Floats
from training.vocabulary import Vocabulary

Chosen = NDArray[np.int64]


@dataclass(frozen=True)
class Fall:
    """How a document's tokens count less and less: the n-th 1/(n + offset)**power."""

    offset: float = 16.0
    power: float = 0.75

    def weights(self, tokens: int) -> Floats:
        return ((np.arange(tokens) + self.offset) ** -self.power).astype(np.float32)


FLAT = Fall(power=0.0)


@dataclass(frozen=True)
class Bags:
    """Texts as bags of tokens: a row per text says what each token counts in it."""

    counts: csr_matrix

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
        ids = [each.ids[:limit] for each in encodings]
        starts = np.cumsum([0, *map(len, ids)])
        weights = np.concatenate([fall.weights(len(each)) for each in ids])
        shape = (len(ids), len(vocabulary.tokens))
        counts = csr_matrix((weights, np.concatenate(ids).astype(np.int32), starts), shape=shape)
        counts.sum_duplicates()
        return cls(counts)

    def __len__(self) -> int:
        return int(self.counts.shape[0])

    def chosen(self, places: Chosen) -> "Bags":
        return Bags(self.counts[places])


def directions(rows: Tensor, *bags: Bags) -> list[Tensor]:
    """The unit vectors of the texts of each, all in one pass: only the rows in them are read."""
    sums = _Sums.apply(rows, vstack([each.counts for each in bags], format="csr"))
    return list(torch.split(normalize(sums, dim=1), list(map(len, bags))))


class _Sums(torch.autograd.Function):
    """Counts times rows, with a gradient for those rows only that were counted.

    A batch has one token in five of the vocabulary: embedding_bag takes three times as long.
    """

    @staticmethod
    def forward(ctx: Any, rows: Tensor, counts: csr_matrix) -> Tensor:
        ctx.size = rows.shape
        ctx.tokens, ctx.counts = _counted(counts)
        return torch.from_numpy(ctx.counts @ rows.detach().numpy()[ctx.tokens])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        slopes = torch.from_numpy(ctx.counts.T @ gradients[0].contiguous().numpy())
        at = torch.from_numpy(ctx.tokens)[None]
        return torch.sparse_coo_tensor(
            at, slopes, ctx.size, is_coalesced=True, check_invariants=False
        ), None


def _counted(counts: csr_matrix) -> tuple[Chosen, csr_matrix]:
    """The tokens that stand in any of the texts, and the counts of those alone."""
    tokens, columns = np.unique(counts.indices, return_inverse=True)
    shape = (counts.shape[0], len(tokens))
    return tokens, csr_matrix((counts.data, columns, counts.indptr), shape=shape)


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
