"""What may be asked: the query parameters, checked and turned into the product's words."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from backstory_search.cursors import MAX_LENGTH
from backstory_search.search import Collapse, Mode, Search, Sort
from backstory_shared.errors import FieldProblem, InvalidParameter
from backstory_shared.ports import Facet, Filters
from backstory_shared.summaries import (
    MAX_SENTENCES,
    MAX_WORDS,
    AtMostSentences,
    AtMostWords,
    Length,
    Wanted,
)
from backstory_shared.web.parameters import Whole

MAX_QUERY = 2_000
MAX_VALUES = 50
MAX_LIMIT = 100

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_HALF_LIFE = re.compile(r"0*([1-9]\d{0,4})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LAST = datetime.max.replace(tzinfo=UTC)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("Say what to search for")
    return text


def _beginning(text: object) -> object:
    return _moment(text, of_day=lambda day: day)


def _end(text: object) -> object:
    return _moment(text, of_day=_next_day)


def _next_day(day: datetime) -> datetime:
    return _LAST if day.date() == date.max else day + timedelta(days=1)


def _moment(text: object, *, of_day: Callable[[datetime], datetime]) -> object:
    """A date, or an RFC 3339 date-time: without an offset nobody knows when it is."""
    if not isinstance(text, str):
        return text
    # A "+" that was not percent-encoded arrives as a space.
    text = text.strip().replace(" ", "+").upper()
    try:
        if _DATE.fullmatch(text):
            return of_day(datetime.fromisoformat(text).replace(tzinfo=UTC))
        if _DATE_TIME.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("Give a date (2026-05-01) or a date-time with its offset (RFC 3339)")


def _half_life(text: object) -> object:
    """`12h`, `7d`, `2w`: hours, days or weeks, up to 99999 of them."""
    if not isinstance(text, str):
        return text
    found = _HALF_LIFE.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError("Give 1 to 99999 hours, days or weeks: 12h, 7d or 2w")
    return int(found[1]) * _UNITS[found[2]]


def _separated(values: object) -> object:
    """`facets=section,tag` is the same as `facets=section&facets=tag`."""
    if not isinstance(values, list):
        return values
    return [part for value in values for part in str(value).split(",") if part]


Value = Annotated[str, Field(min_length=1, max_length=300)]
Values = Annotated[list[Value], Field(max_length=MAX_VALUES)]
Limit = Annotated[Whole, Field(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str, Field(max_length=MAX_LENGTH)]


class Parameters(BaseModel):
    """Every set of parameters is closed: an unknown one is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid")


class NoParameters(Parameters):
    pass


class FilterParameters(Parameters):
    """Values of one parameter are alternatives; all the parameters given must agree."""

    section: Values = []
    tag: Values = []
    author: Values = []
    source: Values = []
    language: Values = []
    from_: Annotated[
        datetime | None,
        BeforeValidator(_beginning),
        Field(alias="from", description="A date, or a date-time with offset; included."),
    ] = None
    to: Annotated[
        datetime | None,
        BeforeValidator(_end),
        Field(description="A date, the whole day included, or a date-time, not included."),
    ] = None

    @property
    def filters(self) -> Filters:
        return Filters(
            section=tuple(self.section),
            tag=tuple(self.tag),
            author=tuple(self.author),
            source=tuple(self.source),
            language=tuple(self.language),
            published_from=self.from_,
            published_until=self.to,
        )


class BrowseParameters(FilterParameters):
    limit: Limit = 20
    cursor: Cursor | None = None


class SearchParameters(FilterParameters):
    q: Annotated[str, Field(max_length=MAX_QUERY), AfterValidator(_not_blank)]
    mode: Mode = Mode.HYBRID
    sort: Sort = Sort.RELEVANCE
    recency: Annotated[
        timedelta | None,
        BeforeValidator(_half_life),
        Field(description="The score of an article halves with every such age: 12h, 7d, 2w."),
    ] = None
    facets: Annotated[list[Facet], BeforeValidator(_separated), Field(max_length=MAX_VALUES)] = []
    collapse: Annotated[
        Collapse,
        Field(description="Show one for all copies, or for all of a story; counts stay the same."),
    ] = Collapse.DUPLICATES
    highlight: bool = False
    explain: bool = False
    limit: Limit = 20
    cursor: Cursor | None = None

    @property
    def search(self) -> Search:
        return Search(
            text=self.q.strip(),
            mode=self.mode,
            filters=self.filters,
            sort=self.sort,
            recency=self.recency,
            facets=tuple(dict.fromkeys(self.facets)),
            collapse=self.collapse,
            limit=self.limit,
            cursor=self.cursor,
        )


class Fallback(StrEnum):
    LATEST = "latest"


class RelatedParameters(FilterParameters):
    limit: Limit = 5
    fallback: Annotated[
        Fallback | None,
        Field(description="Fill up with the newest of the section; such items say so."),
    ] = None


class StoriesParameters(Parameters):
    section: Value | None = None
    limit: Limit = 20
    cursor: Cursor | None = None


class RelatedByUrlParameters(RelatedParameters):
    url: Annotated[str, Field(min_length=1, max_length=2_000)]


class SummaryParameters(Parameters):
    """One of the three says how long; without any it is a medium one."""

    length: Length | None = None
    sentences: Annotated[Whole, Field(ge=1, le=MAX_SENTENCES)] | None = None
    words: Annotated[Whole, Field(ge=1, le=MAX_WORDS)] | None = None

    @property
    def wanted(self) -> Wanted:
        """Raises InvalidParameter where more than one is given."""
        given = [name for name in ("length", "sentences", "words") if getattr(self, name)]
        if len(given) > 1:
            problems = [FieldProblem(name, "Give only one of these.") for name in given]
            raise InvalidParameter("Say in one way how long it should be.", fields=problems)
        if self.sentences is not None:
            return AtMostSentences(self.sentences)
        if self.words is not None:
            return AtMostWords(self.words)
        return self.length or Length.MEDIUM
