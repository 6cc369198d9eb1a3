"""How many processors there are for this program."""

import os
from pathlib import Path

#: Where a container finds how much of the processors it was given: microseconds, and in how many.
QUOTA = Path("/sys/fs/cgroup/cpu.max")


def processors(quota: Path = QUOTA) -> int:
    """Those it may use: a container or `taskset` may give it fewer than the machine has."""
    try:
        there = len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux knows who may use which
        there = os.cpu_count() or 1
    return min(there, _given(quota) or there)


def _given(quota: Path) -> int | None:
    """None where there is no limit."""
    try:
        given, period = quota.read_text().split()
        return max(1, round(int(given) / int(period)))
    except (OSError, ValueError):  # no such file, or "max"
        return None
