"""Extraction: the article in a page's HTML, without the page around it.

Runs in a worker process: a page may be slow or broken enough to kill its reader.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

#: What XML, and so the parser's text nodes, cannot hold.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

#: Where pages say when they were published, to the second; trafilatura keeps only the day.
_PUBLISHED = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//time[@itemprop='datePublished']/@datetime",
)
_LITTLE = 400

#: A start tag, quoted values and all; it always matches, so that no page makes the search slow.
_TAG = re.compile(
    r"""<([a-zA-Z][^\s/>]*+)(?:=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))|[^>])*+(?:>|\Z)"""
)
#: No page has as many, and the parser takes quadratic time for them.
_MOST_ATTRIBUTES = 2_000
_AUTHORS_APART = re.compile(r"\s*;\s*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Extracted:
    """What a page says of its article; `text` is empty where there is none."""

    title: str | None
    text: str
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    language: str | None = None
    image_url: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    source: str | None = None
    url: str | None = None


def extract(html: str, url: str | None) -> Extracted:
    """The main text and the metadata of a page, by trafilatura.

    First the quick way; where that finds little, the thorough one with its fallbacks.
    """
    # Both take long to load, and only the workers that see HTML need them.
    from lxml import html as parser
    from trafilatura import bare_extraction

    tree = _tree(parser, html)
    if tree is None:
        return Extracted(title=None, text="")
    published = _published(tree)
    read = partial(bare_extraction, url=url, with_metadata=True, include_comments=False)
    document: Any = read(tree, fast=True)
    if document is None or len(document.text or "") < _LITTLE:
        document = read(_tree(parser, html)) or document
    if document is None:
        return Extracted(title=None, text="", published_at=published)
    return _extracted(document, published)


def _tree(parser: Any, html: str) -> Any:
    from lxml.etree import LxmlError

    try:
        # Bytes, since lxml refuses a text that declares an encoding.
        cleaned = _TAG.sub(_sane_tag, _CONTROLS.sub("", html)).encode("utf-8", "ignore")
        return parser.fromstring(cleaned, parser=parser.HTMLParser(encoding="utf-8"))
    except (LxmlError, ValueError):
        return None


def _sane_tag(tag: re.Match[str]) -> str:
    return tag[0] if len(tag[0].split()) <= _MOST_ATTRIBUTES else f"<{tag[1]}>"


def _extracted(document: Any, published: datetime | None) -> Extracted:
    categories = document.categories or []
    return Extracted(
        title=document.title or None,
        text=document.text or "",
        authors=tuple(filter(None, _AUTHORS_APART.split(document.author or ""))),
        published_at=published or _moment(document.date),
        language=document.language or None,
        image_url=document.image or None,
        section=categories[0] if categories else None,
        tags=tuple(document.tags or ()),
        source=document.sitename or None,
        url=document.url or None,
    )


def _published(tree: Any) -> datetime | None:
    said = (value for path in _PUBLISHED for value in tree.xpath(path))
    return next(filter(None, map(_moment, said)), None)


def _moment(value: str | None) -> datetime | None:
    """A day counts from midnight UTC; a time without a zone is taken for UTC."""
    try:
        moment = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
