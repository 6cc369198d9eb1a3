"""Priority: who computes steps back for who answers."""

import os
from contextlib import suppress

#: Enough that a machine with too much to do serves those who wait before the work that can.
STEPS = 10


def step_back() -> None:
    """Run this process, and all that it starts from now on, after those that people wait for."""
    with suppress(OSError, AttributeError):  # Windows has no such thing
        os.nice(STEPS)
