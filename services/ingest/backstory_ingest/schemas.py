"""What publishers send and what they are told."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)

from backstory_ingest import fields
from backstory_ingest.json_body import decode
from backstory_shared.articles import Outcome
from backstory_shared.errors import FieldProblem, InvalidArticle, NotSupported
from backstory_shared.pointers import message_of, pointer_to
from backstory_shared.ports import Accepted, Stats, StatusReport
from backstory_shared.stages import ArticleStatus


def _time(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("A time is a string")
    return fields.time(value)


def _listed(value: object) -> object:
    return [] if value is None else value


def _mapped(value: object) -> dict[str, object]:
    return {} if value is None else fields.metadata(value)


Id = Annotated[str, StringConstraints(max_length=200), AfterValidator(fields.article_id)]
Title = Annotated[str, StringConstraints(max_length=fields.MAX_TITLE), AfterValidator(fields.line)]
Name = Annotated[str, AfterValidator(fields.name)]
Tag = Annotated[str, StringConstraints(max_length=100), AfterValidator(fields.line)]
Address = Annotated[str, StringConstraints(max_length=2048), AfterValidator(fields.url)]
Language = Annotated[str, StringConstraints(max_length=35), AfterValidator(fields.language)]
Time = Annotated[
    datetime | None,
    BeforeValidator(_time),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Metadata = Annotated[dict[str, Any], PlainValidator(_mapped), WithJsonSchema({"type": "object"})]


class ArticleIn(BaseModel):
    """One article as it is sent: `text` or `html`, and a title unless `html` has one."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)

    id: Id | None = None
    url: Address | None = None
    title: Title | None = None
    text: Annotated[str, AfterValidator(fields.text)] | None = None
    html: Annotated[str, AfterValidator(fields.html)] | None = None
    published_at: Time = None
    modified_at: Time = None
    authors: Annotated[list[Name], Field(max_length=100), BeforeValidator(_listed)] = []
    section: Name | None = None
    tags: Annotated[list[Tag], Field(max_length=100), BeforeValidator(_listed)] = []
    language: Language | None = None
    source: Name | None = None
    image_url: Address | None = None
    metadata: Metadata = {}

    def with_id(self, article_id: str) -> Self:
        """The article under the id of the path. Raises InvalidArticle if it names another."""
        if not fields.is_id(article_id) or self.id not in (None, article_id):
            detail = "The id in the body is the one in the path, and a valid one."
            raise _invalid([FieldProblem("/id", detail)])
        return self.model_copy(update={"id": article_id})


def parse_article(raw: bytes) -> ArticleIn:
    """The article in a JSON body. Raises MalformedBody, InvalidArticle or NotSupported."""
    value = decode(raw)
    if not isinstance(value, dict):
        raise InvalidArticle("An article is a JSON object.")
    _only_known_names(value)
    try:
        article = ArticleIn.model_validate(value)
    except ValidationError as error:
        raise _invalid(_problems(error)) from None
    return _complete(article)


def _only_known_names(value: Mapping[str, object]) -> None:
    unknown = [name for name in value if name not in ArticleIn.model_fields]
    if unknown:
        raise _invalid(
            [FieldProblem(pointer_to([name]), "There is no such field.") for name in unknown]
        )


def _complete(article: ArticleIn) -> ArticleIn:
    if article.text is not None and article.html is not None:
        raise _invalid([FieldProblem("/html", "Send either text or html, not both.")])
    if article.text is None and article.html is None and article.url is not None:
        raise NotSupported(
            "Fetching an article from its url is not supported yet; send its text or html.",
            fields=[FieldProblem("/text", "Send text or html.")],
        )
    missing = []
    if article.text is None and article.html is None:
        missing.append(FieldProblem("/text", "Send text or html."))
    if article.title is None and article.html is None:
        missing.append(FieldProblem("/title", "An article needs a title."))
    if missing:
        raise _invalid(missing)
    return article


def _problems(error: ValidationError) -> list[FieldProblem]:
    found = error.errors(include_input=False, include_context=False, include_url=False)
    return [FieldProblem(pointer_to(problem["loc"]), message_of(problem)) for problem in found]


def _invalid(problems: Iterable[FieldProblem]) -> InvalidArticle:
    return InvalidArticle("The article has fields that are not valid.", fields=list(problems))


def http_status(accepted: Accepted) -> int:
    """202 where there is work to do now, 200 where there is none."""
    return 202 if accepted.outcome in (Outcome.CREATED, Outcome.UPDATED) else 200


class Links(BaseModel):
    self: str
    status: str
    summary: str
    related: str

    @classmethod
    def of(cls, article_id: str) -> "Links":
        path = f"/v1/articles/{article_id}"
        return cls(
            self=path,
            status=f"{path}/status",
            summary=f"{path}/summary",
            related=f"{path}/related",
        )


class AcceptedOut(BaseModel):
    """What became of an article that was sent."""

    id: str
    revision: int
    status: str
    outcome: str
    links: Links

    @classmethod
    def of(cls, accepted: Accepted) -> Self:
        return cls(
            id=accepted.id,
            revision=accepted.revision,
            status=accepted.status,
            outcome=accepted.outcome,
            links=Links.of(accepted.id),
        )


class DeletedOut(BaseModel):
    id: str
    revision: int
    status: str = ArticleStatus.DELETED


class ReasonOut(BaseModel):
    type: str
    detail: str


class StageOut(BaseModel):
    name: str
    state: str
    errors: int
    lost: int
    error: ReasonOut | None


class StatusOut(BaseModel):
    """How far an article has come."""

    id: str
    revision: int
    status: str
    stages: list[StageOut]

    @classmethod
    def of(cls, report: StatusReport) -> Self:
        return cls.model_validate(report, from_attributes=True)


class FailuresOut(BaseModel):
    items: list[StatusOut]
    next_cursor: str | None


class RetriedOut(BaseModel):
    """How many stages (of one article) or articles (of all) are tried again."""

    retried: int


class StatsOut(BaseModel):
    """What the whole archive holds."""

    articles: dict[str, int]
    stages: dict[str, dict[str, int]]
    oldest_pending_at: datetime | None
    last_event: int

    @classmethod
    def of(cls, stats: Stats) -> Self:
        return cls.model_validate(stats, from_attributes=True)
