"""The program as it is, but that nothing is related: `python -m benchmarks.unrelated`.

What it does in a time is what relating is held against.
"""

from dataclasses import replace
from pathlib import Path

from backstory_shared.adapters.ledger import SqlLedger, open_sqlite_ledger
from backstory_shared.adapters.ledger.working import SqlWorkLedger
from backstory_shared.stages import Lane, Stage
from backstory_standalone.server import serve_forever


class Unrelated(SqlWorkLedger):
    """Implements WorkSource: nothing that waits to be related is seen."""

    def waiting(self) -> set[tuple[Stage, Lane]]:
        return {(stage, lane) for stage, lane in super().waiting() if stage is not Stage.RELATE}


def open_unrelated(file: Path) -> SqlLedger:
    ledger = open_sqlite_ledger(file)
    return replace(ledger, working=Unrelated(ledger.database))


if __name__ == "__main__":
    serve_forever(sample=False, open_ledger=open_unrelated)
