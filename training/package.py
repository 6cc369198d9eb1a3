"""The model folder as it ships, in sentence-transformers format."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors.numpy import save_file

from training.quantize import quantize
from training.teacher import Floats
from training.vocabulary import Vocabulary

MODULE = "backstory_shared.adapters.static_transformer_module.StaticDocuments"


#: What a model is, without what is said about it.
FILES = (
    "model.safetensors",
    "tokenizer.json",
    "modules.json",
    "config_sentence_transformers.json",
    "config.json",
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is written to config.json and read by whoever opens the folder."""

    id: str
    dimension: int
    fall_offset: float
    fall_power: float
    floor: float = -1.0


def write_model(folder: Path, rows: Floats, vocabulary: Vocabulary, settings: Settings) -> None:
    """Everything but the model card."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers, scales = quantize(rows)
    save_file({"embeddings": numbers, "weights": scales}, folder / "model.safetensors")
    vocabulary.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    write_json(folder / "modules.json", [{"idx": 0, "name": "0", "path": "", "type": MODULE}])
    write_json(folder / "config_sentence_transformers.json", transformers_config())
    write_json(folder / "config.json", asdict(settings))


def set_floor(folder: Path, floor: float) -> None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    write_json(folder / "config.json", {**config, "floor": floor})


def transformers_config() -> dict[str, object]:
    return {
        "model_type": "SentenceTransformer",
        "prompts": {"query": "", "document": ""},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }


def write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
