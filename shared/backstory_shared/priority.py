"""Priority: who computes steps back for who answers."""

import os
from contextlib import suppress

#: Enough that a machine with too much to do serves those who wait before the work that can.
STEPS = 10


def step_back() -> None:
    """Run this process, and all that it starts from now on, after those that people wait for."""
    with suppress(OSError, AttributeError):  # Windows has no such thing
        os.nice(STEPS)


def one_thread_each() -> None:
    """Let each process started from now on do its linear algebra in one thread.

    It is one processor's work. A second thread would spin while it waits for the first, and take
    the processor from the next process.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
