"""The trained rows as four-bit numbers, two in a byte, with one scale per row."""

import numpy as np
from numpy.typing import NDArray

from backstory_shared.adapters.static_model import TokenRows
from training.teacher import Floats

LARGEST = 7
#: A row's largest numbers are cut off where that brings all the others nearer.
CUTS = np.linspace(0.5, 1, 11, dtype=np.float32)


def quantize(rows: Floats) -> tuple[NDArray[np.uint8], Floats]:
    """Packed as TokenRows says; each row's scale is the one of CUTS that loses least."""
    whole = np.abs(rows).max(axis=1)
    scales = np.where(whole > 0, whole / LARGEST, 1).astype(np.float32)
    errors = np.stack([_error(rows, scales * cut) for cut in CUTS])
    scales *= CUTS[errors.argmin(axis=0)]
    numbers = (_rounded(rows, scales) + TokenRows.MIDDLE).astype(np.uint8)
    half = rows.shape[1] // 2
    return numbers[:, :half] | numbers[:, half:] << 4, scales


def _rounded(rows: Floats, scales: Floats) -> Floats:
    return np.asarray(np.clip(np.rint(rows / scales[:, None]), -LARGEST, LARGEST))


def _error(rows: Floats, scales: Floats) -> Floats:
    return np.asarray(((_rounded(rows, scales) * scales[:, None] - rows) ** 2).sum(axis=1))
