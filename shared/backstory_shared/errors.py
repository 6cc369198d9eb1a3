"""The error tree. Each class knows its HTTP status, its problem type, and if trying again helps.

BackstoryError
├── BadInput                    the caller's words are wrong: 4xx
│   ├── MalformedBody           400 malformed-body
│   ├── InvalidArticle          422 invalid-article
│   ├── InvalidSummary          422 invalid-summary
│   ├── InvalidParameter        422 invalid-parameter
│   ├── InvalidCursor           400 invalid-cursor
│   ├── NotSupported            422 not-supported
│   ├── UnsupportedMediaType    415 unsupported-media-type
│   ├── NotAcceptable           406 not-acceptable
│   ├── BodyTooLarge            413 body-too-large
│   ├── BodyTooSlow             408 body-too-slow
│   ├── RequestTooSlow          408 request-too-slow
│   ├── Misdirected             421 misdirected
│   ├── UriTooLong              414 uri-too-long
│   ├── HeadersTooLarge         431 headers-too-large
│   └── Unauthorized            401 unauthorized
├── Absent
│   ├── NotFound                404 not-found
│   ├── Gone                    410 gone
│   └── CursorExpired           410 cursor-expired
├── NotReady                    409 not-ready
├── EditConflict                409 edit-conflict
├── Unavailable                 the machine's fault: 5xx, retry helps
│   ├── StoreUnavailable        503 store-unavailable
│   ├── StorageFull             507 storage-full
│   └── Overloaded              503 overloaded
│       └── Conflict            503 overloaded
├── StageError                  why a stage could not do an article
│   ├── WorkerDied              the worker process died under it
│   ├── OutOfTime               the hard time limit ran out
│   └── EntriesRefused          the index took the rest of a batch, and not these
└── CannotStart                 one plain sentence for the person who started the program
    ├── FolderLocked
    ├── SchemaMismatch
    ├── ModelMismatch
    ├── NotEmpty
    └── BrokenExport
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field that is wrong: `pointer` is a JSON pointer into the body, or a parameter's name."""

    pointer: str
    detail: str


class BackstoryError(Exception):
    """The root: `detail` is one sentence for a person, and never repeats what was sent."""

    status: ClassVar[int] = 500
    type: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Internal error"
    retry_helps: ClassVar[bool] = False

    def __init__(self, detail: str = "", *, fields: Sequence[FieldProblem] = ()) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.fields = tuple(fields)


class BadInput(BackstoryError):
    """The caller's words are wrong; the same words will be wrong again."""

    status, type, title = 400, "bad-request", "Bad request"


class MalformedBody(BadInput):
    status, type, title = 400, "malformed-body", "The body cannot be read"


class InvalidArticle(BadInput):
    status, type, title = 422, "invalid-article", "The article is not valid"


class InvalidSummary(BadInput):
    status, type, title = 422, "invalid-summary", "The summary is not valid"


class InvalidParameter(BadInput):
    status, type, title = 422, "invalid-parameter", "A parameter is not valid"


class InvalidCursor(BadInput):
    status, type, title = 400, "invalid-cursor", "The cursor is not one of ours"


class NotSupported(BadInput):
    status, type, title = 422, "not-supported", "Not supported"


class UnsupportedMediaType(BadInput):
    status, type, title = 415, "unsupported-media-type", "Unsupported media type"


class NotAcceptable(BadInput):
    status, type, title = 406, "not-acceptable", "Not acceptable"


class BodyTooLarge(BadInput):
    status, type, title = 413, "body-too-large", "The body is too large"


class BodyTooSlow(BadInput):
    status, type, title = 408, "body-too-slow", "The body did not arrive in time"


class RequestTooSlow(BadInput):
    status, type, title = 408, "request-too-slow", "The request did not arrive in time"


class Misdirected(BadInput):
    status, type, title = 421, "misdirected", "The request was meant for another server"


class UriTooLong(BadInput):
    status, type, title = 414, "uri-too-long", "The address is too long"


class HeadersTooLarge(BadInput):
    status, type, title = 431, "headers-too-large", "The headers are too large"


class Unauthorized(BadInput):
    status, type, title = 401, "unauthorized", "An API key is needed"


class Absent(BackstoryError):
    """What was asked for is not there."""

    status, type, title = 404, "not-found", "Not found"


class NotFound(Absent):
    status, type, title = 404, "not-found", "Not found"


class Gone(Absent):
    status, type, title = 410, "gone", "The article was deleted"


class CursorExpired(Absent):
    status, type, title = 410, "cursor-expired", "The cursor has expired"


class NotReady(BackstoryError):
    """Too early: the article is accepted, but that part of it is not done yet."""

    status, type, title, retry_helps = 409, "not-ready", "Not ready yet", True


class EditConflict(BackstoryError):
    """Somebody decided about an article that is not the current one any more."""

    status, type, title = 409, "edit-conflict", "The article has changed meanwhile"


class Unavailable(BackstoryError):
    """The machine's fault, not the caller's: the same request may work later."""

    status, type, title, retry_helps = 503, "unavailable", "Unavailable", True


class StoreUnavailable(Unavailable):
    status, type, title = 503, "store-unavailable", "The store cannot be reached"


class StorageFull(Unavailable):
    status, type, title = 507, "storage-full", "The disk is full"


class Overloaded(Unavailable):
    status, type, title = 503, "overloaded", "Too much work at once"


class Conflict(Overloaded):
    """Another transaction came first; the same one may go through now."""


class StageError(BackstoryError):
    """Why a stage could not do an article."""

    status, type, title = 500, "stage-failed", "A stage failed"


class WorkerDied(StageError):
    status, type, title, retry_helps = 500, "worker-lost", "The worker died", True


class OutOfTime(StageError):
    status, type, title, retry_helps = 500, "out-of-time", "The time limit ran out", True


class EntriesRefused(StageError):
    """Some of a batch is nothing the index can hold; the rest is written."""

    status, type, title = 500, "index-refused", "The index does not take the article"

    def __init__(self, ids: Collection[str]) -> None:
        super().__init__("The index does not take what was made of the article.")
        self.ids = frozenset(ids)


class CannotStart(BackstoryError):
    """The program cannot start; `detail` says in one sentence why and what to do."""


class FolderLocked(CannotStart):
    title = "The data folder is in use"


class SchemaMismatch(CannotStart):
    title = "The ledger has another schema version"


class ModelMismatch(CannotStart):
    title = "The index was made with another embedding model"


class NotEmpty(CannotStart):
    title = "The ledger is not empty"


class BrokenExport(CannotStart):
    title = "The export cannot be restored"
