"""A visitor to the pages of a library, whose searches mark what they found."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from backstory_search.schemas import HighlightOut, SpanOut
from backstory_shared.ports import Entry
from support.archive import Library
from support.pages import Visitor, visiting


def mark_words(entry: Entry, query: str) -> list[HighlightOut]:
    """The whole text as one passage, with the query's words marked."""
    text = entry.revision.article.text
    found = re.finditer("|".join(map(re.escape, query.split())), text, re.IGNORECASE)
    return [HighlightOut(text=text, matches=[SpanOut(start=m.start(), end=m.end()) for m in found])]


@pytest.fixture
def visitor(shelves: Library) -> Iterator[Visitor]:
    with visiting(replace(shelves.reading, highlight=mark_words)) as opened:
        yield opened
