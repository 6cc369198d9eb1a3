"""The doorbell over Celery and Redis: messages that say where to look, and nothing else.

Redis may be wiped at any moment. What is due stands in the ledger; a lost ring delays, no more.
"""

import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

import structlog
from celery import Celery
from kombu import Queue as KombuQueue
from kombu.utils.scheduling import round_robin_cycle
from redis.exceptions import RedisError

from backstory_shared.adapters.broker import PREFIX, Broker, refusal
from backstory_shared.stages import LEASE, TIME_LIMIT, Lane, Stage

log = structlog.get_logger()

WORK = "backstory.work"
SWEEP = "backstory.sweep"
CANARY = "backstory.canary"
SWEEPS = "sweep"

#: More rings than this in one queue call nobody new: whoever comes works until nothing is due.
_ENOUGH_RINGS = 64
#: A ring names no more articles than that; they are hints, and a message shall stay short.
MOST_IDS = 16
_PUBLISHING_SECONDS = 2.0
_WORKING_SECONDS = 10.0
_PAUSE_SECONDS = 1.0
_REST_SECONDS = 0.05
_STOP_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Each is longer than the one before, so that running out of it means what it should."""

    #: A task begins no further batch after this.
    turn: timedelta = timedelta(seconds=15)
    #: One call may take so much of a processor; then it is out of time, where it is done.
    computing: timedelta = timedelta(seconds=90)
    #: And so long by the clock, if the machine has too much to do to give it that.
    clock: timedelta = timedelta(seconds=100)
    #: The pool kills the process of a task that does not even notice that.
    task: timedelta = TIME_LIMIT
    #: A claim older than this belongs to a worker that is gone.
    lease: timedelta = LEASE
    #: Redis hands a message out again after this: more than twice what any task may take.
    visibility: timedelta = timedelta(seconds=300)
    #: How often the sweeper looks.
    sweep: timedelta = timedelta(seconds=10)


def queue_of(stage: Stage, lane: Lane) -> str:
    return f"{stage}.{lane}"


def canary_queue(worker: str) -> str:
    """The one queue that only this worker reads."""
    return f"canary.{worker}"


def work_queues() -> list[str]:
    return [queue_of(stage, lane) for lane in Lane for stage in Stage]


class LiveFirst(round_robin_cycle):  # type: ignore[misc]  # it has no types
    """In which order a worker looks into its queues: live before backfill, the stages in turn."""

    def consume(self, n: int) -> list[str]:
        return sorted(self.items, key=_urgency)[:n]


def _urgency(queue: str) -> int:
    lanes = [str(lane) for lane in Lane]
    *_, lane = queue.rpartition(".")
    return 1 + lanes.index(lane) if lane in lanes else 0


class SpawnedCelery(Celery):  # type: ignore[misc]  # it has no types
    """A Celery app that a spawned process makes anew, by the function it was made with.

    Celery's own way pickles the settings and leaves out the tasks.
    """

    rebuild: Callable[[], Celery]

    def __reduce__(self) -> tuple[Callable[[], Celery], tuple[()]]:
        return self.rebuild, ()


def publishing_app(redis_url: str) -> Celery:
    """An app that only rings. A publisher gives up soon: it must never hold anybody up."""
    return _app(Celery, redis_url, Timing(), socket_timeout=_PUBLISHING_SECONDS)


def working_app(
    redis_url: str, timing: Timing, rebuild: Callable[[], Celery], *, concurrency: int
) -> Celery:
    """An app whose workers wait for rings. `rebuild` is a module's own function."""
    app = _app(SpawnedCelery, redis_url, timing, socket_timeout=_WORKING_SECONDS)
    app.rebuild = rebuild
    app.conf.update(_worker_settings(timing, concurrency))
    return app


def _app(kind: type[Any], redis_url: str, timing: Timing, *, socket_timeout: float) -> Any:
    # Neither current nor finalized by itself: two apps in one process stay apart, and importing
    # anything changes nothing.
    app = kind("backstory", set_as_current=False, autofinalize=False)
    app.conf.update(
        broker_url=redis_url,
        broker_use_ssl=_ssl(redis_url),
        broker_transport_options=_transport(timing, socket_timeout),
        visibility_timeout=timing.visibility.total_seconds(),
        # Pickle would let anyone who can push to Redis run code here.
        task_serializer="json",
        accept_content=["json"],
        result_accept_content=["json"],
        # State lives in the ledger; results in Redis would only grow, and nobody would read them.
        result_backend=None,
        task_ignore_result=True,
        # A publisher that tries again holds its caller up; the ring is noted and tried later.
        task_publish_retry=False,
        broker_pool_acquire_timeout=_PUBLISHING_SECONDS,
        # A queue exists because it is named here; a typo must not make one that nobody reads.
        task_queues=[KombuQueue(name) for name in (SWEEPS, *work_queues())],
        task_create_missing_queues=False,
        task_default_queue=SWEEPS,
        # Machines need not be in one time zone.
        enable_utc=True,
    )
    return app


def _transport(timing: Timing, socket_timeout: float) -> dict[str, Any]:
    return {
        # Others may use the same Redis, and our user there needs no other keys.
        "global_keyprefix": PREFIX,
        # The clock starts at delivery, and the shortest of all apps on a broker wins.
        "visibility_timeout": timing.visibility.total_seconds(),
        # By default a killed worker's messages come back up to 100 s after their time.
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        # Without them a half-open connection holds a caller for ever.
        "socket_timeout": socket_timeout,
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
        # Drops a BRPOP that nobody answers any more after 21 s instead of 51.
        "health_check_interval": 10,
        # By default each queue comes first in its turn.
        "queue_order_strategy": LiveFirst,
        # Lanes are queues; without this each queue would be four lists.
        "priority_steps": [0],
        # Whoever looks at CLIENT LIST sees whose connections these are.
        "client_name": "backstory",
    }


def _worker_settings(timing: Timing, concurrency: int) -> dict[str, Any]:
    return {
        # A batch is one processor's work.
        "worker_concurrency": concurrency,
        # Only a pool of processes can end a task that hangs. Spawned, since tokenizers and torch
        # keep locks that a fork copies in whatever state they are.
        "worker_pool": "prefork",
        "worker_pool_start_method": "spawn",
        # The default of 4 s kills processes that are still importing.
        "worker_proc_alive_timeout": 120,
        # For code that takes no signal any more. What merely takes too long is ended before, in
        # its own process, which can say which articles it was: so there is no soft limit.
        "task_time_limit": timing.task.total_seconds(),
        # A message is done when its task is: what a killed worker held comes back by itself.
        "task_acks_late": True,
        "task_acks_on_failure": True,
        "task_acks_on_timeout": True,
        # Rejecting has no limit: a task that kills its worker would come back for ever. This way
        # it comes back twice; the articles are counted in the ledger.
        "task_reject_on_worker_lost": False,
        "task_retry_on_worker_lost": True,
        # A slow batch must not hold a message that an idle worker could take. And no second
        # limit beside that: kombu's own still counts a message whose acknowledgement failed when
        # Redis went away, so that a worker of one process would never consume again.
        "worker_disable_prefetch": True,
        "worker_prefetch_multiplier": 0,
        # Leaks end with their process. Each new one loads the model again, so not lower.
        "worker_max_tasks_per_child": 500,
        "worker_max_memory_per_child": 1_500_000,
        # On SIGTERM a worker ends when its tasks have. On SIGQUIT, or a second Ctrl-C, they have
        # so long, and what does not end in time goes back into its queue.
        "worker_soft_shutdown_timeout": 20,
        "worker_enable_soft_shutdown_on_idle": True,
        # A second run does no harm, a cancelled one costs a lease.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        # The default of 100 lets a worker give up in a long outage, and stay up doing nothing.
        "broker_connection_max_retries": None,
        # Redis need not be there first.
        "broker_connection_retry_on_startup": True,
        "broker_connection_retry": True,
        # Fewer links that can break: nobody listens to events, and control needs no Redis.
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        # Logs are ours to set up, in every process of the pool.
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        # What was rung last is of no use after a restart: no file, so that two beats share nothing.
        "beat_scheduler": "celery.beat:Scheduler",
        "beat_schedule": {
            "sweep": {
                "task": SWEEP,
                "schedule": timing.sweep,
                "options": {"queue": SWEEPS},
            }
        },
    }


def _ssl(redis_url: str) -> dict[str, Any] | None:
    encrypted = redis_url.startswith("rediss://")
    return {"ssl_cert_reqs": ssl.CERT_REQUIRED} if encrypted else None


@dataclass(frozen=True)
class Doorbell:
    """Publishes. Raises whatever Redis raises; nothing is tried again here."""

    app: Celery
    broker: Broker

    def ring(self, stage: Stage, lane: Lane, ids: Sequence[str] = ()) -> None:
        """Leave a message, unless enough of the kind are waiting for hands."""
        queue = queue_of(stage, lane)
        if self.broker.length(queue) < _ENOUGH_RINGS:
            hints = list(ids[:MOST_IDS])
            self._send(WORK, queue, {"stage": str(stage), "lane": str(lane), "ids": hints})

    def ring_sweeper(self) -> None:
        if self.broker.length(SWEEPS) == 0:
            self._send(SWEEP, SWEEPS, {})

    def send_canary(self, worker: str) -> None:
        """A message that only this worker can answer; never a second before the first."""
        queue = canary_queue(worker)
        if self.broker.length(queue) == 0:
            self._send(CANARY, queue, {"worker": worker})

    def _send(self, task: str, queue: str, kwargs: dict[str, Any]) -> None:
        # Nothing is declared: a message goes straight into the list of that name, so that no
        # bookkeeping of kombu's in Redis can be lost.
        self.app.send_task(
            task,
            kwargs=kwargs,
            queue=KombuQueue(queue),
            declare=[],
            retry=False,
            ignore_result=True,
        )


@dataclass
class CeleryQueue:
    """Implements Queue for those who must not wait for Redis.

    `ring` leaves a note. One thread publishes what is noted, and keeps the notes while Redis does
    not answer: there are only as many as there are stages and lanes, with a few ids each. A quiet
    hour's note goes out at once; of many in a row, those that come while the thread rests go out as
    one.
    """

    doorbell: Doorbell
    published: int = 0
    failed: int = 0
    _noted: dict[tuple[Stage, Lane], list[str]] = field(default_factory=dict)
    _bell: threading.Condition = field(default_factory=threading.Condition)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Publish what is noted if Redis answers; the sweeper rings for the rest."""
        self._stopping.set()
        with self._bell:
            self._bell.notify_all()
        self._thread.join(_STOP_SECONDS)

    def ring(self, stage: Stage, lane: Lane, ids: Sequence[str] = ()) -> None:
        with self._bell:
            hints = self._noted.setdefault((stage, lane), [])
            hints += ids[: MOST_IDS - len(hints)]
            self._bell.notify()

    def _run(self) -> None:
        while notes := self._next_notes():
            for (stage, lane), ids in notes:
                self._publish(stage, lane, ids)
            self._stopping.wait(_REST_SECONDS)

    def _next_notes(self) -> list[tuple[tuple[Stage, Lane], list[str]]]:
        """Nothing at the end only: once stopping, what is noted goes out first."""
        with self._bell:
            self._bell.wait_for(lambda: self._noted or self._stopping.is_set())
            notes = list(self._noted.items())
            self._noted.clear()
            return notes

    def _publish(self, stage: Stage, lane: Lane, ids: Sequence[str]) -> None:
        try:
            self._greet_a_new_broker()
            self.doorbell.ring(stage, lane, ids)
            self.published += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, the ledger knows what is due
            self.failed += 1
            reason = refusal(error) if isinstance(error, RedisError) else None
            log.warning(
                "ring_failed", stage=stage, lane=lane, error=type(error).__name__, reason=reason
            )
            if not self._stopping.wait(_PAUSE_SECONDS):
                self.ring(stage, lane, ids)

    def _greet_a_new_broker(self) -> None:
        """A Redis that does not know us has lost the rings of everybody else as well."""
        if self.doorbell.broker.is_new():
            log.warning("broker_is_new")
            self.doorbell.ring_sweeper()


@contextmanager
def celery_queue(redis_url: str, broker: Broker) -> Iterator[CeleryQueue]:
    """A queue that publishes in the background for as long as the block."""
    with (
        publishing_app(redis_url) as app,
        CeleryQueue(Doorbell(app, broker)) as queue,
    ):
        yield queue
