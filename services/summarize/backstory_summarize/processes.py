"""Running Celery: a worker with a name and a presence, and the beat."""

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from celery import Celery, signals
from celery.apps.beat import Beat
from celery.beat import Scheduler
from kombu import Queue as KombuQueue
from redis.exceptions import RedisError

from backstory_shared.adapters.broker import Broker
from backstory_shared.adapters.celery_queue import SWEEPS, canary_queue, work_queues
from backstory_shared.logging import configure_logging
from backstory_shared.priority import one_thread_each
from backstory_shared.settings import Logs

log = structlog.get_logger()

_ANNOUNCE_SECONDS = 5.0


def log_as_we_do(logs: Logs) -> None:
    """Celery leaves logging alone where somebody else sets it up; in every process of the pool."""

    def configure(**_: object) -> None:
        configure_logging(logs.log_format, logs.log_level)

    configure()
    signals.setup_logging.connect(configure, weak=False)


def our_name() -> str:
    """Of this process among those that Redis knows of."""
    return f"{socket.gethostname()}-{os.getpid()}"


def _host_of(name: str) -> str:
    return name.rpartition("-")[0]


def run_worker(app: Celery, broker: Broker) -> None:
    """Work until a signal comes: the first lets the tasks end, the second does not.

    Without gossip and mingle: links between workers that nobody needs, and that can break.
    """
    one_thread_each()
    name = our_name()
    app.amqp.queues.select([SWEEPS, *work_queues()])
    app.amqp.queues.select_add(KombuQueue(canary_queue(name)))
    worker = app.Worker(hostname=name, quiet=True, without_gossip=True, without_mingle=True)
    with present(broker, name):
        worker.start()
    sys.exit(worker.exitcode)


def run_beat(app: Celery, broker: Broker) -> None:
    """Ring until a signal comes, and note each look at the schedule where others see it.

    A ring that nobody has taken yet is as good as another. None is ever too old: by whose clock
    would that be?
    """
    name = our_name()

    class Noting(Scheduler):  # type: ignore[misc]  # it has no types
        def apply_entry(self, *args: Any, **kwargs: Any) -> None:
            if not _waits(broker, SWEEPS):
                super().apply_entry(*args, **kwargs)

        def tick(self, *args: Any, **kwargs: Any) -> Any:
            seconds = super().tick(*args, **kwargs)
            _quietly(lambda: broker.ticked(name))
            return seconds

    Beat(app=app, quiet=True, scheduler_cls=Noting).run()


def _waits(broker: Broker, queue: str) -> bool:
    """Whether a message lies there, as far as Redis can say."""
    try:
        return broker.length(queue) > 0
    except RedisError:
        return False


@contextmanager
def present(broker: Broker, worker: str) -> Iterator[None]:
    """Be known to the sweeper for as long as the block, also to a Redis that was wiped.

    Only a canary that came through the queue makes the time of arrival newer.
    """
    stopping = threading.Event()
    thread = threading.Thread(target=_announce, args=(broker, worker, stopping), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(_ANNOUNCE_SECONDS)
        _quietly(lambda: broker.forget(worker))


def _announce(broker: Broker, worker: str, stopping: threading.Event) -> None:
    _quietly(lambda: _be_known(broker, worker))
    while not stopping.wait(_ANNOUNCE_SECONDS):
        _quietly(lambda: _be_known(broker, worker))


def _be_known(broker: Broker, worker: str) -> None:
    """And have those forgotten that were killed here: nobody on another machine can know."""
    broker.announce(worker)
    for name in broker.silences():
        if _host_of(name) == _host_of(worker) and not _lives(int(name.rpartition("-")[2])):
            broker.forget(name)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _quietly(call: Callable[[], None]) -> None:
    try:
        call()
    except Exception as error:  # noqa: BLE001 - Redis may be down; it is asked again
        log.debug("broker_unreachable", error=type(error).__name__)


def is_silent(broker: Broker, host: str) -> bool:
    """Whether a worker of that machine leaves its messages lying, as far as Redis can say.

    Where all of them do, nobody sweeps and sends canaries any more: then it is the call to sweep
    that lies there. Where the beat is gone there is neither, and no worker is to blame.
    """
    try:
        return any(
            silence > broker.silent_seconds
            and (broker.length(canary_queue(name)) or broker.length(SWEEPS))
            for name, silence in broker.silences().items()
            if _host_of(name) == host
        )
    except RedisError:
        return False


def stands_still(broker: Broker, host: str) -> bool:
    """Whether no beat of that machine has lately ticked, as far as Redis can say."""
    try:
        here = [pause for name, pause in broker.pauses().items() if _host_of(name) == host]
    except RedisError:
        return False
    return min(here, default=broker.silent_seconds + 1) > broker.silent_seconds
