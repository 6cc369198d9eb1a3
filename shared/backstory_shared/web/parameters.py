"""What a request may ask for in its address: what the route knows, each thing once."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any, get_origin
from urllib.parse import unquote_to_bytes

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel, BeforeValidator

from backstory_shared.errors import FieldProblem, InvalidParameter
from backstory_shared.pointers import safe_name

_DIGITS = re.compile(r"-?[0-9]+")


def _in_digits(text: object) -> object:
    if isinstance(text, str) and not _DIGITS.fullmatch(text):
        raise ValueError("Give a whole number in digits")
    return text


#: A whole number as everybody writes one; `5.0`, `+5` and `1_000` are none.
Whole = Annotated[int, BeforeValidator(_in_digits)]


async def require_utf8(request: Request) -> None:
    """Starlette would silently put replacement characters for bytes that are no text.

    Async, since FastAPI would send a plain function to another thread, for every read.
    """
    for pair in request.scope["query_string"].split(b"&"):
        name, _, value = pair.partition(b"=")
        try:
            unquote_to_bytes(name).decode()
            unquote_to_bytes(value).decode()
        except UnicodeDecodeError as error:
            raise _not_text(name) from error


def _not_text(name: bytes) -> InvalidParameter:
    plain = name.decode("ascii", "replace")
    pointer = plain if re.fullmatch(r"\w{1,64}", plain, re.ASCII) else "*"
    return InvalidParameter(
        "A parameter is not valid.",
        fields=[FieldProblem(pointer, "This is not valid UTF-8.")],
    )


async def require_known_parameters(request: Request) -> None:
    """An unknown one is a mistake, not a wish; and of two values nobody knows which is meant.

    Where several values are alternatives, the route has a list of them. Async, since FastAPI would
    send a plain function to another thread, for every request.
    """
    given = Counter(name for name, _ in request.query_params.multi_items())
    if not given:
        return
    known = dict(_known(request.scope["route"].dependant))
    problems = [
        FieldProblem(name if name in known else safe_name(name), sentence)
        for name, times in given.items()
        if (sentence := _wrong(known.get(name), times))
    ]
    if problems:
        raise InvalidParameter("A parameter is not valid.", fields=problems)


def _wrong(many: bool | None, times: int) -> str | None:
    if many is None:
        return "There is no such field or parameter."
    return None if many or times == 1 else "Give this once."


def _known(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Every parameter, and whether it may have several values."""
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, info in kind.model_fields.items():
                yield info.alias or name, _is_many(info.annotation)
        else:
            yield field.alias, _is_many(kind)
    for one in dependant.dependencies:
        yield from _known(one)


def _is_many(kind: Any) -> bool:
    return get_origin(kind) is list


#: Before every route of an API.
KNOWN_PARAMETERS = (Depends(require_utf8), Depends(require_known_parameters))
