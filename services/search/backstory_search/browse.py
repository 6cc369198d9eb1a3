"""BrowseArticles: the archive by date, newest first, page after page."""

from dataclasses import dataclass
from datetime import datetime

from backstory_search.cursors import Cursors, fingerprint
from backstory_shared.ports import Browser, Entry, Filters, Page


@dataclass(frozen=True, slots=True)
class Browsed:
    entries: tuple[Entry, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class BrowseArticles:
    """A cursor is a place in the order, so it never expires and new articles shift nothing."""

    browser: Browser
    cursors: Cursors

    def __call__(self, filters: Filters, *, limit: int, cursor: str | None) -> Browsed:
        asked = fingerprint("browse", filters)
        after = None if cursor is None else _page(self.cursors.read(cursor, asked))
        found = self.browser.browse(filters, after=after, limit=limit + 1)
        shown = tuple(found[:limit])
        if len(found) <= limit:
            return Browsed(shown, None)
        return Browsed(shown, self.cursors.issue(asked, _place(shown[-1])))


def _place(entry: Entry) -> list[str]:
    return [entry.revision.sort_at.isoformat(), entry.revision.article.id]


def _page(place: list[str]) -> Page:
    sort_at, article_id = place
    return Page(sort_at=datetime.fromisoformat(sort_at), id=article_id)
