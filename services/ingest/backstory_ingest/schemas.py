"""What publishers send and what they are told."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Self, TypeVar

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
from backstory_ingest.summarizing import Summarized
from backstory_shared.articles import Outcome, Span
from backstory_shared.editing import AS_IT_IS, Edit
from backstory_shared.errors import FieldProblem, InvalidArticle, InvalidSummary, NotSupported
from backstory_shared.ids import article_id as valid_id
from backstory_shared.pointers import message_of, pointer_to
from backstory_shared.ports import Accepted, Stats, StatusReport
from backstory_shared.stages import ArticleStatus
from backstory_shared.summaries import (
    MAX_SENTENCES,
    MAX_WORDS,
    AtMostSentences,
    AtMostWords,
    Length,
    SummaryState,
    Wanted,
)
from backstory_shared.summary_view import text_of
from backstory_shared.web.summaries import SentenceOut

#: An editor's text is a summary, not another article.
MAX_SUMMARY = 10_000

M = TypeVar("M", "EditIn", "TextIn")


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


Id = Annotated[str, StringConstraints(max_length=200), AfterValidator(valid_id)]
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
        """The article under the id of the path.

        Raises InvalidArticle if that is none, or another than its own.
        """
        try:
            named = valid_id(article_id)
        except ValueError as error:
            raise _invalid([FieldProblem("/id", f"{error}.")]) from None
        if self.id not in (None, named):
            raise _invalid([FieldProblem("/id", "The id in the body is the one in the path.")])
        return self.model_copy(update={"id": named})


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


def _as_sent(value: str) -> str:
    """Checked like an article's text, and left as it is: places in it are the sender's own."""
    fields.text(value)
    return value


def _written(value: str) -> str:
    if len(value) > MAX_SUMMARY:
        raise ValueError(f"A summary has at most {MAX_SUMMARY:,} characters")
    return fields.text(value)


class EditIn(BaseModel):
    """What an editor decides; what is not named stays as it is.

    A `text` is approved and locked unless said otherwise; null gives the machine its say back.
    `revision` is the one the editor has seen: if it is not the current one, nothing is kept.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    text: Annotated[str, AfterValidator(_written)] | None = None
    approved: bool | None = None
    locked: bool | None = None
    disabled: bool | None = None
    revision: Annotated[int, Field(ge=1)] | None = None

    @property
    def edit(self) -> Edit:
        return Edit(
            text=self.text if "text" in self.model_fields_set else AS_IT_IS,
            approved=self.approved,
            locked=self.locked,
            disabled=self.disabled,
            revision=self.revision,
        )


class TextIn(BaseModel):
    """A text to summarize, and in one way how long the summary should be."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    text: Annotated[str, AfterValidator(_as_sent)]
    title: Title | None = None
    language: Language | None = None
    length: Annotated[Length, Field(strict=False)] | None = None
    sentences: Annotated[int, Field(ge=1, le=MAX_SENTENCES)] | None = None
    words: Annotated[int, Field(ge=1, le=MAX_WORDS)] | None = None

    @property
    def wanted(self) -> Wanted:
        if self.sentences is not None:
            return AtMostSentences(self.sentences)
        if self.words is not None:
            return AtMostWords(self.words)
        return self.length or Length.MEDIUM


def parse_edit(raw: bytes) -> Edit:
    """Raises MalformedBody or InvalidSummary."""
    found = _parsed(raw, EditIn)
    if not found.model_fields_set - {"revision"}:
        raise InvalidSummary("Say what to decide: text, approved, locked or disabled.")
    return found.edit


def parse_text(raw: bytes) -> TextIn:
    """Raises MalformedBody or InvalidSummary."""
    found = _parsed(raw, TextIn)
    given = [name for name in ("length", "sentences", "words") if getattr(found, name) is not None]
    if len(given) > 1:
        problems = [FieldProblem(f"/{name}", "Give only one of these.") for name in given]
        raise InvalidSummary("Say in one way how long it should be.", fields=problems)
    return found


def _parsed(raw: bytes, model: type[M]) -> M:
    value = decode(raw)
    if not isinstance(value, dict):
        raise InvalidSummary("Send a JSON object.")
    unknown = [name for name in value if name not in model.model_fields]
    problems = [FieldProblem(pointer_to([name]), "There is no such field.") for name in unknown]
    try:
        found = model.model_validate({k: v for k, v in value.items() if k not in unknown})
    except ValidationError as error:
        problems += _problems(error)
    if problems:
        raise InvalidSummary("There are fields that are not valid.", fields=problems)
    return found


class SummarizedOut(BaseModel):
    """The summary of a text that is not kept."""

    state: SummaryState
    language: str | None
    text: str | None
    sentences: list[SentenceOut]
    method: str
    model: str | None
    version: str | None
    coverage: float
    key_points: list[SentenceOut]
    teaser: SentenceOut | None

    @classmethod
    def of(cls, made: Summarized) -> Self:
        summary, teaser = made.summary, made.summary.outline.teaser
        return cls(
            state=SummaryState.READY,
            language=made.language,
            text=text_of(made.text, made.spans) or None,
            sentences=_sentences(made.text, made.spans),
            method=summary.method,
            model=summary.model,
            version=summary.version,
            coverage=summary.coverage,
            key_points=_sentences(made.text, summary.outline.key_points),
            teaser=_sentences(made.text, [teaser])[0] if teaser else None,
        )


def _sentences(text: str, spans: Iterable[Span]) -> list[SentenceOut]:
    return [SentenceOut(text=text[start:end], start=start, end=end) for start, end in spans]


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
