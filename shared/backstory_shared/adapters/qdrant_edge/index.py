"""EdgeIndex: the Index and SearchIndex ports over one Edge shard."""

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
from backstory_shared.adapters.qdrant_edge.folder import open_shard, storage_errors
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
from backstory_shared.ports import (
    Candidates,
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

T = TypeVar("T")

#: Some 4 ms in the engine, for which a reader waits at most.
MAX_BATCH = 16
_PAGE = 200


class EdgeIndex:
    """One point per article, in the one process that holds the folder; its threads may share it.

    Writes are conditional on the revision, in the engine, so that a late write of old work changes
    nothing. The engine's calls hold the GIL for as long as they take: hence the short batches, and
    no lock around reading. A flush takes a fifth of a second, even with nothing to flush.
    """

    def __init__(self, shard: edge.EdgeShard, snapshot: Snapshot) -> None:
        self._shard = shard
        self._snapshot = snapshot
        self._writing = Lock()
        self._flushed = True
        self._in_step = True
        self._catalogue = self._known_catalogue() or self._read_catalogue()

    @classmethod
    def open(cls, folder: Path, model: ModelCard) -> "EdgeIndex":
        """The index in `folder`, made if it is not there. Raises ModelMismatch, FolderLocked."""
        return cls(open_shard(folder, model), Snapshot(folder / "catalogue.npz"))

    def close(self) -> None:
        """Flush, and leave a snapshot of the catalogue for the next to open it."""
        self.flush()
        with self._writing, storage_errors():
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
                    self._upsert(revision, batch)

    def remove(self, revisions: Mapping[str, int]) -> None:
        by_revision = sorted(revisions.items(), key=itemgetter(1))
        with self._changing():
            for revision, same in groupby(by_revision, key=itemgetter(1)):
                self._delete(revision, self._numbers(article_id for article_id, _ in same))

    def flush(self) -> None:
        with self._writing, storage_errors():
            if not self._flushed:
                self._shard.flush()
                self._flushed = True

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
            self._snapshot.discard()
            self._flushed, in_step, self._in_step = False, self._in_step, False
            yield
            self._in_step = in_step

    def _upsert(self, revision: int, entries: Sequence[IndexEntry]) -> None:
        """The condition is asked of points that are there; new ones are written anyway."""
        numbers = [self._catalogue.reserve(entry.id) for entry in entries]
        points = list(map(point, numbers, entries))
        not_newer = edge.Filter(must=[requests.not_newer(revision)])
        self._shard.update(edge.UpdateOperation.upsert_points(points, condition=not_newer))
        self._catalogue.keep(
            Written(number, payload(entry), entry.lexical.indices)
            for number, entry in zip(numbers, entries, strict=True)
        )

    def _delete(self, revision: int, numbers: Sequence[int]) -> None:
        old = edge.Filter(must=[requests.among(numbers), requests.not_newer(revision)])
        self._shard.update(edge.UpdateOperation.delete_points_by_filter(old))
        self._catalogue.drop(numbers, revision)

    # --- reading ----------------------------------------------------------------------------------

    def candidates(self, question: Question) -> Candidates:
        only = self._catalogue.meeting(question.demands) if question.demands else None
        passing = requests.passing(question.filters, self._numbers(question.excluded), only)
        asked = {
            "dense": requests.nearest(question, passing),
            "lexical": requests.lexical(question.lexical, question.lexical_limit, passing),
        }
        batch = {name: request for name, request in asked.items() if request is not None}
        answers = self._shard.query_batch(edge.QueryBatchRequest(list(batch.values())))
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
