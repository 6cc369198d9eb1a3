"""The rules for an article's fields, each a function that returns the value in normal form.

They raise ValueError with a sentence that does not repeat the value.
"""

import json
import math
import re
import unicodedata
from datetime import UTC, datetime

from backstory_shared.text import prose
from backstory_shared.urls import canonical_url

MAX_TITLE = 300
MAX_NAME = 200
MAX_TEXT_BYTES = 1024 * 1024
MAX_HTML_BYTES = 2 * 1024 * 1024
MAX_METADATA_KEYS = 100
MAX_METADATA_DEPTH = 5
MAX_METADATA_BYTES = 64 * 1024

_METADATA_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_LANGUAGE = re.compile(r"([a-z]{2})([-_][A-Za-z0-9]{2,8})*", re.IGNORECASE)
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu
lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu
rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to
tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_ISO_639_1 = frozenset(_CODES.split())


def line(value: str) -> str:
    """One line of words; spaces around it do not count, other control characters are refused."""
    value = value.strip(" \t\r\n")
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValueError("It contains control characters.")
    if problem := prose.problems(value):
        raise ValueError(problem)
    return prose.clean_line(value)


def name(value: str) -> str:
    if len(value) > MAX_NAME:
        raise ValueError(f"A name has at most {MAX_NAME} characters.")
    return line(value)


def text(value: str) -> str:
    if problem := prose.problems(value):
        raise ValueError(problem)
    if len(value.encode()) > MAX_TEXT_BYTES:
        raise ValueError(f"A text has at most {MAX_TEXT_BYTES} bytes of UTF-8.")
    return prose.clean_text(value)


def html(value: str) -> str:
    if not _encodable(value):
        raise ValueError("It contains half of a surrogate pair, which is not a character.")
    if len(value.encode()) > MAX_HTML_BYTES:
        raise ValueError(f"A page has at most {MAX_HTML_BYTES} bytes of UTF-8.")
    if not value.strip():
        raise ValueError("It contains nothing that can be seen.")
    return value


def time(value: str) -> datetime:
    """RFC 3339 with its offset, in UTC."""
    if not _TIME.fullmatch(value):
        raise ValueError("A time looks like 2026-11-23T09:30:00Z, with its offset")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("There is no such time") from None


def language(value: str) -> str:
    """An ISO 639-1 code; of a longer tag (`en-GB`) its first part."""
    found = _LANGUAGE.fullmatch(value)
    if found is None or found[1].lower() not in _ISO_639_1:
        raise ValueError("A language is an ISO 639-1 code such as en")
    return found[1].lower()


def url(value: str) -> str:
    value = value.strip()
    canonical_url(value)
    return value


def metadata(value: object) -> dict[str, object]:
    """The publisher's own JSON: plain keys, few levels, numbers that every database can keep."""
    if not isinstance(value, dict):
        raise ValueError("Metadata is an object")
    if len(value) > MAX_METADATA_KEYS:
        raise ValueError(f"Metadata has at most {MAX_METADATA_KEYS} keys")
    _check_metadata(value, MAX_METADATA_DEPTH)
    if len(json.dumps(value, ensure_ascii=False).encode()) > MAX_METADATA_BYTES:
        raise ValueError(f"Metadata has at most {MAX_METADATA_BYTES} bytes")
    return value


def _check_metadata(value: object, depth: int) -> None:
    if depth < 0:
        raise ValueError(f"Metadata is nested at most {MAX_METADATA_DEPTH} levels deep")
    match value:
        case dict():
            for key, item in value.items():
                if not _METADATA_KEY.fullmatch(key):
                    raise ValueError("A key of metadata is 1 to 64 characters of A-Z a-z 0-9 _ -")
                _check_metadata(item, depth - 1)
        case list():
            for item in value:
                _check_metadata(item, depth - 1)
        case _:
            _check_value(value)


def _check_value(value: object) -> None:
    match value:
        case str() if not _encodable(value):
            raise ValueError("A text in metadata has half of a surrogate pair")
        case str() if "\0" in value:
            raise ValueError("A text in metadata has a NUL")
        case int() if not -(2**63) <= value < 2**63:
            raise ValueError("A number in metadata does not fit into 64 bits")
        case float() if not math.isfinite(value):
            raise ValueError("A number in metadata is not finite")


def _encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
