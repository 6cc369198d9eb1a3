"""Frozen orders in Redis: every process reads them, and no reader suffers when they are lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from backstory_search.orders import LIFETIME, FrozenOrder, MemoryOrders
from backstory_search.redis_orders import RedisOrders
from backstory_shared.adapters.broker import open_broker
from backstory_shared.ports import Facet
from support.clocks import FakeClock
from support.valkey import Valkey, running_valkey

ORDER = FrozenOrder(
    ids=("ferry~1", "ferry:2"),
    scores=np.array([[0.5, 0.25, np.nan], [0.4, np.nan, 7.5]], dtype=np.float32),
    total=12,
    facets={Facet.SECTION: (("local", 7), ("Küche", 5))},
)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    with running_valkey(tmp_path / "valkey") as started:
        yield started


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def orders(valkey: Valkey, clock: FakeClock) -> Iterator[RedisOrders]:
    with open_broker(valkey.url) as broker:
        yield RedisOrders(broker.redis, MemoryOrders(clock), clock)


@pytest.fixture
def elsewhere(valkey: Valkey, clock: FakeClock) -> Iterator[RedisOrders]:
    """Another process: the same Redis, a memory of its own."""
    with open_broker(valkey.url) as broker:
        yield RedisOrders(broker.redis, MemoryOrders(clock), clock)


def same(found: FrozenOrder | None) -> bool:
    return (
        found is not None
        and (found.ids, found.total, found.facets) == (ORDER.ids, ORDER.total, ORDER.facets)
        and np.array_equal(found.scores, ORDER.scores, equal_nan=True)
    )


def test_an_order_is_read_by_another_process(orders: RedisOrders, elsewhere: RedisOrders) -> None:
    key = orders.keep(ORDER)

    assert same(elsewhere.find(key))


def test_an_order_without_articles_comes_back_as_it_was(
    orders: RedisOrders, elsewhere: RedisOrders
) -> None:
    empty = FrozenOrder((), np.zeros((0, 3), np.float32), 0, {})

    found = elsewhere.find(orders.keep(empty))

    assert found is not None
    assert (found.ids, found.total, found.facets) == ((), 0, {})


def test_a_key_that_nobody_gave_is_not_found(orders: RedisOrders) -> None:
    assert orders.find("0" * 24) is None


def test_an_order_is_kept_as_long_as_its_cursors_live(orders: RedisOrders, valkey: Valkey) -> None:
    key = orders.keep(ORDER)

    with valkey.client() as client:
        seconds = client.ttl(f"backstory:order:{key}")

    assert LIFETIME - timedelta(minutes=5) <= timedelta(seconds=seconds) <= LIFETIME


def test_without_redis_a_process_reads_what_it_kept(orders: RedisOrders, valkey: Valkey) -> None:
    valkey.kill()

    key = orders.keep(ORDER)

    assert same(orders.find(key))


def test_what_was_lost_with_redis_is_not_found(
    orders: RedisOrders, elsewhere: RedisOrders, valkey: Valkey
) -> None:
    key = orders.keep(ORDER)
    with valkey.client() as client:
        client.flushall()

    assert elsewhere.find(key) is None


def test_a_redis_that_hangs_is_waited_for_once_in_a_while_only(
    elsewhere: RedisOrders, valkey: Valkey, clock: FakeClock
) -> None:
    valkey.hang()
    try:
        assert elsewhere.find("0" * 24) is None
        paused = elsewhere._asleep_until
        assert elsewhere.find("1" * 24) is None
    finally:
        valkey.wake()

    assert paused == elsewhere._asleep_until == clock.now + timedelta(seconds=5)


def test_a_redis_that_is_back_is_used_again(
    orders: RedisOrders, elsewhere: RedisOrders, valkey: Valkey, clock: FakeClock
) -> None:
    valkey.kill()
    orders.keep(ORDER)
    valkey.start()
    clock.tick(6)

    key = orders.keep(ORDER)

    assert same(elsewhere.find(key))
