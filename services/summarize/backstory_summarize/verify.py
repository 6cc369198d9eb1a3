"""VerifyIndex: compare the index with the ledger, and put right what differs."""

from collections.abc import Iterator
from dataclasses import dataclass

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
    """The ledger is right; the index follows. Safe while articles come in."""

    reconciler: Reconciler
    articles: ArticleReader
    index: Index
    queue: Queue

    def __call__(self) -> Verification:
        # The index is read first: what is indexed after that can only look missing, and indexing
        # an article once more does no harm; read the other way round it could be removed.
        there = dict(self.index.revisions())
        expected = dict(self._expected())
        missing = [id_ for id_, revision in expected.items() if there.get(id_) != revision]
        for start in range(0, len(missing), _PAGE):
            self.reconciler.requeue(missing[start : start + _PAGE], Stage.INDEX)
        stray = self._stray({id_: there[id_] for id_ in there.keys() - expected.keys()})
        self.index.remove(stray)
        if missing:
            self.queue.ring(Stage.INDEX, Lane.BACKFILL)
        return Verification(checked=len(expected), requeued=len(missing), removed=len(stray))

    def _expected(self) -> Iterator[tuple[str, int]]:
        after = None
        while page := self.reconciler.indexed(after=after, limit=_PAGE):
            yield from page
            after = page[-1][0]

    def _stray(self, unexpected: dict[str, int]) -> dict[str, int]:
        """Those that are no live article; a live one is only waiting for its stage."""
        ids = sorted(unexpected)
        live: dict[str, int] = {}
        for start in range(0, len(ids), _PAGE):
            live |= self.articles.revisions(ids[start : start + _PAGE])
        return {id_: unexpected[id_] for id_ in ids if id_ not in live}


@dataclass(frozen=True)
class ReindexAll:
    """Put every article's index stage back to pending; search stays up meanwhile."""

    reconciler: Reconciler
    queue: Queue

    def __call__(self) -> int:
        requeued = self.reconciler.requeue_all(Stage.INDEX)
        self.queue.ring(Stage.INDEX, Lane.BACKFILL)
        return requeued
