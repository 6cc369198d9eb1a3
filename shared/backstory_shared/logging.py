"""Logging: one format for our own lines and those of the libraries; never an article's words."""

import logging
import sys
import traceback
from enum import StrEnum
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


class LogFormat(StrEnum):
    """JSON for machines, console for people."""

    JSON = "json"
    CONSOLE = "console"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def configure_logging(format: LogFormat, level: LogLevel, stream: TextIO | None = None) -> None:
    """Set up logging of this process; call it once, at the edge."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_common(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_common(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(format, colors=out.isatty()),
            ],
        )
    )
    handler.setLevel(level.upper())  # libraries that choose their own level must hold to ours too
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level.upper())
    _hush()


def _hush() -> None:
    """Let the libraries speak through the root, and only when it matters."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # Their info lines name every outgoing address, every page, every schema step, every message.
    for name in (
        *("httpx", "httpcore", "trafilatura", "htmldate", "alembic"),
        *("celery.worker.strategy", "celery.app.trace", "celery.beat"),
    ):
        logging.getLogger(name).setLevel(logging.WARNING)


def _common() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_error,
    ]


def _renderer(format: LogFormat, *, colors: bool) -> Processor:
    if format is LogFormat.JSON:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=colors)


def describe_error(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put in place of an exception what may be told of it."""
    error = _exception(event.pop("exc_info", None))
    return event if error is None else {**event, **described(error)}


def described(error: BaseException) -> dict[str, Any]:
    """An error's class and where it came from, but not its message: that may quote an article."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return {
        "error": type(error).__qualname__,
        "causes": _causes(error),
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _exception(given: object) -> BaseException | None:
    match given:
        case BaseException():
            return given
        case (_, BaseException() as error, _):
            return error
        case None | False:
            return None
        case _:
            return sys.exc_info()[1]


def _causes(error: BaseException) -> list[str]:
    found: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause is not None:
        found.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    return found
