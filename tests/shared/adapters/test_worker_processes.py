"""Worker processes: a call costs at most itself, and none outlives its parent."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import psutil
import pytest

from backstory_shared.adapters.worker_processes import WorkerProcesses
from backstory_shared.errors import OutOfTime, Overloaded, StageError, WorkerDied
from backstory_shared.priority import STEPS
from support import worker_calls
from support.program import pool_of
from support.stories import eventually

LONG = 60.0


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerProcesses]:
    """One process, so that every call meets what the one before left behind."""
    with WorkerProcesses(1) as started:
        yield started


def started(file: Path) -> int:
    """The id of the process that works on `say_and_sleep(file, ...)`."""
    eventually(file.exists, bool)
    return int(file.read_text())


def test_a_call_gives_what_the_function_gives(workers: WorkerProcesses) -> None:
    assert workers.submit(LONG, worker_calls.double, 21).result() == 42


def test_a_call_runs_in_another_process_that_gives_way(workers: WorkerProcesses) -> None:
    assert workers.submit(LONG, worker_calls.process_id).result() != os.getpid()

    ours, lowest = os.getpriority(os.PRIO_PROCESS, 0), 19
    assert workers.submit(LONG, worker_calls.priority).result() == min(ours + STEPS, lowest)


def test_a_process_computes_in_one_thread(workers: WorkerProcesses) -> None:
    watching_its_parent = 1

    assert workers.submit(LONG, worker_calls.threads_of_algebra).result() == 1 + watching_its_parent


def test_a_process_is_used_again(workers: WorkerProcesses) -> None:
    first = workers.submit(LONG, worker_calls.process_id).result()

    assert workers.submit(LONG, worker_calls.process_id).result() == first


def test_a_process_with_nothing_to_do_can_be_let_go_and_another_comes(
    workers: WorkerProcesses,
) -> None:
    before = psutil.Process(workers.submit(LONG, worker_calls.process_id).result())

    workers.rest()

    assert not before.is_running()
    assert workers.submit(LONG, worker_calls.process_id).result() != before.pid


def test_an_exception_says_where_but_not_the_words_it_was_working_on(
    workers: WorkerProcesses,
) -> None:
    with pytest.raises(StageError) as raised:
        workers.submit(LONG, worker_calls.raise_with, "canary").result()

    assert raised.value.detail.startswith("ValueError in worker_calls.py, line ")
    assert "canary" not in str(raised.value)
    assert workers.submit(LONG, worker_calls.double, 1).result() == 2


def test_a_result_that_cannot_be_sent_costs_that_call_only(workers: WorkerProcesses) -> None:
    with pytest.raises(StageError):
        workers.submit(LONG, worker_calls.unpicklable).result()

    assert workers.submit(LONG, worker_calls.double, 1).result() == 2


def test_a_process_that_is_killed_while_it_starts_costs_no_call(workers: WorkerProcesses) -> None:
    workers.rest()
    call = workers.submit(LONG, worker_calls.double, 21)

    eventually(lambda: pool_of(psutil.Process()), bool)[0].kill()

    assert call.result() == 42


def test_where_no_process_ever_begins_nothing_can_be_done_and_nobody_is_to_blame(
    workers: WorkerProcesses,
) -> None:
    with pytest.raises(Overloaded, match="before they begin"):
        workers.submit(LONG, worker_calls.double, worker_calls.Fatal()).result()

    assert workers.submit(LONG, worker_calls.double, 1).result() == 2


def test_a_killed_process_costs_one_call(workers: WorkerProcesses, tmp_path: Path) -> None:
    call = workers.submit(LONG, worker_calls.say_and_sleep, tmp_path / "pid", LONG)
    os.kill(started(tmp_path / "pid"), signal.SIGKILL)

    with pytest.raises(WorkerDied):
        call.result()
    assert workers.submit(LONG, worker_calls.double, 1).result() == 2


def test_a_process_killed_while_idle_costs_nothing(workers: WorkerProcesses) -> None:
    process_id = workers.submit(LONG, worker_calls.process_id).result()
    os.kill(process_id, signal.SIGKILL)
    os.waitid(os.P_PID, process_id, os.WEXITED | os.WNOWAIT)  # until all its threads are gone

    assert workers.submit(LONG, worker_calls.double, 1).result() == 2


def test_a_call_past_its_time_is_ended(workers: WorkerProcesses) -> None:
    with pytest.raises(OutOfTime):
        workers.submit(0.2, worker_calls.compute_without_end).result()

    assert workers.submit(LONG, worker_calls.double, 1).result() == 2


def test_a_call_that_the_machine_kept_waiting_is_given_its_time(
    workers: WorkerProcesses, tmp_path: Path
) -> None:
    """Asleep it takes nothing of a processor, as where many others want it."""
    call = workers.submit(0.2, worker_calls.say_and_sleep, tmp_path / "pid", 2.0)

    assert call.result() is None


def test_a_call_that_hangs_is_ended_as_well(tmp_path: Path) -> None:
    with WorkerProcesses(1, most=0.3) as workers, pytest.raises(OutOfTime):
        workers.submit(0.2, worker_calls.say_and_sleep, tmp_path / "pid", LONG).result()


def test_leaving_stops_the_processes_and_whoever_waits(tmp_path: Path) -> None:
    with WorkerProcesses(1) as workers:
        running = workers.submit(LONG, worker_calls.say_and_sleep, tmp_path / "pid", LONG)
        waiting = workers.submit(LONG, worker_calls.double, 1)
        process = psutil.Process(started(tmp_path / "pid"))

    with pytest.raises(Overloaded):
        running.result()
    with pytest.raises(CancelledError):
        waiting.result()
    assert not process.is_running()


_PARENT = """
import sys
from pathlib import Path
from backstory_shared.adapters.worker_processes import WorkerProcesses
from support import worker_calls
from support.program import pool_of

if __name__ == "__main__":
    with WorkerProcesses(1) as workers:
        workers.submit(60.0, worker_calls.say_and_sleep, Path(sys.argv[1]), 60.0).result()
"""


def test_no_process_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    search_path = os.pathsep.join(
        [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    )
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "pid")],
        env={**os.environ, "PYTHONPATH": search_path},
    ) as parent:
        worker = psutil.Process(started(tmp_path / "pid"))

        parent.kill()

    eventually(lambda: _gone(worker), bool)


def _gone(process: psutil.Process) -> bool:
    """A zombie has ended; it only waits for somebody to take note."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
