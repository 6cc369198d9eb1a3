"""Text to meaning with any sentence-transformers model, of which nothing is cut."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from threading import Lock

import numpy as np

from backstory_shared.adapters.calibration import measured_floor
from backstory_shared.adapters.passages import direction
from backstory_shared.adapters.transformer_encoders import Encoder, open_encoder
from backstory_shared.articles import Span
from backstory_shared.ports import Matrix, Meaning, ModelCard, ModelChoice, Passage, Vector
from backstory_shared.text.passages import passages

#: Tokenizers that threads share fail ("Already borrowed"), and two calls at once are no quicker
#: than one after the other.
_ENCODING = Lock()

#: Joining a title and a text may take a token more than both have.
_MARGIN = 4

#: What is given of an article in which there is no word.
_NOTHING = ("", Span(0, 0))


class TransformerEmbedder:
    """An Embedder over a model of that name; loaded on first use, then shared by threads.

    An article over the model's limit becomes passages, each below the title, as does a query.
    """

    def __init__(self, choice: ModelChoice) -> None:
        self._choice = choice

    @cached_property
    def model(self) -> ModelCard:
        recipe = self._encoder.recipe
        floor = measured_floor(
            lambda texts: np.stack([self.embed_query(text) for text in texts]),
            lambda found: np.stack([direction(one.dense) for one in self.embed_articles(found)]),
        )
        return ModelCard(id=recipe.id, dimension=recipe.dimension, floor=floor, passages=True)

    def embed_articles(self, articles: Sequence[Passage]) -> list[Meaning]:
        with _ENCODING:
            encoder = self._encoder
            prompt = encoder.recipe.article_prompt
            parts = [list(self._parts(article, prompt)) or [_NOTHING] for article in articles]
            texts = [text for of_one in parts for text, _ in of_one]
            rows = iter(encoder.encode(texts, prompt))
            return [
                Meaning(
                    np.stack(list(islice(rows, len(of_one)))), tuple(span for _, span in of_one)
                )
                for of_one in parts
            ]

    def embed_query(self, text: str) -> Vector:
        with _ENCODING:
            encoder = self._encoder
            prompt = encoder.recipe.query_prompt
            parts = [part for part, _ in self._parts(Passage(title="", text=text), prompt)]
            rows: Matrix = encoder.encode(parts or [""], prompt)
        return direction(rows) if len(rows) > 1 else rows[0]

    @cached_property
    def _encoder(self) -> Encoder:
        return open_encoder(self._choice)

    def _parts(self, article: Passage, prompt: str) -> Iterator[tuple[str, Span]]:
        """What the model is given of an article, and where in its text that is.

        A title that would leave too little room is a passage of its own, of no place in the text.
        """
        room = self._room(prompt)
        title, text = article.title.strip(), article.text
        taken = len(self._tokens(title)) + _MARGIN if title else 0
        if taken + len(self._tokens(text)) <= room:
            yield _below(title, text), Span(0, len(text))
            return
        if taken > room // 2:
            for start, end in passages(title, article.language, room, self._tokens):
                yield title[start:end], Span(0, 0)
            title, taken = "", 0
        for span in passages(text, article.language, room - taken, self._tokens):
            yield _below(title, text[span.start : span.end]), span

    def _room(self, prompt: str) -> int:
        """How many tokens of our own fit beside those that the model and its prompt take."""
        encoder = self._encoder
        return max(encoder.recipe.limit - len(encoder.tokenizer.encode(prompt).ids) - _MARGIN, 8)

    def _tokens(self, text: str) -> list[Span]:
        found = self._encoder.tokenizer.encode(_valid(text), add_special_tokens=False)
        return [Span(*offsets) for offsets in found.offsets]


def _below(title: str, text: str) -> str:
    return _valid(f"{title}\n\n{text}" if title else text)


def _valid(text: str) -> str:
    """Lone surrogates, which no tokenizer takes, replaced one for one: offsets stay."""
    return text.encode("utf-8", "replace").decode()
