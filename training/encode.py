"""The teacher's vectors of many texts, written block by block so that a stop loses little."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from training.teacher import Floats, Teacher

BLOCK = 8192


def encoded(texts: Sequence[str], teacher: Teacher, folder: Path) -> Floats:
    """One row per text; a block that is in `folder` already is not computed again."""
    folder.mkdir(parents=True, exist_ok=True)
    blocks = [texts[start : start + BLOCK] for start in range(0, len(texts), BLOCK)]
    return np.concatenate(list(_blocks(blocks, teacher, folder)))


def _blocks(blocks: list[Sequence[str]], teacher: Teacher, folder: Path) -> Iterator[Floats]:
    for number, block in enumerate(blocks, 1):
        digest = hashlib.sha256("\0".join(block).encode()).hexdigest()[:16]
        path = folder / f"{digest}.npy"
        if not path.exists():
            print(f"teacher: block {number} of {len(blocks)}", flush=True)
            np.save(path, teacher.encode(block).astype(np.float16))
        yield np.load(path).astype(np.float32)
