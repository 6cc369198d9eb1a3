"""Where a model's floor is: the cosine below which it says nothing about meaning."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from backstory_shared.ports import Matrix, Passage

#: Beginnings of articles of which no two are of one story; made by training/calibration.py.
TEXTS = Path(__file__).parent.parent / "models" / "calibration.jsonl"
#: Stories of one archive are more alike than those of two. At this share all-MiniLM-L6-v2 gets .27,
#: where 99 of 100 pairs of two other archives stay below .29 (training/floor.py).
SHARE = 0.965


def measured_floor(
    queries: Callable[[Sequence[str]], Matrix], articles: Callable[[Sequence[Passage]], Matrix]
) -> float:
    """What titles stay under with the articles of other stories, to two digits."""
    found = [Passage(**json.loads(line)) for line in TEXTS.read_text(encoding="utf-8").splitlines()]
    asked = queries([one.title for one in found])
    cosines = asked @ articles(found).T
    unrelated = cosines[~np.eye(len(found), dtype=bool)]
    return round(float(np.quantile(unrelated, SHARE)), 2)
