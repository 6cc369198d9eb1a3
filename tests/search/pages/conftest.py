"""A visitor to the pages of a library, whose searches mark what they found."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from backstory_search.schemas import HighlightOut, SpanOut
from backstory_search.search import Hit
from backstory_shared.ports import Terms
from support.archive import Library
from support.pages import Visitor, visiting


def mark_words(
    hits: Sequence[Hit], query: str, terms: Terms | None = None
) -> list[list[HighlightOut]]:
    """The whole text of each as one passage, with the query's words marked."""
    return [[_marked(hit.entry.revision.article.text, query)] for hit in hits]


def _marked(text: str, query: str) -> HighlightOut:
    found = re.finditer("|".join(map(re.escape, query.split())), text, re.IGNORECASE)
    return HighlightOut(text=text, matches=[SpanOut(start=m.start(), end=m.end()) for m in found])


@pytest.fixture
def visitor(shelves: Library) -> Iterator[Visitor]:
    with visiting(replace(shelves.reading, highlight=mark_words)) as opened:
        yield opened
