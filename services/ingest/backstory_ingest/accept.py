"""AcceptArticles: from what a publisher sent to a fact in the ledger."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import structlog

from backstory_ingest.drafting import Drafting
from backstory_ingest.group_commit import GroupCommit
from backstory_ingest.schemas import ArticleIn
from backstory_shared.articles import Draft, Outcome
from backstory_shared.correlation import correlation_id
from backstory_shared.errors import BackstoryError, Unavailable
from backstory_shared.logging import described
from backstory_shared.ports import Accepted, AcceptLedger, Queue, Submission
from backstory_shared.readers import MakeWay, go_on
from backstory_shared.stages import FIRST_STAGES, Lane

_CHANGING = (Outcome.CREATED, Outcome.UPDATED)

_log = structlog.stdlib.get_logger("backstory.ingest")


@dataclass(frozen=True)
class KeepArticles:
    """Commit first, then ring: a lost ring delays, a ring without a fact would lie."""

    ledger: AcceptLedger
    queue: Queue

    def __call__(self, submissions: Sequence[Submission]) -> list[Accepted | Exception]:
        """One result or one exception per submission; one that cannot be kept spoils no other."""
        kept = self._keep(submissions)
        changed: dict[Lane, list[str]] = {}
        for submission, result in zip(submissions, kept, strict=True):
            if isinstance(result, Accepted) and result.outcome in _CHANGING:
                changed.setdefault(submission.lane, []).append(result.id)
        for lane, ids in sorted(changed.items()):
            for stage in FIRST_STAGES:
                self.queue.ring(stage, lane, ids)
        return kept

    def _keep(self, submissions: Sequence[Submission]) -> list[Accepted | Exception]:
        try:
            return list(self.ledger.accept(submissions))
        except Unavailable as error:
            return [error] * len(submissions)
        except Exception as error:  # noqa: BLE001 - find out whose fault it is
            if len(submissions) == 1:
                return [error]
            _log.warning("batch_refused", articles=len(submissions), **described(error))
            return [result for one in submissions for result in self._keep([one])]


@dataclass(frozen=True)
class AcceptArticles:
    """Both ways in: one article that somebody waits for, or many that nobody does.

    The many make way for readers, one by one. Sending the same article again is harmless: the
    ledger decides by its content.
    """

    drafting: Drafting
    keep: KeepArticles
    commits: GroupCommit[Submission, Accepted]
    make_way: MakeWay = go_on

    def one(self, article: ArticleIn) -> Future[Accepted]:
        """A live article; the future is done once it is on disk. Raises BadInput, Overloaded."""
        return self.commits.submit(_submission(self.drafting.draft(article), Lane.LIVE))

    def many(self, articles: Sequence[ArticleIn]) -> list[Accepted | Exception]:
        """Backfilled articles, kept in one transaction; a result or an exception each."""
        drafts = []
        for draft in self.drafting.drafts(articles):
            drafts.append(draft)
            self.make_way()
        good = [draft for draft in drafts if isinstance(draft, Draft)]
        kept = iter(self.keep([_submission(draft, Lane.BACKFILL) for draft in good]))
        return [next(kept) if isinstance(draft, Draft) else draft for draft in drafts]


def _submission(draft: Draft, lane: Lane) -> Submission:
    return Submission(draft=draft, lane=lane, correlation_id=correlation_id())


def told(error: Exception) -> BackstoryError:
    """The error as the publisher may hear it; the unforeseen is logged and stays with us."""
    if isinstance(error, BackstoryError):
        return error
    _log.error("accept_failed", **described(error))
    return BackstoryError("Something went wrong on our side; the log knows more.")
