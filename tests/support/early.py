"""An ingest that breaks its first promise, to see that a check would notice."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from backstory_shared.adapters.ledger.accepting import SqlAcceptLedger
from backstory_shared.articles import Outcome
from backstory_shared.ports import Accepted, Submission
from backstory_shared.stages import ArticleStatus


@dataclass(frozen=True)
class AnswersEarly(SqlAcceptLedger):
    """Says that articles are kept, and keeps them when the next ones come."""

    _late: list[Submission] = field(default_factory=list)

    def accept(self, submissions: Sequence[Submission]) -> list[Accepted]:
        if self._late:
            super().accept(self._late)
        self._late[:] = submissions
        return [
            Accepted(
                id=submission.draft.article.id,
                revision=1,
                outcome=Outcome.CREATED,
                status=ArticleStatus.ACCEPTED,
            )
            for submission in submissions
        ]
