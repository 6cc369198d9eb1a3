"""Text to meaning with the static model that ships in the package: NumPy and a tokenizer."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from backstory_shared.adapters.static_model import BUNDLED, StaticModel, open_model
from backstory_shared.ports import Matrix, Meaning, ModelCard, Passage, Vector


@dataclass(frozen=True, slots=True)
class StaticEmbedder:
    """An Embedder over a static model; one may be shared by threads.

    Every vector has length one, or is zero where the text has no token the model knows: a zero
    vector is like nothing, so such a text is found by its words or not at all. Nothing is cut:
    the whole text counts.
    """

    _model: StaticModel

    @classmethod
    def open(cls, folder: Path = BUNDLED) -> Self:
        return cls(open_model(folder))

    @property
    def model(self) -> ModelCard:
        return self._model.recipe.card

    def embed_articles(self, articles: Sequence[Passage]) -> list[Meaning]:
        return [Meaning(vector) for vector in self.embed_passages(articles)]

    def embed_passages(self, passages: Sequence[Passage]) -> Matrix:
        vectors = np.zeros((len(passages), self.model.dimension), np.float32)
        for vector, passage in zip(vectors, passages, strict=True):
            vector[:] = self._document(document_text(passage))
        return vectors

    def embed_query(self, text: str) -> Vector:
        """Zero for a query of unknown characters only."""
        return self._model.rows.direction(self._model.tokens.ids(text))

    def _document(self, text: str) -> Vector:
        """The direction of the whole, leaning to its beginning, where news says what is new."""
        ids, a_word = self._model.tokens.read(text)
        return self._model.rows.direction(ids, self._model.recipe.weights(len(ids), a_word))


def document_text(passage: Passage) -> str:
    """A passage as one text, as other users of the model folder must give it."""
    return f"{passage.title}\n\n{passage.text}"
