"""Addresses: a page of results is its URL, and every choice on it is a link to another one."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

QUERY, CURSOR = "q", "cursor"
FILTERS = ("section", "language", "source", "tag", "author", "from", "to")
CHOICES = ("mode", "sort")
_KNOWN = (QUERY, *CHOICES, *FILTERS, CURSOR)

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Address:
    """The question in a URL's query. Any change of it begins at the first page again."""

    pairs: tuple[Pair, ...] = ()

    @property
    def href(self) -> str:
        return f"/?{urlencode(self.pairs)}" if self.pairs else "/"

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(value for known, value in self.pairs if known == name)

    def only(self, *names: str) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair[0] in names)

    def without(self, *names: str) -> "Address":
        return Address(tuple(pair for pair in self.pairs if pair[0] not in (*names, CURSOR)))

    def having(self, name: str, value: str) -> "Address":
        """With this value in place of any other of that name."""
        return Address((*self.without(name).pairs, (name, value)))

    def toggled(self, name: str, value: str) -> "Address":
        """With this value as one more alternative, or without it if it is one already."""
        others = self.without().pairs
        if (name, value) not in others:
            return Address((*others, (name, value)))
        return Address(tuple(pair for pair in others if pair != (name, value)))


def address_of(query: Iterable[Pair]) -> Address:
    """What the URL asks, in one order; blanks and strangers left out."""
    asked = [(name, value) for name, value in query if name in _KNOWN and value.strip()]
    return Address(tuple(sorted(dict.fromkeys(asked), key=lambda pair: _KNOWN.index(pair[0]))))


def article_href(article_id: str) -> str:
    return f"/articles/{quote(article_id, safe='')}"


def search_href(query: str) -> str:
    return Address(((QUERY, query),)).href


def filter_href(name: str, value: str) -> str:
    return Address(((name, value),)).href


def web_address(url: str | None, *schemes: str) -> str | None:
    """The URL if a browser may safely be sent there, else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in (schemes or ("http", "https")) and parts.netloc else None
