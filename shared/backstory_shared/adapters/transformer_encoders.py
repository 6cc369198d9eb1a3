"""Sentence-transformers models at work: by torch, or by ONNX Runtime from a graph made once.

The graph is the whole model, pooling included, in single precision: its vectors are torch's. What
was made is kept in the user's cache, with all that is needed beside it, so that a process that
uses it loads neither torch nor transformers.
"""

import json
import os
import shutil
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Protocol

import numpy as np
from tokenizers import Tokenizer

from backstory_shared.errors import CannotStart
from backstory_shared.ports import EmbeddingBackend, Matrix, ModelChoice

#: Raised when the graph of a model would be made otherwise.
FORMAT = 1
BATCH = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """What there is to know of a model; `limit` is in tokens, those it adds itself included."""

    id: str
    dimension: int
    limit: int
    query_prompt: str
    article_prompt: str


class Encoder(Protocol):
    """Texts within the limit to unit vectors. Not for several threads at once."""

    @property
    def recipe(self) -> Recipe: ...

    @property
    def tokenizer(self) -> Tokenizer:
        """Neither cuts nor pads."""
        ...

    def encode(self, texts: Sequence[str], prompt: str) -> Matrix: ...


def open_encoder(choice: ModelChoice) -> Encoder:
    """Raises CannotStart if the extra is missing or the model cannot be loaded."""
    _prepare(choice)
    try:
        if choice.backend is EmbeddingBackend.ONNX:
            return OnnxEncoder.open(_exported(choice), choice.threads)
        return TorchEncoder.open(choice)
    except ModuleNotFoundError as error:
        raise CannotStart(
            f"The embedding model {choice.name} needs the extra `transformers`: "
            "pip install 'backstory[transformers]'."
        ) from error


class TorchEncoder:
    """The model as sentence-transformers runs it."""

    def __init__(self, model: Any, recipe: Recipe) -> None:
        self._model = model
        self.recipe = recipe
        self.tokenizer = _own_tokenizer(model)

    @classmethod
    def open(cls, choice: ModelChoice) -> "TorchEncoder":
        import torch

        torch.set_num_threads(choice.threads)
        model = _load(choice)
        return cls(model, _recipe(choice, model))

    def encode(self, texts: Sequence[str], prompt: str) -> Matrix:
        vectors = self._model.encode(
            list(texts),
            prompt=prompt,
            batch_size=BATCH,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32).reshape(len(texts), self.recipe.dimension)


class OnnxEncoder:
    """The graph in a folder, run by ONNX Runtime."""

    def __init__(self, session: Any, tokenizer: Tokenizer, recipe: Recipe) -> None:
        self._session = session
        self._inputs = [one.name for one in session.get_inputs()]
        self.recipe = recipe
        self.tokenizer = tokenizer

    @classmethod
    def open(cls, folder: Path, threads: int) -> "OnnxEncoder":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        recipe = Recipe(**json.loads((folder / "recipe.json").read_text(encoding="utf-8")))
        return cls(session, Tokenizer.from_file(str(folder / "tokenizer.json")), recipe)

    def encode(self, texts: Sequence[str], prompt: str) -> Matrix:
        """Texts of about the same length go together: little is padded."""
        encodings = self.tokenizer.encode_batch([prompt + text for text in texts])
        order = sorted(range(len(texts)), key=lambda at: len(encodings[at].ids))
        vectors = np.empty((len(texts), self.recipe.dimension), np.float32)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors[batch] = self._run([encodings[at] for at in batch])
        return vectors

    def _run(self, encodings: Sequence[Any]) -> Matrix:
        shape = (len(encodings), max(len(each.ids) for each in encodings))
        rows = {
            "input_ids": [each.ids for each in encodings],
            "token_type_ids": [each.type_ids for each in encodings],
            "attention_mask": [each.attention_mask for each in encodings],
        }
        fed = {name: _padded(rows[name], shape) for name in self._inputs}
        (vectors,) = self._session.run(["vectors"], fed)
        return np.asarray(vectors, np.float32)


def _padded(rows: Sequence[Sequence[int]], shape: tuple[int, int]) -> Any:
    """Zeros behind what is shorter: what the attention mask leaves out may be any token."""
    array = np.zeros(shape, np.int64)
    for row, values in zip(array, rows, strict=True):
        row[: len(values)] = values
    return array


# --- loading --------------------------------------------------------------------------------------


def _prepare(choice: ModelChoice) -> None:
    """What the libraries read when they are first imported."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, str(choice.threads))
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def _load(choice: ModelChoice, **options: Any) -> Any:
    """From the folder or the cache; the hub is asked only for what is in neither.

    So a hub that cannot be reached stalls nobody, and a model does not change under an index.
    """
    from sentence_transformers import SentenceTransformer

    load = partial(SentenceTransformer, choice.name, device="cpu", **options)
    with suppress(Exception):  # whatever it lacks, the hub may have it
        return load(local_files_only=True)
    try:
        return load()
    except Exception as error:
        raise CannotStart(_why_not(choice.name, error)) from error


def _why_not(name: str, error: Exception) -> str:
    said = f"The embedding model {name} cannot be loaded ({type(error).__name__}): "
    if Path(name).is_dir():
        return said + "the folder is not one of a sentence-transformers model."
    return said + (
        "BACKSTORY_EMBEDDING_MODEL is the name of a sentence-transformers model that is in the "
        "cache (HF_HOME) or that the hub has and can be reached for, or the folder of one."
    )


def _recipe(choice: ModelChoice, model: Any) -> Recipe:
    limit = model.max_seq_length or 512
    return Recipe(
        id=model_id(choice),
        dimension=int(model.get_embedding_dimension()),
        limit=int(limit),
        query_prompt=_prompt(model, "query"),
        article_prompt=_prompt(model, "document", "passage", "corpus"),
    )


def _prompt(model: Any, *names: str) -> str:
    """As the model's own configuration has it, under the names that encode_document looks for."""
    found = (model.prompts.get(name) for name in names)
    return next((prompt for prompt in found if prompt), "")


def model_id(choice: ModelChoice) -> str:
    """A model of the hub is its name; a folder may hold anything, so its weights tell."""
    folder = Path(choice.name)
    if not folder.is_dir():
        return choice.name
    digest = blake2b(digest_size=6)
    for file in sorted([*folder.glob("*.safetensors"), *folder.glob("*.bin")]):
        with file.open("rb") as weights:
            while block := weights.read(1 << 20):
                digest.update(block)
    return f"{folder.name}@{digest.hexdigest()}"


def _own_tokenizer(model: Any) -> Tokenizer:
    """A copy: the model's own cuts and pads as its last call told it to."""
    try:
        tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    except AttributeError as error:
        raise CannotStart("The embedding model has no fast tokenizer.") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


# --- the graph ------------------------------------------------------------------------------------


def _exported(choice: ModelChoice) -> Path:
    """The folder with the model's graph; made on first use, and whole once it is there."""
    name = blake2b(f"{FORMAT} {model_id(choice)}".encode(), digest_size=12).hexdigest()
    folder = _cache() / name
    if not folder.exists():
        fresh = Path(mkdtemp(prefix=f"{name}.", dir=folder.parent))
        _export(choice, fresh)
        try:
            fresh.rename(folder)
        except OSError:  # another process was quicker
            shutil.rmtree(fresh)
    return folder


def _cache() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "backstory" / "onnx"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(
            f"The folder {folder} for models in ONNX form cannot be written ({error.strerror}): "
            "set XDG_CACHE_HOME to one that can."
        ) from error
    return folder


def _export(choice: ModelChoice, folder: Path) -> None:
    # The plain attention is the one that the exporter knows.
    model = _load(choice, model_kwargs={"attn_implementation": "eager"})
    import torch

    example = model.preprocess(["an example", "another one that is longer"])
    names = [name for name, value in example.items() if isinstance(value, torch.Tensor)]
    with warnings.catch_warnings():
        # The exporter warns of every shape that it follows; the tests compare the vectors.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _traced(model, names),
            tuple(example[name] for name in names),
            str(folder / "model.onnx"),
            input_names=names,
            output_names=["vectors"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in names},
            dynamo=False,
        )
    _own_tokenizer(model).save(str(folder / "tokenizer.json"))
    recipe = json.dumps(asdict(_recipe(choice, model)))
    (folder / "recipe.json").write_text(recipe, encoding="utf-8")


def _traced(model: Any, names: Sequence[str]) -> Any:
    """The whole model as a module of plain tensors: what the exporter can follow."""
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: Any) -> Any:
            features = dict(zip(names, tensors, strict=True))
            vectors = self.model.forward(features)["sentence_embedding"]
            return torch.nn.functional.normalize(vectors, dim=1)

    return Whole().eval()
