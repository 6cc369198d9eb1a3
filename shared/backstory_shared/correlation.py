"""The correlation id: one name for all that one request set in motion, down to its stages."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

_current: ContextVar[str] = ContextVar("correlation_id", default="")


def correlation_id() -> str:
    """The id of the request or the work at hand; empty where there is none."""
    return _current.get()


def new_correlation_id() -> str:
    return uuid.uuid4().hex


@contextmanager
def correlated(value: str) -> Iterator[None]:
    """What happens inside belongs to `value`, and so do its log lines."""
    token = _current.set(value)
    try:
        with structlog.contextvars.bound_contextvars(correlation_id=value):
            yield
    finally:
        _current.reset(token)
