"""Logging: one format for our own lines and those of the libraries; never an article's words."""

import logging
import sys
import traceback
from enum import StrEnum
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger


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
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level.upper())
    _hush()


def _hush() -> None:
    """Let the libraries speak through the root, and only when it matters."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # Their info lines name every outgoing address and every page that was read.
    for name in ("httpx", "httpcore", "trafilatura", "htmldate"):
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
    """An error's class and where it came from, but not its message: that may quote an article."""
    kind, value, trace = _exc_info(event.pop("exc_info", None))
    if kind is not None:
        event["error"] = kind.__qualname__
        event["causes"] = _causes(value)
        event["where"] = _where(trace)
    return event


def _exc_info(
    given: object,
) -> tuple[type[BaseException] | None, BaseException | None, TracebackType | None]:
    if isinstance(given, BaseException):
        return type(given), given, given.__traceback__
    if isinstance(given, tuple):
        exc_info: ExcInfo = given
        return exc_info
    return sys.exc_info() if given else (None, None, None)


def _causes(error: BaseException | None) -> list[str]:
    found: list[str] = []
    while error is not None and (error := error.__cause__ or error.__context__) is not None:
        found.append(type(error).__qualname__)
    return found


def _where(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-12:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
