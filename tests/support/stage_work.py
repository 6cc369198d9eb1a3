"""Small stand-ins for what the stages work with: an index, and computing that meets trouble."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from backstory_shared.ports import Batch, IndexEntry
from backstory_shared.stages import Reason
from backstory_summarize.work import Work
from support.ingest import AtOnce
from support.ledgers import results_of

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class MemoryIndex:
    """An index that keeps of each article only which revision is there."""

    points: dict[str, int] = field(default_factory=dict)

    def write(self, entries: Sequence[IndexEntry]) -> None:
        for entry in entries:
            self.points[entry.id] = max(entry.revision, self.points.get(entry.id, 0))

    def remove(self, revisions: Mapping[str, int]) -> None:
        for article_id, revision in revisions.items():
            if self.points.get(article_id, revision + 1) <= revision:
                del self.points[article_id]

    def flush(self) -> None:
        """Nothing is ever behind."""

    def revisions(self) -> Iterator[tuple[str, int]]:
        yield from list(self.points.items())

    def revisions_of(self, article_ids: Sequence[str]) -> dict[str, int]:
        return {id_: self.points[id_] for id_ in article_ids if id_ in self.points}


@dataclass
class Meanwhile:
    """Computes, and something else happens while it does."""

    happens: Callable[[], object]

    def submit(
        self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        self.happens()
        return AtOnce().submit(seconds, function, *args, **kwargs)


@dataclass
class Trouble:
    """A stage that raises whenever one article is in the batch; `batches` are what it was given."""

    article_id: str
    error: Exception
    batches: list[set[str]] = field(default_factory=list)

    def do(self, batch: Batch) -> Work:
        ids = {work.article_id for work in batch.items}
        self.batches.append(ids)
        if self.article_id in ids:
            raise self.error
        return Work(results=results_of(batch))


@dataclass
class Poison:
    """A stage that can do every article but one, and says so."""

    article_id: str
    reason: Reason

    def do(self, batch: Batch) -> Work:
        results = results_of(batch)
        results.pop(self.article_id, None)
        return Work(results=results, failures={self.article_id: self.reason})


@dataclass
class Interrupted:
    """A stage during which something else happens."""

    happens: Callable[[], object]

    def do(self, batch: Batch) -> Work:
        self.happens()
        return Work(results=results_of(batch))
