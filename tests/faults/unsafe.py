"""The program with one safeguard taken out, to see that the campaign's check would notice."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from backstory_shared.adapters.ledger import SqlLedger, open_sqlite_ledger
from backstory_shared.adapters.ledger.working import SqlWorkLedger
from backstory_standalone.server import serve_forever
from support.early import AnswersEarly


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
