"""What Redis can be asked beside carrying rings: is it there, is it new, and who consumes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast
from uuid import uuid4

from redis import Redis

PREFIX = "backstory:"

_SILENT_SECONDS = 60.0
#: After this a silent worker is taken for gone: whoever ran it has stopped or replaced it.
_FORGET_SECONDS = 600.0
_SECONDS = 1.0

_EPOCH = PREFIX + "epoch"
_WORKERS = PREFIX + "workers"


class NobodyConsumes(Exception):
    """No worker has lately taken a message, or one of them has not."""


@dataclass(frozen=True)
class Broker:
    """Nothing in it is needed for correctness. Raises what Redis raises.

    A worker is silent if it has taken no message for `silent_seconds`, though one was sent to it.
    """

    redis: Redis
    silent_seconds: float = _SILENT_SECONDS

    def ping(self) -> None:
        self.redis.ping()

    def length(self, queue: str) -> int:
        """How many messages wait there."""
        return int(self.redis.llen(PREFIX + queue))

    def is_new(self) -> bool:
        """True once after Redis was wiped, for whoever asks first."""
        return bool(self.redis.set(_EPOCH, uuid4().hex, nx=True))

    def announce(self, worker: str) -> None:
        """There is such a worker; what is known of it already stays as it is."""
        self.redis.hsetnx(_WORKERS, worker, str(time.time()))

    def arrived(self, worker: str) -> None:
        """This worker has taken a message off its queue."""
        self.redis.hset(_WORKERS, worker, str(time.time()))

    def forget(self, worker: str) -> None:
        self.redis.hdel(_WORKERS, worker)

    def silences(self) -> dict[str, float]:
        """Seconds since each known worker last took a message."""
        now = time.time()
        known = cast(dict[bytes, bytes], self.redis.hgetall(_WORKERS))
        return {name.decode(): now - float(arrived) for name, arrived in known.items()}

    def expect_consumers(self) -> None:
        """Raises NobodyConsumes unless there are workers and all of them take messages."""
        silences = self.silences().values()
        if not silences or max(silences) > self.silent_seconds:
            raise NobodyConsumes

    def forget_the_gone(self) -> None:
        for worker, silence in self.silences().items():
            if silence > _FORGET_SECONDS:
                self.forget(worker)
                self.redis.delete(f"{PREFIX}canary.{worker}")


@contextmanager
def open_broker(redis_url: str) -> Iterator[Broker]:
    """Connects when first asked, so that a Redis that is down stops nobody from starting."""
    redis = Redis.from_url(
        redis_url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS, socket_keepalive=True
    )
    try:
        yield Broker(redis)
    finally:
        redis.close()
