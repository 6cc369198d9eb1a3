"""Browsing the archive by date."""

import pytest

from backstory_search.browse import BrowseArticles
from backstory_search.cursors import Cursors
from backstory_shared.errors import InvalidCursor
from backstory_shared.ports import Filters
from support.archive import Archive, entry_of
from support.clocks import FakeClock


@pytest.fixture
def archive() -> Archive:
    entries = [
        entry_of(id=f"a{n}", days=n // 2, section="news" if n % 2 else "arts") for n in range(7)
    ]
    return Archive({one.revision.article.id: one for one in entries})


def walk(archive: Archive, filters: Filters, limit: int) -> list[str]:
    browse = BrowseArticles(archive, Cursors(b"a secret of at least 16 bytes", FakeClock()))
    page = browse(filters, limit=limit, cursor=None)
    found = list(page.entries)
    while page.next_cursor is not None:
        page = browse(filters, limit=limit, cursor=page.next_cursor)
        found += page.entries
    return [one.revision.article.id for one in found]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_every_article_comes_once_newest_first(archive: Archive, limit: int) -> None:
    expected = ["a6", "a5", "a4", "a3", "a2", "a1", "a0"]

    assert walk(archive, Filters(), limit) == expected


def test_filters_hold_on_every_page(archive: Archive) -> None:
    assert walk(archive, Filters(section=("news",)), 1) == ["a5", "a3", "a1"]


def test_the_last_page_has_no_cursor_even_when_it_is_full(archive: Archive) -> None:
    browse = BrowseArticles(archive, Cursors(b"a secret of at least 16 bytes", FakeClock()))

    assert browse(Filters(), limit=7, cursor=None).next_cursor is None


def test_a_new_article_shifts_nothing(archive: Archive) -> None:
    browse = BrowseArticles(archive, Cursors(b"a secret of at least 16 bytes", FakeClock()))
    first = browse(Filters(), limit=3, cursor=None)
    archive.put(entry_of(id="newest", days=99))

    second = browse(Filters(), limit=3, cursor=first.next_cursor)

    assert [one.revision.article.id for one in second.entries] == ["a3", "a2", "a1"]


def test_a_cursor_belongs_to_its_filters(archive: Archive) -> None:
    browse = BrowseArticles(archive, Cursors(b"a secret of at least 16 bytes", FakeClock()))
    cursor = browse(Filters(), limit=3, cursor=None).next_cursor

    with pytest.raises(InvalidCursor):
        browse(Filters(section=("news",)), limit=3, cursor=cursor)
