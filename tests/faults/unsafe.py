"""The program with one safeguard taken out, to see that the campaign's check would notice."""

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backstory_shared.adapters.ledger import SqlLedger, open_sqlite_ledger
from backstory_shared.adapters.ledger.accepting import SqlAcceptLedger
from backstory_shared.adapters.ledger.working import SqlWorkLedger
from backstory_shared.articles import Outcome
from backstory_shared.ports import Accepted, Submission
from backstory_shared.stages import ArticleStatus
from backstory_standalone.server import serve_forever

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


@dataclass(frozen=True)
class KeepsClaims(SqlWorkLedger):
    """Never takes a claim back from the dead."""

    def void_claims(self) -> int:
        return 0

    def sweep(self) -> int:
        return 0


def answers_early(file: Path) -> SqlLedger:
    ledger = open_sqlite_ledger(file)
    return replace(ledger, accepting=AnswersEarly(ledger.database))


def keeps_claims(file: Path) -> SqlLedger:
    ledger = open_sqlite_ledger(file)
    return replace(ledger, working=KeepsClaims(ledger.database))


if __name__ == "__main__":
    safeguards = {"answers-early": answers_early, "keeps-claims": keeps_claims}
    serve_forever(sample=False, open_ledger=safeguards[sys.argv[1]])
