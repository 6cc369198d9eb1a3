"""Drafting: what is derived from an article, and what its page may add."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ParamSpec, TypeVar

import pytest

from backstory_ingest.drafting import Drafting
from backstory_ingest.extraction import Extracted
from backstory_ingest.pages import completed
from backstory_ingest.schemas import ArticleIn
from backstory_shared.articles import Draft
from backstory_shared.errors import InvalidArticle, OutOfTime, Overloaded, WorkerDied
from support.ingest import AtOnce, English

P = ParamSpec("P")
T = TypeVar("T")


class Failing:
    """A compute whose every task ends with this error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def submit(
        self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        future: Future[T] = Future()
        future.set_exception(self._error)
        return future


class Closed:
    """A compute that takes no tasks any more."""

    def submit(
        self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        raise Overloaded


def _sent(**changes: Any) -> ArticleIn:
    said = {"title": "A bridge opens", "text": "It opened on Monday."} | changes
    return ArticleIn.model_validate({name: v for name, v in said.items() if v is not None})


def _page(**changes: Any) -> Extracted:
    return Extracted(**{"title": "From the page", "text": "It opened on Monday."} | changes)


def _drafted(article: ArticleIn) -> Draft:
    return Drafting(AtOnce(), English()).draft(article)


PAGE = _sent(text=None, html="<p>x</p>")


def test_a_given_language_is_kept_and_a_missing_one_detected() -> None:
    assert _drafted(_sent(language="de")).article.language == "de"
    assert _drafted(_sent()).article.language == "en"


def test_an_article_without_an_id_is_known_by_its_address() -> None:
    url = "https://example.org/bridge"

    one, other = _drafted(_sent(url=url)), _drafted(_sent(url=url + "?utm_source=x", text="Else."))

    assert one.article.id == other.article.id
    assert one.canonical_url == url


def test_an_article_without_id_and_address_is_known_by_its_words() -> None:
    assert _drafted(_sent()).article.id == _drafted(_sent(section="local")).article.id
    assert _drafted(_sent()).article.id != _drafted(_sent(text="Else.")).article.id


def test_what_the_publisher_says_goes_before_the_page() -> None:
    article = completed(_sent(text=None, html="x", authors=["Ann"]), _page(authors=("Bo",)))

    assert (article.title, article.authors) == ("A bridge opens", ["Ann"])


def test_what_the_publisher_does_not_say_is_taken_from_the_page() -> None:
    article = completed(_sent(title=None, text=None, html="x"), _page(authors=("Bo",)))

    assert (article.title, article.authors) == ("From the page", ["Bo"])


def test_what_would_be_invalid_if_it_were_sent_is_not_taken_from_the_page() -> None:
    article = completed(PAGE, _page(authors=("Bo", "\x00", "x" * 201)))

    assert article.authors == ["Bo"]


@pytest.mark.parametrize("page", [_page(text=""), _page(text="\u200b"), _page(text="\x00")])
def test_a_page_without_text_is_refused(page: Extracted) -> None:
    with pytest.raises(InvalidArticle) as refused:
        completed(PAGE, page)

    assert [problem.pointer for problem in refused.value.fields] == ["/html"]


def test_a_page_without_a_title_needs_one_from_its_publisher() -> None:
    with pytest.raises(InvalidArticle) as refused:
        completed(_sent(title=None, text=None, html="x"), _page(title=None))

    assert [problem.pointer for problem in refused.value.fields] == ["/title"]


def test_a_page_that_takes_too_long_is_the_publishers_fault() -> None:
    with pytest.raises(InvalidArticle):
        Drafting(Failing(OutOfTime()), English()).draft(PAGE)


def test_a_page_whose_reader_died_can_be_sent_again() -> None:
    with pytest.raises(Overloaded):
        Drafting(Failing(WorkerDied()), English()).draft(PAGE)


@pytest.mark.parametrize("compute", [Failing(RuntimeError("canary")), Closed()])
def test_a_page_that_cannot_be_read_spoils_no_other_article(compute: Failing | Closed) -> None:
    page, text = Drafting(compute, English()).drafts([PAGE, _sent()])

    assert isinstance(page, Exception)
    assert isinstance(text, Draft)
