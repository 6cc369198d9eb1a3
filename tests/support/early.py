"""An ingest that breaks its first promise, to see that a check would notice."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from backstory_shared.adapters.ledger.accepting import SqlAcceptLedger
from backstory_shared.articles import Outcome
from backstory_shared.ports import Accepted, Submission
from backstory_shared.stages import ArticleStatus

_LATE_SECONDS = 0.5


@dataclass(frozen=True)
class AnswersEarly(SqlAcceptLedger):
    """Says that articles are kept, and keeps them half a second later."""

    def accept(self, submissions: Sequence[Submission]) -> list[Accepted]:
        threading.Timer(_LATE_SECONDS, super().accept, (submissions,)).start()
        return [
            Accepted(
                id=submission.draft.article.id,
                revision=1,
                outcome=Outcome.CREATED,
                status=ArticleStatus.ACCEPTED,
            )
            for submission in submissions
        ]
