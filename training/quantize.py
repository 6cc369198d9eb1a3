"""The trained rows as eight-bit numbers with one scale per row."""

import numpy as np
from numpy.typing import NDArray

from training.teacher import Floats


def quantize(rows: Floats) -> tuple[NDArray[np.int8], Floats]:
    """`numbers * scales[:, None]` is `rows` to half a step of 1/127 of each row's largest."""
    largest = np.abs(rows).max(axis=1)
    scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return np.rint(rows / scales[:, None]).astype(np.int8), scales
