"""What Redis can be asked beside carrying rings: is it there, is it new, and who is at work."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast
from uuid import uuid4

from redis import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from backstory_shared.errors import CannotStart

PREFIX = "backstory:"

_SILENT_SECONDS = 60.0
#: After this a silent worker is taken for gone with its machine. One that was killed on a machine
#: where another lives, or where it is started again, is forgotten within seconds.
_FORGET_SECONDS = 180.0
_SECONDS = 1.0

_EPOCH = PREFIX + "epoch"
_WORKERS = PREFIX + "workers"
_BEATS = PREFIX + "beats"


class NobodyConsumes(Exception):
    """No worker has lately taken a message, or one of them has not."""


class NobodyBeats(Exception):
    """No beat has lately rung the sweeper, so that lost work is not taken back."""


@dataclass(frozen=True)
class Broker:
    """Nothing in it is needed for correctness. Raises what Redis raises.

    A worker is silent if it has taken no message for `silent_seconds`, though one was sent to it; a
    beat stands still if it has not ticked for so long.
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
        """With the message that nobody else reads."""
        self.redis.hdel(_WORKERS, worker)
        self.redis.delete(f"{PREFIX}canary.{worker}")

    def silences(self) -> dict[str, float]:
        """Seconds since each known worker last took a message."""
        return self._ages(_WORKERS)

    def ticked(self, beat: str) -> None:
        """This beat has looked at its schedule."""
        self.redis.hset(_BEATS, beat, str(time.time()))

    def pauses(self) -> dict[str, float]:
        """Seconds since each known beat last looked at its schedule."""
        return self._ages(_BEATS)

    def _ages(self, key: str) -> dict[str, float]:
        now = time.time()
        known = cast(dict[bytes, bytes], self.redis.hgetall(key))
        return {name.decode(): now - float(since) for name, since in known.items()}

    def expect_to_be_let_in(self) -> None:
        """Raises CannotStart if Redis answers and refuses us: waiting does not mend that.

        One that does not answer may come back.
        """
        try:
            self.redis.ping()
            self.silences()
        except RedisError as error:
            if sentence := refusal(error):
                raise CannotStart(sentence) from error

    def expect_consumers(self) -> None:
        """Raises NobodyConsumes unless there are workers and all of them take messages."""
        silences = self.silences().values()
        if not silences or max(silences) > self.silent_seconds:
            raise NobodyConsumes

    def expect_a_beat(self) -> None:
        """Raises NobodyBeats unless one of them ticks; two do no harm, one is enough."""
        if min(self.pauses().values(), default=self.silent_seconds + 1) > self.silent_seconds:
            raise NobodyBeats

    def forget_the_gone(self) -> None:
        for worker, silence in self.silences().items():
            if silence > _FORGET_SECONDS:
                self.forget(worker)
        for beat, pause in self.pauses().items():
            if pause > _FORGET_SECONDS:
                self.redis.hdel(_BEATS, beat)


def refusal(error: RedisError) -> str | None:
    """What a Redis that is there holds against us; None if it may only be down.

    Not in its own words: they may repeat what is secret.
    """
    if isinstance(error, AuthenticationError):
        return "Redis refuses the user or the password in BACKSTORY_REDIS_URL."
    if isinstance(error, NoPermissionError):
        return (
            "The user in BACKSTORY_REDIS_URL may not do all that is needed: "
            f"allow it all commands on the keys {PREFIX}*."
        )
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return (
            "The certificate of Redis is not trusted: name the file of its authority in "
            "BACKSTORY_REDIS_URL, as in rediss://host:6379/0?ssl_ca_certs=/path/ca.pem."
        )
    return None


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
