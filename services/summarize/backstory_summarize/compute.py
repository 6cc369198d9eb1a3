"""What the worker processes run: text in, values out, one bad article never spoils its batch."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from backstory_shared.adapters.embedders import open_embedder
from backstory_shared.adapters.extractive_summarizer import ExtractiveSummarizer
from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.articles import Revision, Span
from backstory_shared.ports import Matrix, ModelChoice, Passage, Profile, Terms, Vector
from backstory_shared.relating.profiles import profile_of
from backstory_shared.stages import Reason
from backstory_shared.summaries import Summary
from backstory_shared.text.boilerplate import in_whole_text, story
from backstory_shared.text.passages import covered

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Story:
    """As much of a revision as the workers need."""

    id: str
    title: str
    text: str
    boilerplate: tuple[Span, ...]
    language: str | None
    revision: int = 0
    published: date | None = None

    @classmethod
    def of(cls, revision: Revision) -> "Story":
        article = revision.article
        return cls(
            article.id,
            article.title,
            article.text,
            revision.boilerplate,
            article.language,
            revision.revision,
            revision.sort_at.date(),
        )

    def passage(self) -> Passage:
        return Passage(
            title=self.title, text=story(self.text, self.boilerplate), language=self.language
        )


@dataclass(frozen=True, slots=True)
class Vectors:
    """What one article means, and its words; `spans` are those of `dense` in its whole text.

    `coverage` is the share of the story (boilerplate left out) that `dense` is of.
    """

    dense: Vector | Matrix
    spans: tuple[Span, ...]
    lexical: Terms
    coverage: float = 1.0


def summarize(stories: Sequence[Story]) -> dict[str, Summary | Reason]:
    return {each.id: _kept_apart(_summarize, each) for each in stories}


def profile(stories: Sequence[Story]) -> dict[str, Profile | Reason]:
    return {each.id: _kept_apart(_profile, each) for each in stories}


def embed(model: ModelChoice, stories: Sequence[Story]) -> dict[str, Vectors | Reason]:
    """Embed the batch at once; if that raises, find out with which article."""
    try:
        return dict(zip((each.id for each in stories), _embed(model, stories), strict=True))
    except Exception:  # noqa: BLE001 - each article is tried again by itself just below
        return {each.id: _kept_apart(lambda one: _embed(model, [one])[0], each) for each in stories}


def _summarize(one: Story) -> Summary:
    return _summarizer().summarize(one.title, one.text, one.boilerplate, one.language)


def _profile(one: Story) -> Profile:
    return profile_of(one.id, one.revision, one.passage(), one.published)


def _embed(model: ModelChoice, stories: Sequence[Story]) -> list[Vectors]:
    passages = [each.passage() for each in stories]
    meanings = open_embedder(model).embed_articles(passages)
    terms = _terms()
    return [
        Vectors(
            meaning.dense,
            in_whole_text(meaning.spans, each.text, each.boilerplate),
            terms.encode_passage(passage),
            covered(passage.text, meaning.spans) if meaning.spans else 1.0,
        )
        for each, passage, meaning in zip(stories, passages, meanings, strict=True)
    ]


def _kept_apart(function: Callable[[Story], T], one: Story) -> T | Reason:
    try:
        return function(one)
    except Exception as error:  # noqa: BLE001 - becomes the article's own, visible reason
        return Reason(type="stage-failed", detail=f"The code raised {type(error).__name__}.")


# Built by the first call, in the process that needs them, and kept for its life.


@functools.cache
def _summarizer() -> ExtractiveSummarizer:
    return ExtractiveSummarizer()


@functools.cache
def _terms() -> Bm25TermEncoder:
    return Bm25TermEncoder()
