"""The bundled model for sentence-transformers: `SentenceTransformer(path, trust_remote_code=True)`.

Named in the model folder's modules.json; nothing else imports it, so that torch is only needed by
those who load the folder that way. Since version 6 they ask for `trust_remote_code` for every class
that is not their own, an installed one included.
"""

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Self

import torch
from safetensors.torch import load_file, save_file
from sentence_transformers.base.modules.input_module import InputModule
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import normalize

from backstory_shared.adapters.foreign_words import FILE, ForeignWords
from backstory_shared.adapters.static_model import TokenRows, WordTokens


class StaticDocuments(InputModule):
    """Queries as the mean of their rows; documents lean towards their beginning."""

    def __init__(
        self, tokenizer: Tokenizer, rows: Tensor, foreign: ForeignWords, **config: Any
    ) -> None:
        torch.nn.Module.__init__(self)
        self.tokenizer = tokenizer
        self.foreign = foreign
        self.words = WordTokens(tokenizer, foreign)
        self.embedding = torch.nn.EmbeddingBag.from_pretrained(rows, freeze=False, mode="sum")
        self.config_keys = list(config)
        for key, value in config.items():
            setattr(self, key, value)

    def preprocess(
        self,
        inputs: Sequence[Any],
        prompt: str | None = None,
        task: str | None = None,
        **_: Any,
    ) -> dict[str, Tensor]:
        """The ids of each text; of a document (`encode_document`) what each counts."""
        texts = [(prompt or "") + text for text in inputs]
        read = [self.words.read(text) for text in texts]
        bags = _bags([ids.tolist() for ids, _ in read])
        features = dict(zip(("input_ids", "offsets"), bags, strict=True))
        if task == "document":
            weights = (self._weights(len(ids), a_word) for ids, a_word in read)
            features["weights"] = torch.cat([torch.empty(0), *weights])
        return features

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        ids, offsets = features["input_ids"], features["offsets"]
        weights = features.get("weights", torch.ones(len(ids)))
        sums = self.embedding(ids, offsets, per_sample_weights=weights)
        features["sentence_embedding"] = normalize(sums, dim=1)
        return features

    def _weights(self, tokens: int, a_word: int) -> Tensor:
        return (torch.arange(tokens) // a_word + self.fall_offset) ** -self.fall_power

    def get_embedding_dimension(self) -> int:
        return int(self.embedding.embedding_dim)

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Write the folder's files again; rows trained further are rounded to four bits."""
        folder = Path(output_path)
        rows = self.embedding.weight.detach().cpu()
        save_file(_packed(rows), folder / "model.safetensors")
        self.tokenizer.save(str(folder / "tokenizer.json"))
        self.foreign.write(folder)
        self.save_config(output_path)

    @classmethod
    def load(cls, model_name_or_path: str, *place: Any, **options: Any) -> Self:
        where = {key: options[key] for key in _WHERE if key in options}
        model, tokenizer, words = (
            str(cls.load_file_path(model_name_or_path, name, *place, **where))
            for name in ("model.safetensors", "tokenizer.json", FILE)
        )
        tensors = load_file(model)
        config = cls.load_config(model_name_or_path, *place, **where)
        opened = Tokenizer.from_file(tokenizer)
        foreign = ForeignWords.read(Path(words).parent)
        return cls(opened, _unpacked(tensors), foreign, **config)


#: What of a loader's many options says where the files are.
_WHERE = ("subfolder", "token", "cache_folder", "revision", "local_files_only")


def _bags(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """All ids in a row, and where each text begins."""
    flat = torch.tensor([token for ids in texts for token in ids], dtype=torch.long)
    starts = list(accumulate((len(ids) for ids in texts), initial=0))[:-1]
    return flat, torch.tensor(starts, dtype=torch.long)


def _packed(rows: Tensor) -> dict[str, Tensor]:
    """As `TokenRows` reads it. Rows that were packed before have their largest at 7 scales."""
    scales = rows.abs().amax(dim=1).clamp_min(1e-12) / 7
    numbers = ((rows / scales[:, None]).round() + TokenRows.MIDDLE).to(torch.uint8)
    low, high = numbers.chunk(2, dim=1)
    return {"embeddings": low | high << 4, "weights": scales}


def _unpacked(tensors: dict[str, Tensor]) -> Tensor:
    packed = tensors["embeddings"]
    numbers = torch.cat([packed & 15, packed >> 4], dim=1).float() - TokenRows.MIDDLE
    return numbers * tensors["weights"][:, None]
