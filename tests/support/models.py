"""Models for tests of a change: the bundled one, turned or muddled."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backstory_shared.adapters.static_model import BUNDLED, read_tensors

Rows = NDArray[Any]


def turned(folder: Path) -> Path:
    """Finds what the bundled one finds, by vectors whose numbers are in another order.

    So an answer is right if query and index are of one model, and nonsense if they are not.
    """
    return _changed(folder, lambda rows: np.roll(rows, rows.shape[1] // 3, axis=1))


def muddled(folder: Path) -> Path:
    """Knows five meanings, and takes every word for one of them."""
    return _changed(folder, lambda rows: rows[np.arange(len(rows)) % 5])


def _changed(folder: Path, change: Callable[[Rows], Rows]) -> Path:
    shutil.copytree(BUNDLED, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"id": folder.name}))
    weights = folder / "model.safetensors"
    content = np.fromfile(weights, np.uint8)
    begin, end = _place_of("embeddings", content)
    rows = read_tensors(weights)["embeddings"]
    content[begin:end] = change(rows).reshape(-1)
    content.tofile(weights)
    return folder


def _place_of(name: str, content: NDArray[np.uint8]) -> tuple[int, int]:
    begin = 8 + int.from_bytes(content[:8].tobytes(), "little")
    first, last = json.loads(content[8:begin].tobytes())[name]["data_offsets"]
    return begin + first, begin + last
