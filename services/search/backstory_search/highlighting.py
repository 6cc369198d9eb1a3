"""HighlightWords: marks the words of a query in the passages of an article that have them."""

from collections.abc import Set
from dataclasses import dataclass, field
from functools import lru_cache

from backstory_search.query import parse
from backstory_search.schemas import HighlightOut, SpanOut
from backstory_shared.ports import Entry, TermEncoder
from backstory_shared.text.boilerplate import story
from backstory_shared.text.highlights import Highlight, TermsOf, highlights

_MOST = 2
_REMEMBERED = 50_000


@dataclass(frozen=True)
class HighlightWords:
    """A word is marked exactly where keyword search would have met it: both ask one encoder."""

    terms: TermEncoder
    _terms_of: TermsOf = field(init=False)

    def __post_init__(self) -> None:
        @lru_cache(_REMEMBERED)
        def terms_of(word: str) -> Set[int]:
            return frozenset(self.terms.encode_query(word).indices)

        object.__setattr__(self, "_terms_of", terms_of)

    def __call__(self, entry: Entry, query: str) -> list[HighlightOut]:
        article = entry.revision.article
        text = story(article.text, entry.revision.boilerplate)
        wanted = frozenset(self.terms.encode_query(parse(query).text).indices)
        found = highlights(text, article.language, wanted, self._terms_of, _MOST)
        return [_out(each) for each in found]


def _out(found: Highlight) -> HighlightOut:
    matches = [SpanOut(start=start, end=end) for start, end in found.marks]
    return HighlightOut(text=found.text, matches=matches)
