"""The composition root of the worker and of the beat on many machines."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from celery import Celery

from backstory_shared import engines, index_engine
from backstory_shared.adapters.celery_queue import Doorbell, Timing, publishing_app
from backstory_shared.adapters.inline_compute import InlineCompute
from backstory_shared.openings import Openings
from backstory_shared.priority import step_back
from backstory_shared.settings import Logs, Work, load
from backstory_summarize.processes import (
    is_silent,
    log_as_we_do,
    run_beat,
    run_worker,
    stands_still,
)
from backstory_summarize.service import stage_runner
from backstory_summarize.tasks import Hands, worker_app

TIMING = Timing()


def app() -> Celery:
    """Also made anew in each process of the pool, which logs as we do."""
    log_as_we_do(load(Logs))
    return worker_app(
        engines.redis_url(), hands, app, concurrency=load(Work).workers, timing=TIMING
    )


@contextmanager
def hands(
    timing: Timing = TIMING,
    open_index: Callable[[], AbstractContextManager[Openings]] = index_engine.openings,
) -> Iterator[Hands]:
    """What one process of the pool works with."""
    with (
        engines.ledger() as ledger,
        open_index() as openings,
        engines.broker() as broker,
        publishing_app(engines.redis_url()) as publishing,
    ):
        compute = InlineCompute(timing.computing.total_seconds(), timing.clock.total_seconds())
        runner = stage_runner(ledger, openings, compute)
        yield Hands(runner, ledger.working, broker, Doorbell(publishing, broker))


def check() -> None:
    """Open all that the work needs, and close it again. Raises CannotStart."""
    with hands() as made:
        made.broker.expect_to_be_let_in()


def work() -> None:
    """Work until a signal comes; exit status 1 if what the work needs is not there.

    A process of its own has a look: this one shall never hold a model.
    """
    step_back()
    if subprocess.run([sys.executable, "-m", "backstory_summarize", "check"]).returncode:
        sys.exit(1)
    with engines.broker() as broker:
        run_worker(app(), broker)


def beat() -> None:
    """Ring the sweeper every few seconds until a signal comes. Two of them do no harm."""
    with engines.broker() as broker:
        broker.expect_to_be_let_in()
        run_beat(app(), broker)


def health() -> None:
    """Exit status 1 if a worker of this machine takes no messages; Redis being down is no fault."""
    with engines.broker() as broker:
        if is_silent(broker, socket.gethostname()):
            sys.exit("A worker of this machine takes no messages.")


def beat_health() -> None:
    """Exit status 1 if the beat of this machine stands still; Redis being down is no fault."""
    with engines.broker() as broker:
        if stands_still(broker, socket.gethostname()):
            sys.exit("The beat of this machine stands still.")


PROGRAMS = {
    "worker": work,
    "beat": beat,
    "check": check,
    "health": health,
    "beat-health": beat_health,
}
