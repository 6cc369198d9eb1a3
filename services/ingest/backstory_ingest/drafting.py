"""Drafting: an article in normal form, with everything that can be derived from it alone."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from backstory_ingest.extraction import Extracted, extract
from backstory_ingest.pages import completed
from backstory_ingest.schemas import ArticleIn
from backstory_shared.articles import Article, Draft, content_hash
from backstory_shared.errors import (
    BackstoryError,
    FieldProblem,
    InvalidArticle,
    OutOfTime,
    Overloaded,
    WorkerDied,
)
from backstory_shared.ports import Compute
from backstory_shared.text.boilerplate import boilerplate, story
from backstory_shared.text.copies import copy_print
from backstory_shared.urls import canonical_url, id_from_content, id_from_url

EXTRACTION_SECONDS = 10.0


class Languages(Protocol):
    """Tells the language of a text, or None where it is not sure."""

    def detect(self, text: str) -> str | None: ...


@dataclass(frozen=True)
class Drafting:
    """Pages are read by the workers, since a page can take long or kill its reader."""

    compute: Compute
    languages: Languages

    def draft(self, article: ArticleIn) -> Draft:
        """Raises InvalidArticle if a page has no article, Overloaded if nobody could read it."""
        return self._draft(article, self._reading(article))

    def drafts(self, articles: Sequence[ArticleIn]) -> Iterator[Draft | Exception]:
        """A draft or an exception each; the pages among them are read side by side."""
        readings = [self._reading(article) for article in articles]
        for article, reading in zip(articles, readings, strict=True):
            yield self._attempt(article, reading)

    def _attempt(self, article: ArticleIn, reading: Future[Extracted] | None) -> Draft | Exception:
        try:
            return self._draft(article, reading)
        except Exception as error:  # noqa: BLE001 - one bad article spoils no other
            return error

    def _reading(self, article: ArticleIn) -> Future[Extracted] | None:
        if article.html is None:
            return None
        try:
            return self.compute.submit(EXTRACTION_SECONDS, extract, article.html, article.url)
        except BackstoryError as error:
            refused: Future[Extracted] = Future()
            refused.set_exception(error)
            return refused

    def _draft(self, article: ArticleIn, reading: Future[Extracted] | None) -> Draft:
        whole = article if reading is None else completed(article, _read(reading))
        title, text = whole.title or "", whole.text or ""
        canonical = None if whole.url is None else canonical_url(whole.url)
        spans = boilerplate(text, title)
        printed = copy_print(text, spans)
        known = Article(
            id=whole.id or _derived_id(canonical, title, text),
            title=title,
            text=text,
            url=whole.url,
            published_at=whole.published_at,
            modified_at=whole.modified_at,
            authors=tuple(whole.authors),
            section=whole.section,
            tags=tuple(whole.tags),
            language=whole.language or self.languages.detect(story(text, spans)),
            source=whole.source,
            image_url=whole.image_url,
            metadata=whole.metadata,
        )
        return Draft(
            article=known,
            content_hash=content_hash(known),
            copy_hash=printed.hash,
            canonical_url=canonical,
            boilerplate=spans,
            copy_keys=printed.keys,
            copy_sketch=printed.sketch,
        )


def _derived_id(canonical: str | None, title: str, text: str) -> str:
    return id_from_content(title, text) if canonical is None else id_from_url(canonical)


def _read(reading: Future[Extracted]) -> Extracted:
    try:
        return reading.result()
    except OutOfTime:
        problem = FieldProblem("/html", "The page could not be read in time.")
        raise InvalidArticle("The page took too long to read.", fields=[problem]) from None
    except WorkerDied:
        raise Overloaded("The page could not be read now; try again.") from None
