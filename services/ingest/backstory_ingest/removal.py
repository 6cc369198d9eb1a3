"""DeleteArticle: an article leaves the archive and does not come back by itself."""

from dataclasses import dataclass

from backstory_shared.articles import Tombstone
from backstory_shared.correlation import correlation_id
from backstory_shared.ports import AcceptLedger, Queue
from backstory_shared.stages import Lane, Stage


@dataclass(frozen=True)
class DeleteArticle:
    """Leaves a tombstone, then has the index emptied; doing it twice is doing it once."""

    ledger: AcceptLedger
    queue: Queue

    def __call__(self, article_id: str) -> Tombstone:
        """Raises NotFound."""
        tombstone = self.ledger.delete(article_id, correlation_id())
        self.queue.ring(Stage.INDEX, Lane.LIVE, [article_id])
        return tombstone
