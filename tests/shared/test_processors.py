"""How many processors there are for the program."""

import os
from pathlib import Path

import pytest

from backstory_shared.processors import processors
from backstory_shared.settings import Work, load

OURS = len(os.sched_getaffinity(0))


@pytest.fixture
def quota(tmp_path: Path) -> Path:
    return tmp_path / "cpu.max"


def test_without_a_limit_there_are_all_that_the_process_may_run_on(quota: Path) -> None:
    assert processors(quota) == OURS
    quota.write_text("max 100000\n")
    assert processors(quota) == OURS


def test_a_container_has_what_it_was_given(quota: Path) -> None:
    quota.write_text("100000 100000\n")

    assert processors(quota) == 1


def test_less_than_one_is_one_and_more_than_there_are_are_not_more(quota: Path) -> None:
    quota.write_text("20000 100000\n")
    assert processors(quota) == 1

    quota.write_text(f"{100_000 * (OURS + 7)} 100000\n")
    assert processors(quota) == OURS


def test_there_is_a_worker_for_each_up_to_as_many_as_may_be_asked_for() -> None:
    assert load(Work).workers == min(processors(), 64)
