"""Frozen orders are kept as long as promised, in bounded memory."""

import numpy as np

from backstory_search.orders import MAX_ORDER, FrozenOrder, MemoryOrders, freeze
from backstory_search.ranking import Ranked, Ranking
from support.clocks import FakeClock


def order(count: int, prefix: str = "a") -> FrozenOrder:
    ids = [f"{prefix}{n}" for n in range(count)]
    scores = np.full((count, 3), [0.5, np.nan, 2.0])
    return freeze(Ranking(ids, scores), count, {})


def test_an_order_is_found_for_ten_minutes() -> None:
    clock = FakeClock()
    orders = MemoryOrders(clock)
    key = orders.keep(order(3))

    clock.tick(599)
    assert orders.find(key) is not None

    clock.tick(1)
    assert orders.find(key) is None


def test_an_order_kept_again_lives_on() -> None:
    clock = FakeClock()
    orders = MemoryOrders(clock)
    orders.keep(order(3))
    clock.tick(500)
    key = orders.keep(order(3))

    clock.tick(500)

    assert orders.find(key) is not None


def test_an_unknown_key_finds_nothing() -> None:
    assert MemoryOrders(FakeClock()).find("unknown") is None


def test_the_oldest_orders_give_way_to_new_ones() -> None:
    orders = MemoryOrders(FakeClock(), max_ids=25)
    keys = [orders.keep(order(10, prefix)) for prefix in "abc"]

    assert [orders.find(key) is not None for key in keys] == [False, True, True]


def test_the_same_answer_takes_its_place_once() -> None:
    orders = MemoryOrders(FakeClock(), max_ids=25)
    first = orders.keep(order(10, "a"))

    for _ in range(10):
        orders.keep(order(10, "b"))

    assert orders.find(first) is not None


def test_a_page_is_what_was_frozen() -> None:
    page = order(5).page(3, 10)

    assert list(page) == [Ranked("a3", 0.5, lexical=2.0), Ranked("a4", 0.5, lexical=2.0)]


def test_an_order_has_no_more_than_its_most() -> None:
    assert len(order(MAX_ORDER + 1).ids) == MAX_ORDER
