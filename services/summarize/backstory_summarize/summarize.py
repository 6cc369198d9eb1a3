"""The summarize stage: read the revisions, summarize them in a worker process."""

from dataclasses import dataclass

from backstory_shared.ports import ArticleReader, Batch, Compute
from backstory_shared.stages import Reason
from backstory_shared.summaries import Summary
from backstory_summarize import compute
from backstory_summarize.compute import Story
from backstory_summarize.work import SECONDS, Work, portions, still_wanted


@dataclass(frozen=True)
class SummarizeStage:
    """Implements StageWork. Twice is safe: the same revision gives the same summary."""

    articles: ArticleReader
    compute: Compute

    def do(self, batch: Batch) -> Work:
        made = {}
        for portion in portions(self._stories(batch)):
            made.update(self.compute.submit(SECONDS, compute.summarize, portion).result())
        return Work(
            results={id_: value for id_, value in made.items() if isinstance(value, Summary)},
            failures={id_: value for id_, value in made.items() if isinstance(value, Reason)},
        )

    def _stories(self, batch: Batch) -> list[Story]:
        entries = self.articles.entries([work.article_id for work in batch.items])
        return [Story.of(revision) for revision in still_wanted(batch, entries)]
