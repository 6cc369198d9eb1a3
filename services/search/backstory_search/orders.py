"""Frozen orders: what page 1 found, kept so that page 2 neither repeats nor skips anything."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import takewhile
from math import isnan
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from backstory_search.ranking import Ranked
from backstory_shared.ports import Facet

Clock = Callable[[], datetime]

LIFETIME = timedelta(minutes=10)
MAX_ORDER = 1_000
#: Some 20 bytes each: 20 MB at most, or a thousand full orders in ten minutes.
MAX_IDS = 1_000_000


@dataclass(frozen=True, slots=True)
class FrozenOrder:
    """The answer to one question at one moment, but for what the articles look like.

    `scores` has a row for each id: score, dense, lexical; NaN for none.
    """

    ids: tuple[str, ...]
    scores: NDArray[np.float32]
    total: int
    facets: Mapping[Facet, tuple[tuple[str, int], ...]]

    def page(self, start: int, limit: int) -> list[Ranked]:
        rows = self.scores[start : start + limit].tolist()
        return [
            Ranked(id_, score, _number(dense), _number(lexical))
            for id_, (score, dense, lexical) in zip(
                self.ids[start : start + limit], rows, strict=True
            )
        ]


def _number(value: float) -> float | None:
    return None if isnan(value) else value


def freeze(
    ranked: Sequence[Ranked],
    total: int,
    facets: Mapping[Facet, tuple[tuple[str, int], ...]],
) -> FrozenOrder:
    kept = ranked[:MAX_ORDER]
    scores = np.array([(one.score, one.dense, one.lexical) for one in kept], dtype=np.float32)
    return FrozenOrder(tuple(one.id for one in kept), scores.reshape(-1, 3), total, facets)


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
        expired = takewhile(lambda key: self._orders[key][0] <= now, list(self._orders))
        for key in expired:
            self._drop(key)
        while self._ids > self._max_ids and self._orders:
            self._drop(next(iter(self._orders)))

    def _drop(self, key: str) -> None:
        if key in self._orders:
            self._ids -= len(self._orders.pop(key)[1].ids)


def _digest(order: FrozenOrder) -> str:
    said = repr((order.total, sorted(order.facets.items()), order.ids)).encode()
    return blake2b(said + order.scores.tobytes(), digest_size=12).hexdigest()
