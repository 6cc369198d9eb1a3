"""Computing in the process that asks: bounded in time, and silent about the words."""

import os
import signal
import time
from contextlib import suppress

import pytest

from backstory_shared.adapters.inline_compute import InlineCompute
from backstory_shared.errors import OutOfTime, StageError
from support import worker_calls

LONG = 60.0


@pytest.fixture
def compute() -> InlineCompute:
    return InlineCompute(most=LONG, by_the_clock=LONG)


def sleep_whatever_happens(seconds: float) -> None:
    """As code that sets one bad article apart from the others."""
    with suppress(Exception):
        time.sleep(seconds)


def test_a_call_gives_what_the_function_gives(compute: InlineCompute) -> None:
    assert compute.submit(LONG, worker_calls.double, 21).result() == 42


def test_a_call_runs_in_this_process(compute: InlineCompute) -> None:
    assert compute.submit(LONG, worker_calls.process_id).result() == os.getpid()


def test_an_exception_says_where_but_not_the_words_it_was_working_on(
    compute: InlineCompute,
) -> None:
    with pytest.raises(StageError) as raised:
        compute.submit(LONG, worker_calls.raise_with, "canary").result()

    assert raised.value.detail.startswith("ValueError in worker_calls.py, line ")
    assert "canary" not in str(raised.value)


def test_a_call_that_takes_too_long_is_out_of_time(compute: InlineCompute) -> None:
    with pytest.raises(OutOfTime):
        compute.submit(0.05, worker_calls.compute_without_end).result()


def test_a_call_that_hangs_is_out_of_time_by_the_clock() -> None:
    with pytest.raises(OutOfTime):
        InlineCompute(most=LONG, by_the_clock=0.05).submit(0.05, time.sleep, LONG).result()


def test_a_call_that_had_too_little_of_a_processor_is_not_out_of_time() -> None:
    """Asleep it takes nothing of one, as where many others want it."""
    compute = InlineCompute(most=1.0, by_the_clock=LONG)

    assert compute.submit(LONG, time.sleep, 2.0).result() is None


def test_code_that_catches_every_exception_is_out_of_time_as_well() -> None:
    compute = InlineCompute(most=LONG, by_the_clock=0.05)

    with pytest.raises(OutOfTime):
        compute.submit(0.05, sleep_whatever_happens, 5).result()


def test_no_call_may_take_longer_than_the_most() -> None:
    compute = InlineCompute(most=0.05, by_the_clock=LONG)

    with pytest.raises(OutOfTime):
        compute.submit(LONG, worker_calls.compute_without_end).result()


def test_after_a_call_nothing_is_left_to_ring(compute: InlineCompute) -> None:
    compute.submit(LONG, worker_calls.double, 1).result()

    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
