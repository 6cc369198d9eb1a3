"""What may be sent: the bodies of the search service's requests, checked."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from backstory_shared.ids import article_id

MAX_TEXT = 200_000
MAX_IDS = 50

_LANGUAGE = re.compile(r"[a-z]{2,3}")


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("This is not valid Unicode") from None
    return text


def _a_language(text: str) -> str:
    if _LANGUAGE.fullmatch(text) is None:
        raise ValueError("A language is an ISO 639 code such as en")
    return text


Id = Annotated[str, AfterValidator(article_id)]
Ids = Annotated[list[Id], Field(max_length=MAX_IDS)]


class Body(BaseModel):
    """Every body is closed: an unknown member is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ProposalIn(Body):
    """A text, or what is liked and what is not."""

    title: Annotated[str, Field(max_length=1_000), AfterValidator(_encodable)] = ""
    text: Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_encodable)] = ""
    language: Annotated[str, AfterValidator(_a_language)] | None = None
    liked: Ids = []
    disliked: Ids = []
    limit: Annotated[int, Field(ge=1, le=50)] = 5

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        written = bool(self.title.strip() or self.text.strip())
        if written == bool(self.liked):
            raise ValueError("Give a text, or ids that are liked")
        if self.disliked and not self.liked:
            raise ValueError("Say what is liked as well")
        return self


class ChoicesIn(Body):
    """An editor's choices for one article; an empty list takes them back."""

    pinned: Annotated[list[Id], Field(max_length=20)] = []
    blocked: Ids = []
