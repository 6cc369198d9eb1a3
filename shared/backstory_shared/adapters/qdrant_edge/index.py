"""EdgeIndex: the Index and SearchIndex ports over one Edge shard."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from pathlib import Path
from threading import Lock
from typing import Any

import qdrant_edge as edge

from backstory_shared.adapters.qdrant_edge import requests
from backstory_shared.adapters.qdrant_edge.folder import open_shard, storage_errors
from backstory_shared.adapters.qdrant_edge.points import (
    number,
    payload,
    payload_of,
    point,
    vectors_of,
)
from backstory_shared.adapters.qdrant_edge.roster import Roster, Row, count_values
from backstory_shared.ports import (
    Candidates,
    Counts,
    Facet,
    IndexEntry,
    MatchSet,
    ModelCard,
    Question,
    Scored,
    Terms,
    Vector,
)

MAX_BATCH = 64
_PAGE = 1_000


class EdgeIndex:
    """One point per article, in the one process that holds the folder; its threads may share it.

    Writes are conditional on the revision, in the engine, so that a late write of old work changes
    nothing. The engine's calls hold the GIL for as long as they take: hence the short batches, and
    no lock around reading.
    """

    def __init__(self, shard: edge.EdgeShard) -> None:
        self._shard = shard
        self._writing = Lock()
        self._roster = Roster()
        for record in self._scroll(with_payload=True):
            self._roster.keep(number(record), payload_of(record))

    @classmethod
    def open(cls, folder: Path, model: ModelCard) -> "EdgeIndex":
        """The index in `folder`, made if it is not there. Raises ModelMismatch, FolderLocked."""
        return cls(open_shard(folder, model))

    def close(self) -> None:
        with self._writing:
            self._shard.close()

    # --- writing ----------------------------------------------------------------------------------

    def write(self, entries: Sequence[IndexEntry]) -> None:
        newest = {entry.id: entry for entry in sorted(entries, key=attrgetter("revision"))}
        by_revision = sorted(newest.values(), key=attrgetter("revision"))
        with self._writing, storage_errors():
            for revision, same in groupby(by_revision, key=attrgetter("revision")):
                for batch in _batches(same):
                    self._upsert(revision, batch)

    def remove(self, revisions: Mapping[str, int]) -> None:
        by_revision = sorted(revisions.items(), key=itemgetter(1))
        with self._writing, storage_errors():
            for revision, same in groupby(by_revision, key=itemgetter(1)):
                self._delete(revision, self._numbers(article_id for article_id, _ in same))

    def flush(self) -> None:
        with self._writing, storage_errors():
            self._shard.flush()

    def revisions(self) -> Iterator[tuple[str, int]]:
        for record in self._scroll(with_payload=["id", "revision"]):
            found = payload_of(record)
            yield found["id"], found["revision"]

    def _upsert(self, revision: int, entries: Sequence[IndexEntry]) -> None:
        """The condition is asked of points that are there; new ones are written anyway."""
        payloads = {self._roster.reserve(entry.id): payload(entry) for entry in entries}
        points = [point(*each) for each in zip(payloads, entries, payloads.values(), strict=True)]
        not_newer = edge.Filter(must=[requests.not_newer(revision)])
        self._shard.update(edge.UpdateOperation.upsert_points(points, condition=not_newer))
        for each, written in payloads.items():
            self._roster.keep(each, written)

    def _delete(self, revision: int, numbers: Sequence[int]) -> None:
        old = edge.Filter(must=[requests.among(numbers), requests.not_newer(revision)])
        self._shard.update(edge.UpdateOperation.delete_points_by_filter(old))
        for each in numbers:
            self._roster.drop(each, revision)

    # --- reading ----------------------------------------------------------------------------------

    def candidates(self, question: Question) -> Candidates:
        passing = requests.passing(question.filters, self._numbers(question.excluded))
        asked = {
            "dense": requests.nearest(question, passing),
            "lexical": requests.lexical(question.lexical, question.lexical_limit, passing),
        }
        batch = {name: request for name, request in asked.items() if request is not None}
        answers = self._shard.query_batch(edge.QueryBatchRequest(list(batch.values())))
        lists = dict(zip(batch, map(self._scored, answers), strict=True))
        return Candidates(dense=lists.get("dense", ()), lexical=lists.get("lexical", ()))

    def counts(self, matches: MatchSet, facets: Sequence[Facet]) -> Counts:
        rows = self._matching(matches)
        values = {facet: count_values(rows, facet) for facet in facets}
        return Counts(total=len(rows), facets=values)

    def by_date(self, matches: MatchSet, *, newest_first: bool, limit: int) -> list[str]:
        rows = sorted(self._matching(matches), key=attrgetter("id"))
        rows.sort(key=attrgetter("sort_at"), reverse=newest_first)
        return [row.id for row in rows[:limit]]

    def vectors(self, article_ids: Sequence[str]) -> dict[str, tuple[Vector, Terms]]:
        numbers: list[Any] = self._numbers(article_ids)
        records = self._shard.retrieve(numbers, with_payload=["id"], with_vector=True)
        return {payload_of(record)["id"]: vectors_of(record) for record in records}

    def _matching(self, matches: MatchSet) -> list[Row]:
        passing = requests.passing(matches.filters, self._numbers(matches.excluded))
        if matches.terms is None and matches.nearest is None:
            numbers = {number(record) for record in self._scroll(passing)}
        else:
            numbers = self._with_a_term(matches.terms or (), passing)
            numbers |= self._among(matches.nearest or (), passing)
        return list(self._roster.rows(numbers))

    def _with_a_term(self, terms: Sequence[int], passing: edge.Filter | None) -> set[int]:
        """An article's BM25 score is above zero exactly if it has a term, so BM25 finds them all.

        An index over the terms would count without fetching, but take 9 KB an article.
        """
        equal = Terms(indices=tuple(terms), values=(1.0,) * len(terms))
        request = requests.lexical(equal, max(1, self._roster.capacity), passing)
        return {number(found) for found in self._shard.query(request)} if request else set()

    def _among(self, article_ids: Sequence[str], passing: edge.Filter | None) -> set[int]:
        numbers = self._numbers(article_ids)
        if not numbers or passing is None:
            return set(numbers)
        both = edge.Filter(must=[requests.among(numbers), passing])
        return {number(record) for record in self._scroll(both)}

    def _numbers(self, article_ids: Iterable[str]) -> list[int]:
        known = map(self._roster.number, article_ids)
        return [each for each in known if each is not None]

    def _scored(self, points: Sequence[edge.ScoredPoint]) -> tuple[Scored, ...]:
        scored = [
            Scored(id=row.id, score=found.score)
            for found in points
            for row in self._roster.rows((number(found),))
        ]
        return tuple(sorted(scored, key=lambda one: (-one.score, one.id)))

    def _scroll(
        self, passing: edge.Filter | None = None, *, with_payload: bool | list[str] = False
    ) -> Iterator[edge.Record]:
        offset: Any = None
        while True:
            request = edge.ScrollRequest(
                offset=offset, limit=_PAGE, filter=passing, with_payload=with_payload
            )
            records, offset = self._shard.scroll(request)
            yield from records
            if offset is None:
                return


def _batches(entries: Iterable[IndexEntry]) -> Iterator[list[IndexEntry]]:
    rest = iter(entries)
    while batch := list(islice(rest, MAX_BATCH)):
        yield batch
