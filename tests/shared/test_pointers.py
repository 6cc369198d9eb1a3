"""What is wrong with a value, in words for whoever sent it."""

from enum import StrEnum
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from backstory_shared.pointers import message_of


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str


def said(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    return message_of(caught.value.errors()[0])


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (Colour, "green", "This must be 'red' or 'blue'."),
        (int, "many", "This must be a valid integer."),
        (bool, "maybe", "This must be a valid boolean."),
        (str, 7, "This must be a text."),
        (dict[str, int], [], "This must be an object."),
        (Annotated[int, Field(ge=1)], 0, "This must be greater than or equal to 1."),
        (Annotated[str, Field(max_length=2)], "abc", "This must have at most 2 characters."),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "This must have at most 1 item."),
        (Closed, {}, "This is missing."),
        (Closed, {"name": "a", "nose": "b"}, "There is no such field or parameter."),
    ],
)
def test_a_finding_is_a_plain_sentence(kind: Any, value: object, words: str) -> None:
    assert said(kind, value) == words
