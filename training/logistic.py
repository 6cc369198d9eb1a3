"""Logistic regression by Newton's method: a handful of weights need no library."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_STEPS = 50
_ENOUGH = 1e-8


def fit(features: Numbers, truth: NDArray[np.bool_], penalty: float = 0.1) -> tuple[Numbers, float]:
    """Weights and bias; the penalty is on the squares of the weights of standardized features."""
    spread = features.std(axis=0)
    spread[spread == 0] = 1
    design = np.column_stack([features / spread, np.ones(len(features))])
    ridge = np.diag([penalty] * features.shape[1] + [0.0])
    found = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        slope = design.T @ (likely - truth) + ridge @ found
        curve = (design * (likely * (1 - likely))[:, None]).T @ design + ridge
        step = np.linalg.solve(curve + 1e-9 * np.eye(len(found)), slope)
        found -= step
        if float(np.abs(step).max()) < _ENOUGH:
            break
    return found[:-1] / spread, float(found[-1])
