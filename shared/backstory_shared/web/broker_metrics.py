"""BrokerMetrics: what waits in Redis, who takes it, and what could not be rung."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from backstory_shared.adapters.broker import Broker
from backstory_shared.adapters.celery_queue import SWEEPS, CeleryQueue, work_queues


class BrokerMetrics(Collector):
    """Asked at every scrape; a Redis that does not answer is `backstory_broker_up 0`."""

    def __init__(self, broker: Broker, queue: CeleryQueue | None = None) -> None:
        self._broker = broker
        self._queue = queue

    def describe(self) -> Iterator[Metric]:
        """Nothing: registering must not ask Redis."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        if self._queue is not None:
            yield _rings(self._queue)
        try:
            known = [_waiting(self._broker), _silences(self._broker), _pauses(self._broker)]
        except RedisError:
            known = []
        yield GaugeMetricFamily("backstory_broker_up", "Whether Redis answers.", bool(known))
        yield from known


def _rings(queue: CeleryQueue) -> Metric:
    family = CounterMetricFamily("backstory_rings", "Rings for the workers.", labels=["outcome"])
    family.add_metric(["published"], queue.published)
    family.add_metric(["failed"], queue.failed)
    return family


def _waiting(broker: Broker) -> Metric:
    family = GaugeMetricFamily("backstory_queue_messages", "Messages waiting.", labels=["queue"])
    for queue in (SWEEPS, *work_queues()):
        family.add_metric([queue], broker.length(queue))
    return family


def _silences(broker: Broker) -> Metric:
    family = GaugeMetricFamily(
        "backstory_worker_silence_seconds",
        "Time since a worker last took a message; its canary comes every few seconds.",
        labels=["worker"],
    )
    for worker, silence in broker.silences().items():
        family.add_metric([worker], silence)
    return family


def _pauses(broker: Broker) -> Metric:
    family = GaugeMetricFamily(
        "backstory_beat_pause_seconds",
        "Time since a beat last looked at its schedule, which it does every few seconds.",
        labels=["beat"],
    )
    for beat, pause in broker.pauses().items():
        family.add_metric([beat], pause)
    return family
