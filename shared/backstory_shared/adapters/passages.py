"""Articles with a row for each passage: which row is nearest, and what all of them are together."""

from collections.abc import Sequence

import numpy as np

from backstory_shared.articles import Span
from backstory_shared.ports import Matrix, Vector


def direction(dense: Vector | Matrix) -> Vector:
    """One vector as it is; of several the unit vector of their sum."""
    if dense.ndim == 1:
        return dense
    whole: Vector = dense.sum(axis=0)
    length = np.linalg.norm(whole)
    return whole / length if length > 0 else whole


def nearest_span(query: Vector, dense: Vector | Matrix, spans: Sequence[Sequence[int]]) -> Span:
    """The span of the row that is nearest to the query."""
    return Span(*spans[int(np.argmax(np.atleast_2d(dense) @ query))])
