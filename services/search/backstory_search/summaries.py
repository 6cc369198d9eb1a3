"""ReadSummary: what there is of a summary, whatever state it is in."""

from dataclasses import dataclass

from backstory_shared.ports import ArticleReader, SummaryAct, SummaryDesk
from backstory_shared.summaries import Wanted
from backstory_shared.summary_view import SummaryView, view


@dataclass(frozen=True, slots=True)
class ReadSummary:
    articles: ArticleReader

    def __call__(self, article_id: str, wanted: Wanted) -> SummaryView:
        """Raises NotFound, Gone."""
        return view(self.articles.entry(article_id), wanted)


@dataclass(frozen=True, slots=True)
class ReadSummaryHistory:
    desk: SummaryDesk

    def __call__(self, article_id: str) -> list[SummaryAct]:
        """The newest first. Raises NotFound, Gone."""
        return self.desk.history(article_id)
