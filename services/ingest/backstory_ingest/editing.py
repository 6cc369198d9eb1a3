"""What people do about summaries: write one, approve it, have it made again, or try one out."""

from concurrent.futures import Future
from dataclasses import dataclass

from backstory_ingest.drafting import Languages
from backstory_ingest.schemas import TextIn
from backstory_ingest.summarizing import Summarized, summarize
from backstory_shared.correlation import correlation_id
from backstory_shared.editing import Edit
from backstory_shared.errors import InvalidSummary, OutOfTime, Overloaded, WorkerDied
from backstory_shared.ports import Compute, Queue, SummaryDesk
from backstory_shared.stages import Lane, Stage
from backstory_shared.summaries import Length
from backstory_shared.summary_view import SummaryView, view

SECONDS = 10.0


@dataclass(frozen=True)
class EditSummary:
    """Keeps an editor's decision; the same one twice is one."""

    desk: SummaryDesk

    def __call__(self, article_id: str, edit: Edit) -> SummaryView:
        """Raises NotFound, Gone, EditConflict, NotReady, BadInput."""
        return view(self.desk.decide(article_id, edit, correlation_id()), Length.MEDIUM)


@dataclass(frozen=True)
class SummarizeAgain:
    """Has a summary made again; an editor's text stays what it is."""

    desk: SummaryDesk
    queue: Queue

    def __call__(self, article_id: str) -> SummaryView:
        """Raises NotFound, Gone."""
        entry = self.desk.again(article_id, correlation_id())
        self.queue.ring(Stage.SUMMARIZE, Lane.LIVE, [article_id])
        return view(entry, Length.MEDIUM)


@dataclass(frozen=True)
class SummarizeText:
    """A summary of a text that is not kept; a worker process makes it."""

    compute: Compute
    languages: Languages

    def __call__(self, asked: TextIn) -> Summarized:
        """Raises InvalidSummary where it takes too long, Overloaded where nobody could do it."""
        language = asked.language or self.languages.detect(asked.text)
        return _made(
            self.compute.submit(
                SECONDS, summarize, asked.title or "", asked.text, language, asked.wanted
            )
        )


def _made(making: Future[Summarized]) -> Summarized:
    try:
        return making.result()
    except OutOfTime:
        raise InvalidSummary("The text took too long to summarize.") from None
    except WorkerDied:
        raise Overloaded("The text could not be summarized now; try again.") from None
