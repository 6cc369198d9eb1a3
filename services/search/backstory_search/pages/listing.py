"""The list of what was found, or of what a section holds, with every choice there is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backstory_search.api import Highlighter
from backstory_search.browse import BrowseArticles
from backstory_search.pages.addresses import CHOICES, CURSOR, FILTERS, QUERY, Address
from backstory_search.pages.cards import card, found_card
from backstory_search.pages.parameters import PAGE, SHOWN_FACETS, PageParameters
from backstory_search.pages.views import Box, Card, Chip, Choice, Dates, FacetView, ListView
from backstory_search.pages.wording import count, language_name, shortened
from backstory_search.search import Mode, Search, SearchArticles, Sort
from backstory_shared.ports import Facet

_FACET_VALUES = 8
_LABELS = {
    "section": "Section",
    "language": "Language",
    "source": "Source",
    "tag": "Tag",
    "author": "Author",
    "from": "From",
    "to": "Until",
}
_MODES = {
    Mode.HYBRID: "Meaning and words",
    Mode.SEMANTIC: "Meaning",
    Mode.KEYWORD: "Exact words",
}
_DATES = ("from", "to")
_SORTS = {Sort.RELEVANCE: "Best match", Sort.NEWEST: "Newest", Sort.OLDEST: "Oldest"}

Values = Mapping[Facet, Sequence[tuple[str, int]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """What the two kinds of list differ in."""

    heading: str
    cards: tuple[Card, ...]
    next_cursor: str | None
    facets: Values
    meant: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListPage:
    search: SearchArticles
    browse: BrowseArticles
    highlight: Highlighter

    def __call__(self, asked: PageParameters, address: Address) -> ListView:
        search = asked.search
        page = self._browsed(asked) if search is None else self._found(search)
        return _view(page, asked, address)

    def _found(self, search: Search) -> _Page:
        found = self.search(search)
        passages = self.highlight(found.hits, search.text, found.terms)
        return _Page(
            heading=count(found.counts.total, "article"),
            cards=tuple(
                found_card(hit.entry, of_hit, copies=len(hit.folded))
                for hit, of_hit in zip(found.hits, passages, strict=True)
            ),
            next_cursor=found.next_cursor,
            facets=found.counts.facets,
            meant=tuple(word for words in found.meant.values() for word in words),
        )

    def _browsed(self, asked: PageParameters) -> _Page:
        found = self.browse(asked.filters, limit=PAGE, cursor=asked.cursor)
        return _Page(
            heading="Newest articles",
            cards=tuple(map(card, found.entries)),
            next_cursor=found.next_cursor,
            facets={},
        )


def _view(page: _Page, asked: PageParameters, address: Address) -> ListView:
    searching, filters = asked.q is not None, address.only(*FILTERS)
    return ListView(
        box=Box(query=asked.q or "", kept=address.only(*CHOICES, *FILTERS)),
        heading=page.heading,
        query=shortened(asked.q) if asked.q else None,
        continued=asked.cursor is not None,
        meant=page.meant,
        cards=page.cards,
        chips=tuple(_chips(address)),
        facets=tuple(_facets(page.facets, address)),
        sorts=_switch("sort", _SORTS, asked.sort, address) if searching else (),
        modes=_switch("mode", _MODES, asked.mode, address) if searching else (),
        dates=_dates(address),
        first_page=address.without(CURSOR).href if asked.cursor else None,
        next_page=address.having(CURSOR, page.next_cursor).href if page.next_cursor else None,
        without_filters=address.without(*FILTERS).href if filters else None,
    )


def _switch(
    name: str, options: Mapping[Sort, str] | Mapping[Mode, str], now: Sort | Mode, address: Address
) -> tuple[Choice, ...]:
    """The first option is what holds when the URL says nothing."""
    default = next(iter(options))
    return tuple(
        Choice(
            text=text,
            href=(
                address.without(name) if option == default else address.having(name, option.value)
            ).href,
            chosen=option == now,
        )
        for option, text in options.items()
    )


def _chips(address: Address) -> Iterator[Chip]:
    for name, value in address.only(*FILTERS):
        yield Chip(_LABELS[name], _shown(name, value), address.toggled(name, value).href)


def _facets(values: Values, address: Address) -> Iterator[FacetView]:
    for facet in SHOWN_FACETS:
        counted = values.get(facet, ())
        choices = [_choice(facet, value, number, address) for value, number in counted]
        if choices:
            first, others = choices[:_FACET_VALUES], choices[_FACET_VALUES:]
            yield FacetView(label=_LABELS[facet], first=tuple(first), others=tuple(others))


def _choice(facet: Facet, value: str, number: int, address: Address) -> Choice:
    return Choice(
        text=_shown(facet, value),
        href=address.toggled(facet, value).href,
        chosen=value in address.values(facet),
        count=f"{number:,}",
    )


def _shown(name: str, value: str) -> str:
    return language_name(value) if name == "language" else value


def _dates(address: Address) -> Dates:
    return Dates(
        first=_last(address.values("from")),
        last=_last(address.values("to")),
        kept=address.only(QUERY, *CHOICES, *(name for name in FILTERS if name not in _DATES)),
    )


def _last(values: Sequence[str]) -> str:
    """What a date field can hold of it: the day."""
    return values[-1][:10] if values else ""
