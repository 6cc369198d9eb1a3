"""Ids: what an article may be called."""

import re

_ID = re.compile(r"[A-Za-z0-9._:~-]{1,200}")
#: In an address they mean "here" and "one up": whoever asks for such an article asks for another
#: page.
_PLACES = (".", "..")


def is_id(value: str) -> bool:
    return _ID.fullmatch(value) is not None and value not in _PLACES


def article_id(value: str) -> str:
    """Raises ValueError with a sentence that does not repeat the value."""
    if value in _PLACES:
        raise ValueError("An id is not . or .. alone: no address could end with it")
    if not is_id(value):
        raise ValueError("An id is 1 to 200 characters of A-Z a-z 0-9 . _ : ~ -")
    return value
