"""Frozen orders: what page 1 found, kept so that page 2 neither repeats nor skips anything."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from backstory_search.ranking import Ranking
from backstory_shared.ports import Facet

Clock = Callable[[], datetime]

LIFETIME = timedelta(minutes=10)
MAX_ORDER = 1_000
#: Some 20 bytes each: 20 MB at most, or a thousand full orders in ten minutes.
MAX_IDS = 1_000_000


@dataclass(frozen=True, slots=True)
class FrozenOrder:
    """The answer to one question at one moment, but for what the articles look like.

    `scores` has a row for each id, as in Ranking.
    """

    ids: tuple[str, ...]
    scores: NDArray[np.float32]
    total: int
    facets: Mapping[Facet, tuple[tuple[str, int], ...]]

    def page(self, start: int, limit: int) -> Ranking:
        page = slice(start, start + limit)
        return Ranking(self.ids[page], self.scores[page].astype(np.float64))


def freeze(
    ranking: Ranking, total: int, facets: Mapping[Facet, tuple[tuple[str, int], ...]]
) -> FrozenOrder:
    kept = ranking[:MAX_ORDER]
    return FrozenOrder(tuple(kept.ids), kept.scores.astype(np.float32), total, facets)


class FrozenOrders(Protocol):
    """Where orders are kept while a reader turns the pages, for every search process to see."""

    def keep(self, order: FrozenOrder) -> str:
        """A key by which the order can be had for LIFETIME."""
        ...

    def find(self, key: str) -> FrozenOrder | None: ...


class MemoryOrders:
    """FrozenOrders for one process. The oldest give way when more ids are kept than it may hold."""

    def __init__(self, clock: Clock, max_ids: int = MAX_IDS) -> None:
        self._clock = clock
        self._max_ids = max_ids
        self._orders: OrderedDict[str, tuple[datetime, FrozenOrder]] = OrderedDict()
        self._ids = 0
        self._lock = Lock()

    def keep(self, order: FrozenOrder) -> str:
        """The same answer to many readers is kept once, and lives as long as the last needs it."""
        key = _digest(order)
        with self._lock:
            self._drop(key)
            self._orders[key] = (self._clock() + LIFETIME, order)
            self._ids += len(order.ids)
            self._make_room()
        return key

    def find(self, key: str) -> FrozenOrder | None:
        with self._lock:
            expires, order = self._orders.get(key, (None, None))
        return order if expires is not None and self._clock() < expires else None

    def _make_room(self) -> None:
        now = self._clock()
        while self._orders and (self._ids > self._max_ids or self._oldest_expires() <= now):
            self._drop(next(iter(self._orders)))

    def _oldest_expires(self) -> datetime:
        return next(iter(self._orders.values()))[0]

    def _drop(self, key: str) -> None:
        if key in self._orders:
            self._ids -= len(self._orders.pop(key)[1].ids)


def _digest(order: FrozenOrder) -> str:
    counted = repr((order.total, sorted(order.facets.items())))
    said = "\n".join((counted, *order.ids)).encode()
    return blake2b(said + order.scores.tobytes(), digest_size=12).hexdigest()
