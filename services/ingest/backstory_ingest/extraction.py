"""STUB"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Extracted:
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
    import re

    return Extracted(
        title=(re.findall("<title>(.*?)</title>", html) or [None])[0],
        text=re.sub("<[^>]*>", " ", html).strip(),
    )
