"""Bulk: articles as NDJSON in, one result per line out, both at once and in constant memory."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backstory_ingest.accept import AcceptArticles, told
from backstory_ingest.lines import Line
from backstory_ingest.schemas import ArticleIn, http_status, parse_article
from backstory_shared.errors import BackstoryError, BodyTooLarge
from backstory_shared.ports import Accepted
from backstory_shared.web import problem_of

MAX_LINE_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class AcceptLines:
    """A few lines at a time; one bad line spoils no other."""

    accept: AcceptArticles

    def __call__(self, lines: Sequence[Line]) -> bytes:
        """The results of these lines, as lines. Whatever says 202 or 200 is on disk."""
        parsed = [self._parsed(line) for line in lines]
        good = [article for article in parsed if isinstance(article, ArticleIn)]
        kept = iter(self.accept.many(good))
        results = [next(kept) if isinstance(one, ArticleIn) else one for one in parsed]
        return b"".join(
            result_line(line.number, result) for line, result in zip(lines, results, strict=True)
        )

    def _parsed(self, line: Line) -> ArticleIn | BackstoryError:
        self.accept.make_way()
        if line.data is None:
            return BodyTooLarge(f"A line has at most {MAX_LINE_BYTES} bytes.")
        try:
            return parse_article(line.data)
        except BackstoryError as error:
            return error


def result_line(number: int, result: Accepted | Exception) -> bytes:
    members = _kept(result) if isinstance(result, Accepted) else _refused(told(result))
    return json.dumps({"line": number, **members}).encode() + b"\n"


def _kept(accepted: Accepted) -> dict[str, Any]:
    return {
        "status": http_status(accepted),
        "id": accepted.id,
        "revision": accepted.revision,
        "outcome": accepted.outcome,
    }


def _refused(error: BackstoryError) -> dict[str, Any]:
    problem = problem_of(error)
    return {"status": problem.status, "problem": problem.body()}
