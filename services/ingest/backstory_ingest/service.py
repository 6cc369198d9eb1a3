"""The ingest service, over whatever ledger, queue and compute a root has chosen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from backstory_ingest.accept import AcceptArticles, KeepArticles
from backstory_ingest.api import Ingest
from backstory_ingest.drafting import Drafting
from backstory_ingest.editing import EditSummary, SummarizeAgain, SummarizeText
from backstory_ingest.events import FollowEvents
from backstory_ingest.group_commit import GroupCommit
from backstory_ingest.removal import DeleteArticle
from backstory_ingest.retries import RetryArticles
from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.ports import Compute, Queue
from backstory_shared.readers import MakeWay, go_on
from backstory_shared.text.languages import LanguageDetector


@contextmanager
def ingesting(
    ledger: SqlLedger,
    queue: Queue,
    compute: Compute,
    stopping: Callable[[], bool],
    make_way: MakeWay = go_on,
) -> Iterator[Ingest]:
    """Accepts until the block ends; what was taken by then is committed first."""
    keep, languages = KeepArticles(ledger.accepting, queue), LanguageDetector()
    with GroupCommit(keep) as commits:
        yield Ingest(
            accept=AcceptArticles(Drafting(compute, languages), keep, commits, make_way),
            delete=DeleteArticle(ledger.accepting, queue),
            retry=RetryArticles(ledger.status, queue),
            status=ledger.status,
            events=FollowEvents(ledger.events, stopping),
            edit_summary=EditSummary(ledger.desk),
            summarize_again=SummarizeAgain(ledger.desk, queue),
            summarize_text=SummarizeText(compute, languages),
        )
