"""Logs: one line of JSON each, with the correlation id, and never an article's words.

Logging belongs to the whole process, so each case runs in one of its own.
"""

import json
import subprocess
import sys
from typing import Any

PRELUDE = """
import logging, structlog
from backstory_shared.correlation import correlated
from backstory_shared.logging import LogFormat, LogLevel, configure_logging
configure_logging(LogFormat.JSON, LogLevel.INFO)
log = structlog.stdlib.get_logger("backstory.test")
"""


def _logged(code: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + code], capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_line_has_its_event_its_fields_and_the_correlation_id() -> None:
    code = 'with correlated("r1"): log.info("article_accepted", article_id="a1")'

    (line,) = _logged(code)

    assert line["event"] == "article_accepted"
    assert line["article_id"] == "a1"
    assert line["correlation_id"] == "r1"


def test_a_librarys_line_has_the_same_form() -> None:
    (line,) = _logged('logging.getLogger("uvicorn.error").warning("Invalid %s", "request")')

    assert line["event"] == "Invalid request"
    assert line["logger"] == "uvicorn.error"
    assert line["level"] == "warning"


def test_what_a_library_says_of_every_message_is_left_out() -> None:
    code = """
for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat"):
    logging.getLogger(name).info("Task received")
    logging.getLogger(name).warning("Task lost")
"""

    assert [line["event"] for line in _logged(code)] == ["Task lost"] * 3


def test_a_library_that_chooses_its_own_level_holds_to_ours_too() -> None:
    code = """
log = logging.getLogger("bm25s")
log.setLevel(logging.DEBUG)
log.debug("Building the index")
log.warning("The index is empty")
"""

    assert [line["event"] for line in _logged(code)] == ["The index is empty"]


def test_an_error_is_logged_by_class_and_place_but_without_its_message() -> None:
    code = 'try: raise ValueError("canary")\nexcept ValueError: log.exception("failed")'

    (line,) = _logged(code)

    assert line["error"] == "ValueError"
    assert line["where"]
    assert "canary" not in json.dumps(line)


def test_a_librarys_error_is_logged_without_its_message_too() -> None:
    code = 'try: 1 / 0\nexcept Exception as e: logging.getLogger("x").error("no", exc_info=e)'

    (line,) = _logged(code)

    assert line["error"] == "ZeroDivisionError"
    assert "division by zero" not in json.dumps(line)


def test_what_is_below_the_level_is_not_written() -> None:
    assert _logged('log.debug("detail")') == []
