"""RedisOrders: frozen orders that every search process can read."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import numpy as np
import structlog
from redis import Redis
from redis.exceptions import RedisError

from backstory_search.orders import LIFETIME, FrozenOrder, MemoryOrders
from backstory_shared.ports import Facet

_PREFIX = "backstory:order:"
#: A Redis that has just failed is left alone for so long: a reader must not wait for it each time.
_PAUSE = timedelta(seconds=5)

log = structlog.get_logger()


@dataclass
class RedisOrders:
    """Implements FrozenOrders. Without Redis the process still reads what it has kept itself.

    What is lost with Redis is an expired cursor to the reader, and a first page anew.
    """

    redis: Redis
    memory: MemoryOrders
    clock: Callable[[], datetime]
    _asleep_until: datetime | None = field(default=None)

    def keep(self, order: FrozenOrder) -> str:
        key = self.memory.keep(order)
        if self._awake():
            try:
                self.redis.set(_PREFIX + key, _packed(order), ex=LIFETIME)
            except RedisError as error:
                self._pause(error)
        return key

    def find(self, key: str) -> FrozenOrder | None:
        found = self.memory.find(key)
        if found is None and self._awake():
            try:
                packed = cast(bytes | None, self.redis.get(_PREFIX + key))
            except RedisError as error:
                self._pause(error)
            else:
                found = None if packed is None else _unpacked(packed)
        return found

    def _awake(self) -> bool:
        return self._asleep_until is None or self.clock() >= self._asleep_until

    def _pause(self, error: RedisError) -> None:
        log.warning("orders_not_shared", error=type(error).__name__)
        self._asleep_until = self.clock() + _PAUSE


def _packed(order: FrozenOrder) -> bytes:
    """A line of JSON, then the scores as they are: four bytes each, in this order everywhere."""
    said = {
        "ids": order.ids,
        "shape": order.scores.shape,
        "total": order.total,
        "facets": dict(order.facets),
    }
    return json.dumps(said).encode() + b"\n" + order.scores.astype("<f4").tobytes()


def _unpacked(packed: bytes) -> FrozenOrder:
    line, _, scores = packed.partition(b"\n")
    said = json.loads(line)
    return FrozenOrder(
        ids=tuple(said["ids"]),
        scores=np.frombuffer(scores, dtype="<f4").reshape(said["shape"]),
        total=said["total"],
        facets={
            Facet(name): tuple((value, count) for value, count in values)
            for name, values in said["facets"].items()
        },
    )
