"""Opening the embedder that was chosen: the one place that knows which kind a model is."""

from functools import cache
from pathlib import Path

from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.adapters.transformer_embedder import TransformerEmbedder
from backstory_shared.ports import Embedder, ModelChoice
from backstory_shared.settings import Embedding


def chosen(settings: Embedding) -> ModelChoice:
    return ModelChoice(
        settings.embedding_model, settings.embedding_backend, settings.embedding_threads
    )


@cache
def open_embedder(choice: ModelChoice) -> Embedder:
    """The embedder of a model, one for the life of a process.

    A transformer is loaded when it is first used, or when its card is asked for: then CannotStart
    says what is missing.
    """
    if choice.name == BUNDLED.name:
        return StaticEmbedder.open(BUNDLED)
    if (Path(choice.name) / "model.safetensors").exists() and _is_static(Path(choice.name)):
        return StaticEmbedder.open(Path(choice.name))
    return TransformerEmbedder(choice)


def _is_static(folder: Path) -> bool:
    """Whether it is a folder as `make model` writes them."""
    return "fall_power" in (folder / "config.json").read_text(encoding="utf-8")
