"""The teacher's vectors of many texts, written block by block so that a stop loses little."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from training.teacher import Floats, Teacher

BLOCK = 8192


def encoded(texts: Sequence[str], teacher: Teacher, folder: Path) -> Floats:
    """One row per text; a block that is in `folder` already is not computed again."""
    blocks = [texts[start : start + BLOCK] for start in range(0, len(texts), BLOCK)]
    return np.concatenate(
        [kept(folder, "\0".join(block), partial(teacher.encode, block)) for block in blocks]
    )


def encoded_ids(texts: Sequence[Sequence[int]], teacher: Teacher, folder: Path) -> Floats:
    """The same of texts that are tokens already."""
    name = "\0".join(" ".join(map(str, ids)) for ids in texts)
    return kept(folder, name, partial(teacher.encode_ids, texts))


def kept(folder: Path, name: str, compute: Callable[[], Floats]) -> Floats:
    """What is computed, from the file named after `name` if it is there."""
    path = folder / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.npy"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        np.save(path, compute().astype(np.float16))
    return np.load(path).astype(np.float32)
