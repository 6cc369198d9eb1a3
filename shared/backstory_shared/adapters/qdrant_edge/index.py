"""EdgeIndex: the Index and SearchIndex ports over one Edge shard."""

import shutil
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import qdrant_edge as edge

from backstory_shared.adapters.passages import nearest_span
from backstory_shared.adapters.payload import OF_VECTORS, embedded, payload
from backstory_shared.adapters.qdrant_edge import requests
from backstory_shared.adapters.qdrant_edge.catalogue import Catalogue, Written
from backstory_shared.adapters.qdrant_edge.folder import (
    RESERVE,
    expect_room,
    forget_files,
    keep_unoptimized,
    open_shard,
    opened_files,
    read_files,
    read_unoptimized,
    searched_files,
    serving_shard,
    storage_errors,
    sync_files,
)
from backstory_shared.adapters.qdrant_edge.optimizing import Copy
from backstory_shared.adapters.qdrant_edge.points import (
    dense_of,
    numbers_of,
    payload_of,
    point,
    vectors_of,
    written,
)
from backstory_shared.adapters.qdrant_edge.snapshot import Snapshot
from backstory_shared.articles import Span
from backstory_shared.errors import NotReady, Overloaded
from backstory_shared.ports import (
    Candidates,
    Compute,
    Counts,
    Embedded,
    Facet,
    IndexEntry,
    MatchSet,
    ModelCard,
    Question,
    Scores,
    Terms,
    Vector,
)
from backstory_shared.readers import MakeWay, go_on

T = TypeVar("T")

#: Some 4 ms in the engine, for which a reader waits at most.
MAX_BATCH = 16
#: With fewer articles than that, to compare every vector takes no longer than to follow a graph far
#: enough, finds all, and saves making the graph: most of the time that optimizing takes.
GRAPH_FROM = 250_000
_PAGE = 200
#: So many of the latest questions are asked of a shard before it serves: the first ones after it is
#: opened take five times as long as the others, while its pages come in.
_REMEMBERED = 16
#: After a step for which readers waited they have so many times as long to be answered, and so many
#: seconds at most: enough as long as they leave a sixth of the time free.
_CATCH_UP, _AT_MOST = 5, 0.25


class EdgeIndex:
    """One point per article, in the one process that holds the folder; its threads may share it.

    Writes are conditional on the revision, in the engine, so that a late write of old work changes
    nothing. The engine's calls hold the GIL for as long as they take: hence the short batches, and
    no lock around reading. A flush takes a fifth of a second, even with nothing to flush.
    """

    def __init__(
        self,
        shard: edge.EdgeShard,
        folder: Path,
        model: ModelCard,
        graph_from: int,
        reserve: int,
        make_way: MakeWay,
    ) -> None:
        self._shard = shard
        self._folder = folder
        self._model = model
        self._graph_from = graph_from
        self._reserve = reserve
        self._make_way = make_way
        self._snapshot = Snapshot(folder / "catalogue.npz")
        self._writing = Lock()
        self._flushed = True
        self._in_step = True
        self._closed = False
        self._copy: Copy | None = None
        self._asked: deque[Question] = deque(maxlen=_REMEMBERED)
        self._unoptimized = read_unoptimized(folder, shard.info().points_count)
        self._catalogue = self._known_catalogue() or self._read_catalogue()

    @classmethod
    def open(
        cls,
        folder: Path,
        model: ModelCard,
        *,
        graph_from: int = GRAPH_FROM,
        reserve: int = RESERVE,
        make_way: MakeWay = go_on,
    ) -> "EdgeIndex":
        """The index in `folder`, made if it is not there. Raises ModelMismatch, FolderLocked.

        It is not written to while the disk has less than `reserve` bytes left.
        """
        shard = open_shard(folder, model, reserve)
        return cls(shard, folder, model, graph_from, reserve, make_way)

    def close(self) -> None:
        """Flush, and leave a snapshot of the catalogue for the next to open it."""
        self.flush()
        with self._writing, storage_errors():
            self._closed = True
            self._shard.close()
            if self._in_step:
                self._snapshot.write(self._catalogue.arrays())

    def _known_catalogue(self) -> Catalogue | None:
        kept = self._snapshot.read()
        if kept is None:
            return None
        catalogue = Catalogue.restored(kept)
        return catalogue if catalogue.points == self._shard.info().points_count else None

    def _read_catalogue(self) -> Catalogue:
        catalogue = Catalogue()
        for records in self._pages(with_payload=True, with_vector=["lexical"]):
            catalogue.keep(map(written, records))
        return catalogue

    # --- writing ----------------------------------------------------------------------------------

    def write(self, entries: Sequence[IndexEntry]) -> None:
        newest = {entry.id: entry for entry in sorted(entries, key=attrgetter("revision"))}
        by_revision = sorted(newest.values(), key=attrgetter("revision"))
        with self._changing():
            for revision, same in groupby(by_revision, key=attrgetter("revision")):
                for batch in _batches(same, MAX_BATCH):
                    self._make_way()
                    self._upsert(revision, batch)

    def remove(self, revisions: Mapping[str, int]) -> None:
        by_revision = sorted(revisions.items(), key=itemgetter(1))
        with self._changing():
            for revision, same in groupby(by_revision, key=itemgetter(1)):
                self._delete(revision, self._numbers(article_id for article_id, _ in same))

    def flush(self) -> None:
        with self._writing, storage_errors():
            self._flush()

    def _flush(self) -> None:
        if not self._flushed:
            self._shard.flush()
            keep_unoptimized(self._folder, self._unoptimized)
            self._flushed = True

    def unoptimized(self) -> int:
        return self._unoptimized

    def optimize(self, compute: Compute) -> None:
        with self._writing, storage_errors():
            if self._copy is not None:
                raise NotReady("The index is being optimized already.")
            self._flush()
            copy = self._copy = Copy.of(serving_shard(self._folder), self._unoptimized)
        replaced = copy.folder
        try:
            copy.optimize(compute, self._model, graph=self._is_large())
            replaced = self._replaced(copy)
        finally:
            with self._writing:
                self._copy = None
            shutil.rmtree(replaced, ignore_errors=True)

    def _replaced(self, copy: Copy) -> Path:
        """Serve from the copy; the folder of what served before.

        Readers wait while the engine loads the one and closes the other: each is done by itself,
        with nothing left for it to wait for, and in a moment when nobody asks if there is one.
        """
        read_files(opened_files(copy.folder))
        with self._holding_up():
            fresh = copy.opened()
        read_files(searched_files(copy.folder))
        self._warm(fresh)
        while len(copy.changed) > MAX_BATCH:
            self._make_way()
            with self._writing:
                copy.carry_over(self._shard, fresh)
        before, folder = self._shard, serving_shard(self._folder)
        self._let_serve(copy, fresh)
        sync_files(folder)
        forget_files(folder)
        self._make_way()
        del before  # and so it is closed, or as soon as whoever is asking it has been answered
        return folder

    def _warm(self, fresh: edge.EdgeShard) -> None:
        for question in tuple(self._asked):
            with self._holding_up():
                self._answers(fresh, question)

    @contextmanager
    def _holding_up(self) -> Iterator[None]:
        """Of a step for which readers wait: those who did are answered before the next begins, or
        they would wait for several."""
        self._make_way()
        began = time.monotonic()
        yield
        time.sleep(min(_CATCH_UP * (time.monotonic() - began), _AT_MOST))

    def _let_serve(self, copy: Copy, fresh: edge.EdgeShard) -> None:
        with self._writing, storage_errors():
            if self._closed:
                raise Overloaded("The program is about to stop.")
            while copy.changed:
                copy.carry_over(self._shard, fresh)
            self._unoptimized -= copy.unoptimized
            keep_unoptimized(self._folder, self._unoptimized)
            copy.take_over()
            self._shard, self._flushed = fresh, copy.flushed

    def revisions(self) -> Iterator[tuple[str, int]]:
        for records in self._pages(with_payload=["id", "revision"]):
            for found in map(payload_of, records):
                yield found["id"], found["revision"]

    def revisions_of(self, article_ids: Sequence[str]) -> dict[str, int]:
        known: list[Any] = self._numbers(article_ids)
        found: dict[str, int] = {}
        for some in _batches(known, _PAGE):  # each call holds up the readers while it lasts
            records = self._shard.retrieve(some, with_payload=["id", "revision"], with_vector=False)
            found |= {each["id"]: each["revision"] for each in map(payload_of, records)}
        return found

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """A change that fails may have been made in part: then the catalogue is not to be kept."""
        with self._writing, storage_errors():
            expect_room(self._folder, self._reserve)
            self._snapshot.discard()
            self._flushed, in_step, self._in_step = False, self._in_step, False
            yield
            self._in_step = in_step

    def _upsert(self, revision: int, entries: Sequence[IndexEntry]) -> None:
        """The condition is asked of points that are there; new ones are written anyway."""
        numbers = [self._catalogue.reserve(entry.id) for entry in entries]
        self._note(numbers)
        self._unoptimized += len(numbers)
        points = list(map(point, numbers, entries))
        not_newer = edge.Filter(must=[requests.not_newer(revision)])
        self._shard.update(edge.UpdateOperation.upsert_points(points, condition=not_newer))
        self._catalogue.keep(
            Written(number, payload(entry), entry.lexical.indices)
            for number, entry in zip(numbers, entries, strict=True)
        )

    def _delete(self, revision: int, numbers: Sequence[int]) -> None:
        self._note(numbers)
        old = edge.Filter(must=[requests.among(numbers), requests.not_newer(revision)])
        self._shard.update(edge.UpdateOperation.delete_points_by_filter(old))
        self._catalogue.drop(numbers, revision)

    def _note(self, numbers: Sequence[int]) -> None:
        """Before the change, so that one that fails halfway is carried over as it is."""
        if self._copy is not None:
            self._copy.changed.update(numbers)

    # --- reading ----------------------------------------------------------------------------------

    def candidates(self, question: Question) -> Candidates:
        found = self._answers(self._shard, question)
        self._asked.append(question)
        return found

    def _answers(self, shard: edge.EdgeShard, question: Question) -> Candidates:
        only = self._catalogue.meeting(question.demands) if question.demands else None
        passing = requests.passing(question.filters, self._numbers(question.excluded), only)
        asked = {
            "dense": requests.nearest(question, passing, exact=not self._is_large()),
            "lexical": requests.lexical(question.lexical, question.lexical_limit, passing),
        }
        batch = {name: request for name, request in asked.items() if request is not None}
        answers = shard.query_batch(edge.QueryBatchRequest(list(batch.values())))
        lists = dict(zip(batch, map(self._scored, answers), strict=True))
        return Candidates(**lists)

    def counts(self, matches: MatchSet, facets: Sequence[Facet]) -> Counts:
        return self._catalogue.counts(matches, facets)

    def by_date(self, matches: MatchSet, *, newest_first: bool, limit: int) -> list[str]:
        return self._catalogue.by_date(matches, newest_first=newest_first, limit=limit)

    def frequencies(self, terms: Sequence[int]) -> dict[int, int]:
        return self._catalogue.frequencies(terms)

    def sort_times(self, article_ids: Sequence[str]) -> dict[str, datetime]:
        return self._catalogue.sort_times(article_ids)

    def vectors(self, article_ids: Sequence[str]) -> dict[str, tuple[Vector, Terms]]:
        known: list[Any] = self._numbers(article_ids)
        records = self._shard.retrieve(known, with_payload=["id"], with_vector=True)
        return {payload_of(record)["id"]: vectors_of(record) for record in records}

    def nearest_passages(self, dense: Vector, article_ids: Sequence[str]) -> dict[str, Span]:
        known: list[Any] = self._numbers(article_ids)
        records = self._shard.retrieve(known, with_payload=["id", "spans"], with_vector=["dense"])
        return {
            payload_of(record)["id"]: nearest_span(dense, dense_of(record), spans)
            for record in records
            if (spans := payload_of(record).get("spans"))
        }

    def embedded(self, article_ids: Sequence[str]) -> dict[str, Embedded]:
        known: list[Any] = self._numbers(article_ids)
        records = self._shard.retrieve(known, with_payload=OF_VECTORS, with_vector=False)
        return {found["id"]: embedded(found) for found in map(payload_of, records)}

    def _is_large(self) -> bool:
        return self._catalogue.points >= self._graph_from

    def _numbers(self, article_ids: Iterable[str]) -> list[int]:
        known = map(self._catalogue.number, article_ids)
        return [number for number in known if number is not None]

    def _scored(self, points: Sequence[edge.ScoredPoint]) -> Scores:
        names = self._catalogue.names(numbers_of(points))
        return Scores.ordered(names, [found.score for found in points])

    def _pages(
        self, *, with_payload: bool | list[str], with_vector: bool | list[str] = False
    ) -> Iterator[list[edge.Record]]:
        offset: Any = None
        while True:
            request = edge.ScrollRequest(
                offset=offset, limit=_PAGE, with_payload=with_payload, with_vector=with_vector
            )
            records, offset = self._shard.scroll(request)
            yield records
            if offset is None:
                return


def _batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
