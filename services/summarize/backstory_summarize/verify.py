"""VerifyIndex: compare the index with the ledger, and put right what differs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from backstory_shared.ports import ArticleReader, Index, Queue, Reconciler
from backstory_shared.stages import Lane, Stage

_PAGE = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Verification:
    """`checked` articles should be in the index; `requeued` were not, or in another revision;
    `removed` were in the index though the ledger knows no such live article."""

    checked: int
    requeued: int
    removed: int


@dataclass(frozen=True)
class VerifyIndex:
    """The ledger is right; the index follows. Safe while articles come in.

    Both are read once, a page at a time: it takes as long as there are articles, and no more
    memory for a million than for a thousand.
    """

    reconciler: Reconciler
    articles: ArticleReader
    index: Index
    queue: Queue

    def __call__(self) -> Verification:
        checked, requeued = self._requeue_the_missing()
        return Verification(checked=checked, requeued=requeued, removed=self._remove_the_strays())

    def _requeue_the_missing(self) -> tuple[int, int]:
        """What is indexed anew between the two looks can only seem to be missing, and indexing an
        article once more does no harm."""
        checked = requeued = 0
        for page in self._expected():
            there = self.index.revisions_of(list(page))
            missing = [id_ for id_, revision in page.items() if there.get(id_) != revision]
            if missing:
                self.reconciler.requeue(missing, Stage.INDEX)
                self.queue.ring(Stage.INDEX, Lane.BACKFILL)
            checked, requeued = checked + len(page), requeued + len(missing)
        return checked, requeued

    def _remove_the_strays(self) -> int:
        """Those that are no live article; a live one is only waiting for its stage.

        The index is read first: what is in it was in the ledger before. Should it come back after
        that, it comes in a newer revision, which is not removed.
        """
        removed = 0
        for page in pages(self.index.revisions(), _PAGE):
            live = self.articles.revisions(list(page))
            stray = {id_: revision for id_, revision in page.items() if id_ not in live}
            if stray:
                self.index.remove(stray)
            removed += len(stray)
        return removed

    def _expected(self) -> Iterator[dict[str, int]]:
        after = None
        while page := self.reconciler.indexed(after=after, limit=_PAGE):
            yield dict(page)
            after = page[-1][0]


def pages(revisions: Iterator[tuple[str, int]], size: int) -> Iterator[dict[str, int]]:
    while page := dict(islice(revisions, size)):
        yield page


@dataclass(frozen=True)
class ReindexAll:
    """Put every article's index stage back to pending; search stays up meanwhile."""

    reconciler: Reconciler
    queue: Queue

    def __call__(self) -> int:
        requeued = self.reconciler.requeue_all(Stage.INDEX)
        self.queue.ring(Stage.INDEX, Lane.BACKFILL)
        return requeued
