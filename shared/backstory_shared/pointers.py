"""Which field is wrong, and why: a validator's findings in words that never repeat the payload."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def message_of(error: Mapping[str, Any]) -> str:
    """Pydantic's sentence, without its prefix for a validator of our own."""
    return str(error["msg"]).removeprefix("Value error, ").rstrip(".") + "."


def pointer_to(path: Iterable[object]) -> str:
    """A JSON pointer whose names are plain ones; any other name is the caller's payload."""
    return "".join(f"/{safe_name(name)}" for name in path)


def safe_name(name: object) -> str:
    """A plain name as it is; any other is the caller's payload."""
    text = str(name)
    return text if _PLAIN_NAME.fullmatch(text) else "*"
