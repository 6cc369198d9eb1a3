"""QdrantServerIndex: the Index and SearchIndex ports over a collection of a Qdrant server."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, cast

import numpy as np
from qdrant_client import QdrantClient, models

from backstory_shared.adapters.passages import nearest_span
from backstory_shared.adapters.payload import OF_VECTORS, embedded
from backstory_shared.adapters.qdrant_server import collections, requests
from backstory_shared.adapters.qdrant_server.connection import is_refusal, server_errors
from backstory_shared.adapters.qdrant_server.points import (
    dense_of,
    payload_of,
    point,
    point_id,
    vectors_of,
)
from backstory_shared.articles import Span
from backstory_shared.errors import EntriesRefused, StoreUnavailable
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
from backstory_shared.settings import Qdrant

MAX_BATCH = 64
_PAGE = 1_000
#: So many articles show which of some terms are worth counting.
_SAMPLE = 100
#: A facet with more values than that is not one to choose from.
_MAX_VALUES = 100_000


class QdrantServerIndex:
    """One point per article, in one version of the collection; any number of processes share it.

    A condition that does not hold is no error to the server, and it does not say that nothing was
    written. Here that is as it should be: what is there already is newer. It is one of the
    replicas that decides (`strong`), since each would decide by what it has.
    """

    def __init__(self, client: QdrantClient, collection: str, model: ModelCard) -> None:
        self._client = client
        self._collection = collection
        self._model = model

    @classmethod
    def open(cls, client: QdrantClient, settings: Qdrant, model: ModelCard) -> "QdrantServerIndex":
        """The index behind the alias, made if it is not there. Raises ModelMismatch.

        The alias is looked up once: should it move to another model's collection, this index
        stays with the one that its vectors can be compared with.
        """
        return cls(client, collections.open_collection(client, settings, model), model)

    @property
    def collection(self) -> str:
        return self._collection

    def close(self) -> None:
        self._client.close()

    def unoptimized(self) -> int:
        """The server sees to that by itself."""
        return 0

    def optimize(self, compute: Compute) -> None:
        pass

    # --- writing ----------------------------------------------------------------------------------

    def write(self, entries: Sequence[IndexEntry]) -> None:
        newest = {entry.id: entry for entry in sorted(entries, key=attrgetter("revision"))}
        by_revision = sorted(newest.values(), key=attrgetter("revision"))
        refused: set[str] = set()
        for revision, same in groupby(by_revision, key=attrgetter("revision")):
            together = list(same)
            for start in range(0, len(together), MAX_BATCH):
                refused |= self._upsert(revision, together[start : start + MAX_BATCH])
        if refused:
            raise EntriesRefused(refused)

    def remove(self, revisions: Mapping[str, int]) -> None:
        by_revision = sorted(revisions.items(), key=itemgetter(1))
        for revision, same in groupby(by_revision, key=itemgetter(1)):
            old = models.Filter(
                must=[requests.among(id_ for id_, _ in same), requests.not_newer(revision)]
            )
            with server_errors():
                done = self._client.delete(
                    self._collection,
                    models.FilterSelector(filter=old),
                    wait=True,
                    ordering=models.WriteOrdering.STRONG,
                )
            _completed(done)

    def flush(self) -> None:
        """Every write waits until the server has logged it on disk: nothing is behind."""

    def revisions(self) -> Iterator[tuple[str, int]]:
        for records in self._pages(None, ["id", "revision"]):
            for found in map(payload_of, records):
                yield found["id"], found["revision"]

    def revisions_of(self, article_ids: Sequence[str]) -> dict[str, int]:
        records = self._retrieve(article_ids, payload=["id", "revision"], vectors=[])
        return {found["id"]: found["revision"] for found in map(payload_of, records)}

    def _upsert(self, revision: int, entries: Sequence[IndexEntry]) -> set[str]:
        """Write the batch; if the server finds it wrong, find out which one is. The refused ids."""
        try:
            self._send(revision, entries)
        except Exception as error:
            if not is_refusal(error):
                raise
            if len(entries) == 1:
                return {entries[0].id}
            half = len(entries) // 2
            return self._upsert(revision, entries[:half]) | self._upsert(revision, entries[half:])
        return set()

    def _send(self, revision: int, entries: Sequence[IndexEntry]) -> None:
        """The condition is asked of points that are there; new ones are written anyway."""
        with server_errors():
            done = self._client.upsert(
                self._collection,
                [point(entry) for entry in entries],
                update_filter=models.Filter(must=[requests.not_newer(revision)]),
                update_mode=models.UpdateMode.UPSERT,
                wait=True,
                ordering=models.WriteOrdering.STRONG,
            )
        _completed(done)

    # --- reading ----------------------------------------------------------------------------------

    def candidates(self, question: Question) -> Candidates:
        asked = {"dense": self._nearest(question), "lexical": requests.lexical(question)}
        batch = {name: request for name, request in asked.items() if request is not None}
        if not batch:
            return Candidates()
        with server_errors():
            answers = self._client.query_batch_points(self._collection, list(batch.values()))
        lists = {name: _scored(answer.points) for name, answer in zip(batch, answers, strict=True)}
        return Candidates(**lists)

    def _nearest(self, question: Question) -> models.QueryRequest | None:
        if question.dense is None:
            return None
        # Where articles have rows, the question is one row.
        dense = question.dense[np.newaxis] if self._model.passages else question.dense
        return requests.nearest(question, dense)

    def counts(self, matches: MatchSet, facets: Sequence[Facet]) -> Counts:
        if requests.matches_nothing(matches):
            return Counts(total=0, facets=dict.fromkeys(facets, ()))
        found = requests.matching(matches)
        with server_errors():
            total = self._client.count(self._collection, found, exact=True).count
            return Counts(
                total=total, facets={facet: self._facet(facet, found) for facet in facets}
            )

    def by_date(self, matches: MatchSet, *, newest_first: bool, limit: int) -> list[str]:
        if requests.matches_nothing(matches):
            return []
        found = requests.matching(matches)
        dated = self._first(found, newest_first=newest_first, limit=limit)
        if len(dated) == limit:
            # The server breaks ties by its own ids: of those at the very end it may be others.
            last = dated[-1][0]
            dated = [one for one in dated if one[0] != last] + self._at(found, last)
        dated.sort(key=itemgetter(1))
        dated.sort(key=itemgetter(0), reverse=newest_first)
        return [id_ for _, id_ in dated[:limit]]

    def frequencies(self, terms: Sequence[int]) -> dict[int, int]:
        """Some of the articles that have one show which are worth counting."""
        if not terms:
            return {}
        with server_errors():
            records, _ = self._client.scroll(
                self._collection, requests.having(terms), limit=_SAMPLE, with_payload=["terms"]
            )
        there = set(terms) & {term for each in records for term in payload_of(each)["terms"]}
        return {term: self._having(term) for term in sorted(there)}

    def sort_times(self, article_ids: Sequence[str]) -> dict[str, datetime]:
        records = self._retrieve(article_ids, payload=["id", "sort_at"], vectors=[])
        return {id_: moment for moment, id_ in _dated(records)}

    def vectors(self, article_ids: Sequence[str]) -> dict[str, tuple[Vector, Terms]]:
        records = self._retrieve(article_ids, payload=["id"], vectors=["dense", "lexical"])
        return {payload_of(record)["id"]: vectors_of(record) for record in records}

    def nearest_passages(self, dense: Vector, article_ids: Sequence[str]) -> dict[str, Span]:
        records = self._retrieve(article_ids, payload=["id", "spans"], vectors=["dense"])
        return {
            payload_of(record)["id"]: nearest_span(dense, dense_of(record), spans)
            for record in records
            if (spans := payload_of(record).get("spans"))
        }

    def embedded(self, article_ids: Sequence[str]) -> dict[str, Embedded]:
        records = self._retrieve(article_ids, payload=OF_VECTORS, vectors=[])
        return {found["id"]: embedded(found) for found in map(payload_of, records)}

    def _having(self, term: int) -> int:
        with server_errors():
            return self._client.count(self._collection, requests.having([term]), exact=True).count

    def _facet(self, facet: Facet, found: models.Filter) -> tuple[tuple[str, int], ...]:
        hits = self._client.facet(
            self._collection, facet.value, found, limit=_MAX_VALUES, exact=True
        ).hits
        counted = [(str(hit.value), hit.count) for hit in hits if hit.count]
        return tuple(sorted(counted, key=lambda pair: (-pair[1], pair[0])))

    def _first(
        self, found: models.Filter, *, newest_first: bool, limit: int
    ) -> list[tuple[datetime, str]]:
        direction = models.Direction.DESC if newest_first else models.Direction.ASC
        with server_errors():
            records, _ = self._client.scroll(
                self._collection,
                found,
                limit=limit,
                order_by=models.OrderBy(key="sort_at", direction=direction),
                with_payload=["id", "sort_at"],
            )
        return _dated(records)

    def _at(self, found: models.Filter, moment: datetime) -> list[tuple[datetime, str]]:
        """All of them with that date."""
        must = [*cast(requests.Conditions, found.must), requests.at(moment)]
        then = found.model_copy(update={"must": must})
        return [one for page in self._pages(then, ["id", "sort_at"]) for one in _dated(page)]

    def _retrieve(
        self, article_ids: Sequence[str], *, payload: list[str], vectors: list[str]
    ) -> list[models.Record]:
        ids = [point_id(article_id) for article_id in article_ids]
        with server_errors():
            return self._client.retrieve(self._collection, ids, payload, vectors)

    def _pages(
        self, found: models.Filter | None, payload: list[str]
    ) -> Iterator[list[models.Record]]:
        offset: Any = None
        while True:
            with server_errors():
                records, offset = self._client.scroll(
                    self._collection, found, limit=_PAGE, offset=offset, with_payload=payload
                )
            yield records
            if offset is None:
                return


def _completed(result: models.UpdateResult) -> None:
    """Logged is not written: only what is completed can be counted on, and found."""
    if result.status is not models.UpdateStatus.COMPLETED:
        raise StoreUnavailable(f"The Qdrant server only {result.status.value} a write.")


def _dated(records: Sequence[models.Record]) -> list[tuple[datetime, str]]:
    found = map(payload_of, records)
    return [(datetime.fromisoformat(each["sort_at"]), each["id"]) for each in found]


def _scored(points: Sequence[models.ScoredPoint]) -> Scores:
    ids = [payload_of(found)["id"] for found in points]
    return Scores.ordered(ids, [found.score for found in points])
