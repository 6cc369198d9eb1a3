"""A static embedding model on disk: a row of numbers per token, and nothing to run but a mean."""

import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from backstory_shared.adapters.foreign_words import MOST, ForeignWords, Reading, Says
from backstory_shared.ports import ModelCard, Vector

Ids = NDArray[np.int32]
_Tokens = tuple[int, ...]
_Says = tuple[Says | None, ...]
_T = TypeVar("_T")

BUNDLED = Path(__file__).parent.parent / "models" / "backstory-static-v2"

_DTYPES = {"U8": np.uint8, "F32": np.float32}


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """What the model folder says of itself.

    Tokens count less and less: the n-th of a document 1/(n + fall_offset)**fall_power.
    """

    card: ModelCard
    fall_offset: float
    fall_power: float

    def weights(self, tokens: int, a_word: int = 1) -> NDArray[np.float32]:
        """News says first what is new: what each of so many tokens of a document counts.

        `a_word` is how many tokens share a place.
        """
        places = (np.arange(tokens) // a_word).astype(np.float32)
        return np.asarray((places + np.float32(self.fall_offset)) ** np.float32(-self.fall_power))


def read_recipe(folder: Path) -> Recipe:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return Recipe(
        card=ModelCard(id=config["id"], dimension=config["dimension"], floor=config["floor"]),
        fall_offset=config["fall_offset"],
        fall_power=config["fall_power"],
    )


def read_tensors(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a safetensors file, mapped: processes that read one file share its memory.

    The format is a length, a JSON header and the bytes: github.com/huggingface/safetensors.
    """
    content = np.memmap(path, np.uint8, mode="r")
    begin = 8 + int.from_bytes(content[:8].tobytes(), "little")
    header = json.loads(content[8:begin].tobytes())
    header.pop("__metadata__", None)
    return {
        name: content[begin:][slice(*entry["data_offsets"])]
        .view(_DTYPES[entry["dtype"]])
        .reshape(entry["shape"])
        for name, entry in header.items()
    }


@dataclass(frozen=True, slots=True)
class WordTokens:
    """Text to token ids word by word, remembering the words: most of a text is seen words.

    The ids are those the tokenizer gives for the whole text, several times as fast: its normaliser
    and its splitter never look across white space. In a text that is not English, words of other
    languages count as the English words they mean. Threads may share it: what is remembered is
    only ever what the tokenizer, which nobody changes, would say again.
    """

    tokenizer: Tokenizer
    foreign: ForeignWords = field(default_factory=ForeignWords)
    _seen: dict[Reading, dict[str, _Tokens]] = field(default_factory=lambda: defaultdict(dict))
    _heard: dict[str, _Says] = field(default_factory=dict)

    #: About 4 MB when full; then it starts anew, every few thousand articles.
    MEMORY = 16_384
    LONGEST = 40

    def ids(self, text: str) -> Ids:
        return self.read(text)[0]

    def read(self, text: str) -> tuple[Ids, int]:
        """The ids, and how many of them a word has: in another language it is said in several."""
        words = _LOST.sub("", text).split()
        reading = self._reading(words)
        seen, read = self._seen[reading], partial(self._read, reading)
        tokens = (_remembered(seen, read, word) for word in words)
        ids = np.fromiter(chain.from_iterable(tokens), np.int32)
        return ids, 1 if reading is Reading.ENGLISH else MOST

    def _reading(self, words: list[str]) -> Reading:
        if self.foreign.is_english(words):
            return Reading.ENGLISH
        said = (_remembered(self._heard, self._says, word) for word in words)
        return self.foreign.reading(list(chain.from_iterable(said)))

    def _says(self, word: str) -> _Says:
        parts = self._parts(word)
        return tuple(self.foreign.says(part, self._is_token(part)) for part in parts)

    def _read(self, reading: Reading, word: str) -> _Tokens:
        """In another language without its punctuation, which has rows: l'eau, «Odeon»."""
        if reading is Reading.ENGLISH:
            return self._encoded(word)
        return tuple(chain.from_iterable(self._part(reading, part) for part in self._parts(word)))

    def _encoded(self, word: str) -> _Tokens:
        return tuple(self.tokenizer.encode(word, add_special_tokens=False).ids)

    def _parts(self, word: str) -> list[str]:
        plain = self.tokenizer.normalizer.normalize_str(word)
        return [part for part, _ in self.tokenizer.pre_tokenizer.pre_tokenize_str(plain)]

    def _is_token(self, part: str) -> bool:
        return self.tokenizer.token_to_id(part) is not None

    def _part(self, reading: Reading, part: str) -> _Tokens:
        """A word that English has too is English."""
        found = self.foreign.meaning(part, reading)
        if found is None and not self._is_token(part):
            found = self.foreign.likely_meaning(part)
        return self._encoded(part) if found is None else found


def _remembered(seen: dict[str, _T], read: Callable[[str], _T], word: str) -> _T:
    found = seen.get(word)
    if found is None:
        found = read(_valid(word))
        if len(word) <= WordTokens.LONGEST:
            if len(seen) >= WordTokens.MEMORY:
                seen.clear()
            seen[word] = found
    return found


#: Control characters that Python takes for white space and the tokenizer drops.
_LOST = re.compile("[\x0b\x0c\x1c-\x1f\x85]")


def _valid(word: str) -> str:
    """Without lone surrogates, which no tokenizer takes."""
    return word.encode("utf-8", "ignore").decode()


@dataclass(frozen=True, slots=True)
class TokenRows:
    """A vector per token: four-bit numbers and one scale per row.

    A byte is two numbers, each with MIDDLE added: the low half of the n-th is the n-th of the row,
    its high half belongs to the row's second half.
    """

    numbers: NDArray[np.uint8]
    scales: NDArray[np.float32]

    MIDDLE = 8

    def direction(self, ids: Ids, weights: NDArray[np.float32] | None = None) -> Vector:
        """The unit vector of the (weighted) sum of the rows of `ids`; zero if they say nothing."""
        tokens, places = np.unique(ids, return_inverse=True)
        counts = np.bincount(places, weights, minlength=len(tokens)).astype(np.float32)
        return unit(self._sum(tokens, self.scales[tokens] * counts))

    def _sum(self, tokens: Ids, weights: NDArray[np.float32]) -> Vector:
        numbers = self.numbers[tokens]
        low, high = (numbers & 15).astype(np.float32), (numbers >> 4).astype(np.float32)
        shift = np.float32(self.MIDDLE) * weights.sum()
        return np.asarray(np.concatenate([weights @ low, weights @ high]) - shift, np.float32)


def unit(vector: Vector) -> Vector:
    """`vector` at length one; a zero vector stays as it is."""
    length = np.linalg.norm(vector)
    return vector / length if length > 0 else vector


@dataclass(frozen=True, slots=True)
class StaticModel:
    """The files of a model folder, opened."""

    recipe: Recipe
    tokens: WordTokens
    rows: TokenRows


def open_model(folder: Path) -> StaticModel:
    tensors = read_tensors(folder / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return StaticModel(
        recipe=read_recipe(folder),
        tokens=WordTokens(tokenizer, ForeignWords.read(folder)),
        rows=TokenRows(tensors["embeddings"], tensors["weights"]),
    )
