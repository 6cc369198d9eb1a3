"""The index stage: make the index agree with the ledger, for a batch of articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backstory_shared.articles import Revision
from backstory_shared.errors import EntriesRefused
from backstory_shared.ports import ArticleReader, Batch, Compute, Index, IndexEntry, ModelChoice
from backstory_shared.stages import Reason
from backstory_summarize import compute
from backstory_summarize.compute import Story, Vectors
from backstory_summarize.work import SECONDS, Work, portions, still_wanted


@dataclass(frozen=True)
class IndexStage:
    """Implements StageWork. Twice is safe: every write names the revision it speaks for.

    A deleted article has nothing to embed: its point is removed, and that is its result.
    """

    articles: ArticleReader
    index: Index
    compute: Compute
    model: ModelChoice

    def do(self, batch: Batch) -> Work:
        entries = self.articles.entries([work.article_id for work in batch.items])
        revisions = still_wanted(batch, entries)
        gone = {w.article_id: w.revision for w in batch.items if w.article_id not in entries}
        vectors, failures = self._embed(revisions)
        embedded = [revision for revision in revisions if revision.article.id in vectors]
        failures |= self._write(embedded, vectors)
        self.index.remove(gone)
        done = [id_ for id_ in (*vectors, *gone) if id_ not in failures]
        return Work(results=dict.fromkeys(done), failures=failures)

    def _embed(self, revisions: Sequence[Revision]) -> tuple[dict[str, Vectors], dict[str, Reason]]:
        made: dict[str, Vectors | Reason] = {}
        for portion in portions([Story.of(revision) for revision in revisions]):
            made.update(self.compute.submit(SECONDS, compute.embed, self.model, portion).result())
        vectors = {id_: value for id_, value in made.items() if isinstance(value, Vectors)}
        failures = {id_: value for id_, value in made.items() if isinstance(value, Reason)}
        return vectors, failures

    def _write(
        self, revisions: Sequence[Revision], vectors: Mapping[str, Vectors]
    ) -> dict[str, Reason]:
        """Look, write, and look again: what was deleted or changed meanwhile must not stay.

        The first look is for whoever was stopped past his lease, long after others have removed
        what he is about to write: he may be killed before the second.
        """
        refused: dict[str, Reason] = {}
        old = self._outdated(revisions)
        wanted = [each for each in revisions if each.article.id not in old]
        try:
            self.index.write([_entry(each, vectors[each.article.id]) for each in wanted])
        except EntriesRefused as error:
            refused = dict.fromkeys(error.ids, Reason(type=error.type, detail=error.detail))
        self.index.remove(self._outdated(wanted))
        return refused

    def _outdated(self, revisions: Sequence[Revision]) -> dict[str, int]:
        """Those that are not what the ledger has now."""
        current = self.articles.revisions([each.article.id for each in revisions])
        return {
            each.article.id: each.revision
            for each in revisions
            if current.get(each.article.id) != each.revision
        }


def _entry(revision: Revision, vectors: Vectors) -> IndexEntry:
    article = revision.article
    return IndexEntry(
        id=article.id,
        revision=revision.revision,
        dense=vectors.dense,
        spans=vectors.spans,
        coverage=vectors.coverage,
        lexical=vectors.lexical,
        sort_at=revision.sort_at,
        copy_hash=revision.copy_hash,
        section=article.section,
        tags=article.tags,
        authors=article.authors,
        source=article.source,
        language=article.language,
    )
