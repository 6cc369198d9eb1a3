"""JSON, read strictly: what two parsers could understand differently is refused."""

import json
import math
from typing import NoReturn

from backstory_shared.errors import MalformedBody

_BOM = b"\xef\xbb\xbf"
_MAX_DIGITS = 100


def decode(raw: bytes) -> object:
    """The value in `raw`. Raises MalformedBody, which says what is wrong but repeats nothing.

    RFC 8259, with its choices made: UTF-8 only, a byte order mark is skipped, a name occurs once
    in an object, and numbers are finite.
    """
    text = _text(raw.removeprefix(_BOM))
    try:
        return _decoder.decode(text)
    except RecursionError:
        raise MalformedBody("The JSON is nested too deep.") from None
    except json.JSONDecodeError as error:
        raise MalformedBody(
            f"Not JSON: line {error.lineno}, column {error.colno} cannot be read."
        ) from None


def _text(raw: bytes) -> str:
    if not raw.strip():
        raise MalformedBody("The body is empty.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedBody(f"The body is not UTF-8: see byte {error.start}.") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedBody("A name occurs twice in one object.")
    return found


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise MalformedBody(f"A number has more than {_MAX_DIGITS} digits.")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise MalformedBody("A number is too large.")
    return number


def _no_constant(_: str) -> NoReturn:
    raise MalformedBody("NaN and Infinity are not JSON.")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_number,
    parse_constant=_no_constant,
)
