"""Which field is wrong, and why: a validator's findings in words that never repeat the payload."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
#: How a sentence of Pydantic's begins: with what a thing is to programmers.
_BEGINNING = re.compile(r"^[A-Z][A-Za-z]* should ")
#: And how it ends: with how it was looked at.
_END = re.compile(r"(, unable to .*| after validation, not .*)$")
_WORDS = {
    "This must be a valid dictionary or object to extract fields from": "This must be an object",
    "This must be a valid dictionary": "This must be an object",
    "This must be a valid string": "This must be a text",
    "Extra inputs are not permitted": "There is no such field or parameter",
    "Field required": "This is missing",
}


def message_of(error: Mapping[str, Any]) -> str:
    """Pydantic's sentence in words for a person, without its prefix for a validator of our own."""
    said = str(error["msg"]).removeprefix("Value error, ")
    plain = _END.sub("", _BEGINNING.sub("This must ", said))
    return _WORDS.get(plain, plain).rstrip(".") + "."


def pointer_to(path: Iterable[object]) -> str:
    """A JSON pointer whose names are plain ones; any other name is the caller's payload."""
    return "".join(f"/{safe_name(name)}" for name in path)


def safe_name(name: object) -> str:
    """A plain name as it is; any other is the caller's payload."""
    text = str(name)
    return text if _PLAIN_NAME.fullmatch(text) else "*"
