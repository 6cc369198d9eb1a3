"""RetryArticles: another try for what has failed."""

from dataclasses import dataclass

from backstory_shared.ports import Queue, StatusLedger
from backstory_shared.stages import Lane, Stage


@dataclass(frozen=True)
class RetryArticles:
    """Puts failed stages back to pending; what has not failed is left alone."""

    ledger: StatusLedger
    queue: Queue

    def one(self, article_id: str) -> int:
        """How many stages are tried again. Raises NotFound, Gone."""
        return self._rung(self.ledger.retry(article_id))

    def all(self) -> int:
        """How many articles are tried again."""
        return self._rung(self.ledger.retry_failures())

    def _rung(self, retried: int) -> int:
        if retried:
            for stage in Stage:
                for lane in Lane:
                    self.queue.ring(stage, lane)
        return retried
