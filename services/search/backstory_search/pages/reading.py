"""The page of one article: its story, its summary, and where to read on."""

from dataclasses import dataclass

from backstory_search.pages.addresses import filter_href, web_address
from backstory_search.pages.cards import card, related_card, section_link
from backstory_search.pages.story import paragraphs
from backstory_search.pages.telling import StoryPages
from backstory_search.pages.views import (
    ArticleView,
    Box,
    Card,
    Link,
    SummaryBlock,
    SummaryLine,
    Timeline,
    When,
)
from backstory_search.pages.wording import day_and_time, reading_time
from backstory_search.related import RelatedArticles
from backstory_shared.articles import Article, Span
from backstory_shared.errors import NotReady, Unavailable
from backstory_shared.ports import ArticleReader, Browser, Entry, Filters
from backstory_shared.summaries import Length, SummaryState
from backstory_shared.summary_view import EDITOR, SummaryView, short_text, view
from backstory_shared.text.boilerplate import story
from backstory_shared.text.sentences import sentences

_RELATED = 6
_COPIES = 10
_NOTICES = {
    SummaryState.READY: "This article is too short to be summarized.",
    SummaryState.PENDING: "The summary is being made. Load this page again in a moment.",
    SummaryState.STALE: (
        "The article has changed since it was summarized. "
        "A new summary is being made; load this page again in a moment."
    ),
    SummaryState.FAILED: "No summary of this article could be made. The article is all here.",
    SummaryState.DISABLED: "This article is published without a summary.",
}
_CHANGED_SINCE = (
    "The article has changed since this summary was written. "
    "The editors keep it until they have looked at it again."
)
_WRITTEN = (
    "How this was made: an editor wrote this summary. "
    "Sentences that the article has word for word lead to their place in it."
)
_NOT_INDEXED = "Related articles are being looked for. Load this page again in a moment."
_NO_INDEX = "Related articles cannot be looked up right now."


@dataclass(frozen=True, slots=True)
class ArticlePage:
    articles: ArticleReader
    browser: Browser
    related: RelatedArticles
    stories: StoryPages

    def __call__(self, article_id: str) -> ArticleView:
        """Raises NotFound, Gone."""
        entry = self.articles.entry(article_id)
        previous, following = self.browser.adjacent(article_id)
        related, notice = self._related(article_id)
        return _view(
            entry,
            copies=tuple(map(card, self.browser.copies(article_id)[:_COPIES])),
            timeline=self.stories.around(article_id),
            related=related,
            related_notice=notice,
            previous=card(previous) if previous else None,
            following=card(following) if following else None,
        )

    def _related(self, article_id: str) -> tuple[tuple[Card, ...], str | None]:
        """The article can be read even while the index cannot be asked."""
        try:
            found = self.related(article_id, filters=Filters(), limit=_RELATED)
        except NotReady:
            return (), _NOT_INDEXED
        except Unavailable:
            return (), _NO_INDEX
        return tuple(map(related_card, found)), None


def _view(
    entry: Entry,
    *,
    copies: tuple[Card, ...],
    timeline: Timeline | None,
    related: tuple[Card, ...],
    related_notice: str | None,
    previous: Card | None,
    following: Card | None,
) -> ArticleView:
    revision, article = entry.revision, entry.revision.article
    summary = view(entry, Length.MEDIUM)
    spans = [Span(sentence.start, sentence.end) for sentence in summary.sentences]
    return ArticleView(
        box=Box(),
        title=article.title,
        language=article.language,
        description=short_text(entry),
        authors=article.authors,
        section=section_link(article.section),
        source=article.source,
        source_url=web_address(article.url),
        published=day_and_time(revision.sort_at),
        published_label="Published" if article.published_at else "Received",
        updated=_updated(article),
        reading_time=reading_time(story(article.text, revision.boilerplate)),
        image_url=web_address(article.image_url, "https"),
        tags=tuple(Link(tag, filter_href("tag", tag)) for tag in article.tags),
        summary=_summary(summary),
        paragraphs=paragraphs(article.text, revision.boilerplate, spans),
        copies=copies,
        timeline=timeline,
        related=related,
        related_notice=related_notice,
        previous=previous,
        following=following,
    )


def _updated(article: Article) -> When | None:
    """A content system that stamps both times with the same moment has not updated anything."""
    if article.modified_at is None or article.modified_at == article.published_at:
        return None
    return day_and_time(article.modified_at)


def _summary(summary: SummaryView) -> SummaryBlock:
    lines = _by_hand(summary) if summary.method == EDITOR else _of_the_article(summary)
    if not lines:
        return SummaryBlock(sentences=(), notice=_NOTICES[summary.state], made=None)
    stale = summary.state is SummaryState.STALE
    return SummaryBlock(
        sentences=lines, notice=_CHANGED_SINCE if stale else None, made=_made(summary)
    )


def _of_the_article(summary: SummaryView) -> tuple[SummaryLine, ...]:
    return tuple(SummaryLine(each.text, n) for n, each in enumerate(summary.sentences, 1))


def _by_hand(summary: SummaryView) -> tuple[SummaryLine, ...]:
    """An editor's sentences; those that the article has too lead to their place in it."""
    text = summary.text or ""
    places = {each.text: place for place, each in enumerate(summary.sentences, 1)}
    said = [text[start:end] for start, end in sentences(text, None)]
    return tuple(SummaryLine(each, places.get(each)) for each in said)


def _made(summary: SummaryView) -> str:
    if summary.method == EDITOR:
        return _WRITTEN
    approved = " An editor has read and approved it." if summary.approved else ""
    return (
        "How this was made: these are the article’s own sentences, word for word, "
        f"chosen by a program{_read(summary.coverage)}. "
        f"Each one leads to its place in the text.{approved}"
    )


def _read(coverage: float | None) -> str:
    """Rounded down: what was not all read is never called the whole."""
    if coverage is None:
        return ""
    return (
        " from the whole story" if coverage >= 1 else f" from {int(coverage * 100)}% of the story"
    )
