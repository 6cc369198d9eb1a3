"""Pages: what an article's own page says, where its publisher does not say it."""

from collections.abc import Callable, Iterable

from backstory_ingest import fields
from backstory_ingest.extraction import Extracted
from backstory_ingest.schemas import ArticleIn
from backstory_shared.errors import FieldProblem, InvalidArticle


def completed(article: ArticleIn, page: Extracted) -> ArticleIn:
    """The article with its text from the page; whatever the publisher says goes first.

    What a page says is taken only where it would be valid if it were sent.
    """
    return article.model_copy(
        update={
            "html": None,
            "text": _text(page),
            "title": article.title or _title(page),
            "authors": article.authors or _valid(fields.name, page.authors),
            "published_at": article.published_at or page.published_at,
        }
    )


def _text(page: Extracted) -> str:
    try:
        return fields.text(page.text)
    except ValueError:
        raise _invalid("/html", "The page has no article in it.") from None


def _title(page: Extracted) -> str:
    titles = _valid(fields.line, [page.title or ""])
    if not titles:
        raise _invalid("/title", "The page has no title, so the article needs one.")
    return titles[0][: fields.MAX_TITLE]


def _valid(rule: Callable[[str], str], values: Iterable[str]) -> list[str]:
    found = []
    for value in values:
        try:
            found.append(rule(value))
        except ValueError:
            continue
    return found


def _invalid(pointer: str, detail: str) -> InvalidArticle:
    return InvalidArticle("The page cannot be used.", fields=[FieldProblem(pointer, detail)])
