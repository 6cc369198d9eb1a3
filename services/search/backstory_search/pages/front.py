"""The front page: the newest articles, and what one could ask of this archive."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backstory_search.browse import BrowseArticles
from backstory_search.pages.addresses import CURSOR, filter_href, search_href
from backstory_search.pages.cards import card
from backstory_search.pages.views import Box, FrontView, Link
from backstory_shared.ports import Entry, Filters

_NEWEST = 10
#: The sections and the examples are those of this many newest articles.
_RECENT = 60
_SECTIONS = 12
_EXAMPLES = 3
_HEADLINE_PART = re.compile(r"[^:;,.!?–—|]+")


@dataclass(frozen=True, slots=True)
class FrontPage:
    browse: BrowseArticles

    def __call__(self, base_url: str) -> FrontView:
        recent = self.browse(Filters(), limit=_RECENT, cursor=None).entries
        newest = self.browse(Filters(), limit=_NEWEST, cursor=None)
        older = newest.next_cursor
        return FrontView(
            box=Box(autofocus=True),
            newest=tuple(map(card, newest.entries)),
            examples=tuple(Link(text, search_href(text)) for text in examples(recent)),
            sections=tuple(Link(name, filter_href("section", name)) for name in sections(recent)),
            older=filter_href(CURSOR, older) if older else None,
            first_article=None if recent else base_url,
        )


def sections(entries: Sequence[Entry]) -> list[str]:
    """The sections with the most articles first."""
    names = Counter(entry.revision.article.section for entry in entries)
    return [name for name, _ in names.most_common() if name][:_SECTIONS]


def examples(entries: Sequence[Entry]) -> list[str]:
    """Queries that find something here: a subject of several articles, and words of headlines."""
    tags = Counter(tag for entry in entries for tag in entry.revision.article.tags)
    subjects = [tag for tag, number in tags.most_common(1) if number > 1]
    headlines = [part for entry in entries if (part := _short_headline(entry))]
    names = [*subjects, *headlines, *sections(entries)]
    return list(dict.fromkeys(names))[:_EXAMPLES]


def _short_headline(entry: Entry) -> str | None:
    """The first clause of a headline, where it is about as long as what people type."""
    part = _HEADLINE_PART.match(entry.revision.article.title)
    text = part.group().strip() if part else ""
    return text if 3 <= len(text.split()) <= 7 else None
