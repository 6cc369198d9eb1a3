"""What relating one more article costs as the archive grows: `python -m benchmarks.relating`.

The stages index and relate are run over a real ledger and index, one batch after the other, in
this process; the cost is processor time, so that a busy machine does not matter.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from backstory_shared.adapters.ledger import SqlLedger, open_sqlite_ledger
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.articles import Article, Draft, content_hash
from backstory_shared.ports import ModelChoice, Submission
from backstory_shared.relating.finding import FindNeighbours
from backstory_shared.relating.relevance import learnt_with
from backstory_shared.stages import Lane, Stage
from backstory_shared.text.copies import copy_print
from backstory_summarize.index import IndexStage
from backstory_summarize.relate import RelateStage
from benchmarks.corpus import articles as invented
from benchmarks.measures import Measure, as_they_come
from benchmarks.words import command

P = ParamSpec("P")
T = TypeVar("T")

BATCH = 64
SIZES = (2_000, 10_000, 30_000)
#: The cost is that of so many articles, the last before the archive is as large as that.
MEASURED = 1_000


def main() -> None:
    parsed = command(__doc__)
    parsed.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="of the archive")
    as_they_come(costs(parsed.parse_args().sizes), print)


class AtOnce:
    """Compute, in the caller's own thread."""

    def submit(
        self, _seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        done: Future[T] = Future()
        done.set_result(function(*args, **kwargs))
        return done


@dataclass(frozen=True)
class Line:
    """A ledger and an index, and the two stages over them."""

    ledger: SqlLedger
    index: IndexStage
    relate: RelateStage

    def take(self, made: Sequence[dict[str, Any]]) -> float:
        """Accept and index these; how many seconds it took to relate them."""
        self.ledger.accepting.accept([_submission(one) for one in made])
        self._work(Stage.INDEX)
        began = time.process_time()
        self._work(Stage.RELATE)
        return time.process_time() - began

    def _work(self, stage: Stage) -> None:
        does = {Stage.INDEX: self.index, Stage.RELATE: self.relate}[stage]
        while batch := self.ledger.working.claim(stage, Lane.BACKFILL, BATCH):
            self.ledger.working.finish(batch, does.do(batch).results)


def costs(sizes: Sequence[int]) -> Iterator[Measure]:
    with _line() as line:
        made, count = invented(max(sizes)), 0
        for size in sorted(sizes):
            while count < size - MEASURED:
                count += len(some := list(islice(made, min(BATCH, size - MEASURED - count))))
                line.take(some)
            seconds = 0.0
            while count < size:
                count += len(some := list(islice(made, min(BATCH, size - count))))
                seconds += line.take(some)
            yield Measure(
                name=f"related at {size:,}", value=1000 * seconds / MEASURED, unit="CPU ms each"
            )


@contextmanager
def _line() -> Iterator[Line]:
    embedder = StaticEmbedder.open(BUNDLED)
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_sqlite_ledger(Path(folder) / "ledger.sqlite")) as ledger,
        closing(EdgeIndex.open(Path(folder) / "index", embedder.model)) as index,
    ):
        find = FindNeighbours(index, ledger.profiles, learnt_with(BUNDLED, embedder))
        yield Line(
            ledger,
            IndexStage(ledger.reading, index, AtOnce(), ModelChoice(embedder.model.id)),
            RelateStage(ledger.reading, ledger.profiles, find, AtOnce()),
        )


def _submission(said: dict[str, Any]) -> Submission:
    article = Article(
        id=said["id"],
        title=said["title"],
        text=said["text"],
        language=said.get("language", "en"),
        section=said.get("section"),
        published_at=datetime.fromisoformat(said["published_at"]),
    )
    printed = copy_print(article.text, ())
    draft = Draft(
        article=article,
        content_hash=content_hash(article),
        copy_hash=printed.hash,
        copy_keys=printed.keys,
        copy_sketch=printed.sketch,
    )
    return Submission(draft=draft, lane=Lane.BACKFILL, correlation_id="benchmark")


if __name__ == "__main__":
    main()
