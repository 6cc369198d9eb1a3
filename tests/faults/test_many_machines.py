"""Faults on many machines: whatever breaks, what was accepted is ready in the end, once.

Each has a control further down: with its safeguard taken out, the check must notice.
"""

import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from backstory_shared.adapters.celery_queue import work_queues
from backstory_shared.stages import FIRST_STAGES, MAX_LOST
from support.campaign import Campaign
from support.checker import check
from support.dangerous import lingers
from support.load import Record
from support.machines import Machines, Service, machines
from support.many_machines import DECK, ManyMachines, is_degraded, kill_ingest, site
from support.stories import eventually, wait_until_ready
from support.valkey import Valkey

pytestmark = [pytest.mark.serial, pytest.mark.timeout(0)]

Json = dict[str, Any]
Trouble = Callable[[Valkey], AbstractContextManager[None]]

POISONED = {"poisoned-1", "poisoned-2"}
#: Each of its first stages is lost once in company, and so often alone.
KILLED_BY_ONE = len(FIRST_STAGES) * (1 + MAX_LOST)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with machines(tmp_path_factory.mktemp("faults")) as started:
        yield started


@pytest.fixture(scope="module")
def whole(servers: Machines) -> Iterator[ManyMachines]:
    """With every safeguard, for the tests that leave it as they found it. They come first: whoever
    starts a site of his own ends this one."""
    with site(servers) as started:
        yield started


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record.jsonl")


def accept(client: httpx.Client, record: Record, *articles: Json) -> None:
    """As a publisher does it, who comes again when he is asked to: somebody who was stopped in the
    middle of a transaction holds its rows until the server ends it."""
    for article in articles:
        answer = eventually(
            lambda article=article: client.post("/v1/articles", json=article),
            lambda answer: answer.status_code != 503,
        )
        assert answer.status_code == 202, answer.text
        record.accepted(article["id"], answer.json()["revision"])


def story(article_id: str, title: str = "A quiet day") -> Json:
    text = f"{title} in the town of {article_id}."
    return {"id": article_id, "title": title, "section": title, "text": text}


@contextmanager
def down(valkey: Valkey) -> Iterator[None]:
    valkey.kill()
    yield
    valkey.start()


@contextmanager
def hung(valkey: Valkey) -> Iterator[None]:
    valkey.hang()
    yield
    valkey.wake()


@contextmanager
def full(valkey: Valkey) -> Iterator[None]:
    with valkey.client() as client:
        client.config_set("maxmemory", "1")
        yield
        client.config_set("maxmemory", "0")


@contextmanager
def locked(valkey: Valkey) -> Iterator[None]:
    """Under another password: everybody is thrown out and cannot come in."""
    with valkey.client() as client:
        client.config_set("requirepass", "another")
        client.client_kill_filter(_type="normal", skipme=True)
        yield
        client.config_set("requirepass", "")


def stop_workers(whole: ManyMachines) -> None:
    for name in ("worker-1", "worker-2"):
        whole.machines.services[name].signal(signal.SIGSTOP)


def wake_workers(whole: ManyMachines) -> None:
    for name in ("worker-1", "worker-2"):
        whole.machines.services[name].signal(signal.SIGCONT)


# --- one fault at a time --------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [down, hung, full, locked])
def test_articles_are_accepted_without_redis_and_done_when_it_is_back(
    whole: ManyMachines, record: Record, trouble: Trouble
) -> None:
    name = trouble.__name__
    with whole.ingest() as client, whole.machines.search() as reader:
        with trouble(whole.machines.valkey):
            accept(client, record, *(story(f"{name}-{number}") for number in range(20)))
            assert client.get("/readyz").status_code == 200
            assert reader.get("/v1/search", params={"q": "day", "limit": 1}).status_code == 200
            if trouble is not full:  # that one answers, and takes nothing
                eventually(lambda: is_degraded(client, "broker"), bool)
        whole.machines.restart_the_ended()

        assert check(whole.witness(), record, 60) == []
        eventually(lambda: is_degraded(client, "broker"), lambda degraded: not degraded)


def test_articles_are_accepted_without_the_index_and_in_it_when_it_is_back(
    whole: ManyMachines, record: Record
) -> None:
    whole.machines.qdrant.kill()
    with whole.ingest() as client, whole.machines.search() as reader:
        accept(client, record, *(story(f"unindexed-{number}") for number in range(20)))
        assert client.get("/readyz").status_code == 200
        assert reader.get("/readyz").json()["missing"] == ["index"]
    whole.machines.restart_qdrant()

    assert check(whole.witness(), record, 60) == []


def test_articles_whose_rings_were_all_lost_are_done(whole: ManyMachines, record: Record) -> None:
    """As when a worker dies between taking a message and noting that it has."""
    stop_workers(whole)
    with whole.ingest() as client:
        accept(client, record, *(story(f"unheard-{number}") for number in range(20)))
    steal_messages(whole)
    wake_workers(whole)

    assert check(whole.witness(), record, 60) == []


def test_what_was_changed_and_deleted_while_it_waited_stays_so(
    whole: ManyMachines, record: Record
) -> None:
    stop_workers(whole)
    change_and_delete(whole, record)
    wake_workers(whole)

    assert check(whole.witness(), record, 60) == []


def test_a_worker_stopped_in_the_middle_does_not_overwrite_newer_work(
    whole: ManyMachines, record: Record
) -> None:
    raise_a_zombie(whole, record)
    time.sleep(2)  # it writes now, if it can: nobody sees from outside when it has
    whole.machines.services["worker-1"].signal(signal.SIGCONT)

    assert check(whole.witness(), record, 60) == []


def test_articles_that_kill_their_workers_fail_and_no_other(
    whole: ManyMachines, record: Record
) -> None:
    poisoned = {"killer-1", "killer-2"}
    with whole.ingest() as client:
        for article_id in poisoned:
            client.post("/v1/articles", json=story(article_id, "A poison")).raise_for_status()
        accept(client, record, *(story(f"beside-{number}") for number in range(60)))

        assert check(whole.witness(), record, 120, poisoned) == []
        for article_id in poisoned:
            client.delete(f"/v1/articles/{article_id}").raise_for_status()


def test_an_article_that_takes_too_long_is_an_error_of_its_own(whole: ManyMachines) -> None:
    with whole.ingest() as client:
        client.post("/v1/articles", json=story("slow", "A stalling")).raise_for_status()

        seen = eventually(
            lambda: client.get("/v1/articles/slow/status").json()["stages"],
            lambda stages: all(stage["errors"] for stage in stages),
        )
        client.delete("/v1/articles/slow").raise_for_status()

    assert {stage["error"]["type"] for stage in seen} == {"out-of-time"}


def test_a_library_that_hangs_and_takes_no_signal_is_ended_by_the_pool(
    whole: ManyMachines,
) -> None:
    with whole.ingest() as client:
        client.post("/v1/articles", json=story("hanging", "A deaf library")).raise_for_status()

        seen = eventually(
            lambda: client.get("/v1/articles/hanging/status").json()["stages"],
            lambda stages: all(stage["lost"] for stage in stages),
        )
        client.delete("/v1/articles/hanging").raise_for_status()

    assert {stage["error"]["type"] for stage in seen} == {"worker-lost"}


# --- faults at random moments ---------------------------------------------------------------------


def test_no_fault_loses_doubles_resurrects_or_fails_an_article(
    servers: Machines, tmp_path: Path, kills: int
) -> None:
    """Some articles kill whoever works on them: these fail, and no other."""
    with site(servers, deck=DECK) as whole:
        campaign = Campaign(whole, tmp_path, seed=11, failing=POISONED, at_least=50 * kills)
        with whole.ingest() as client:
            for article_id in POISONED:
                client.post("/v1/articles", json=story(article_id, "A poison")).raise_for_status()

        broken = campaign.run(kills)

    assert broken == []
    assert len(campaign.record.certain()) > 20 * kills


# --- the controls: one safeguard less -------------------------------------------------------------


def test_the_check_notices_an_answer_given_before_the_commit(
    servers: Machines, record: Record
) -> None:
    with site(servers, accepting="answers-early") as unsafe:
        with unsafe.ingest() as client:
            accept(client, record, story("kept"))
            accept(client, record, story("lost"))
            wait_until_ready(client, "kept")
        kill_ingest(unsafe.machines, random.Random(1))

        broken = check(unsafe.witness(), record, 60)

    assert "lost is not listed" in broken
    assert all(sentence.startswith("lost ") for sentence in broken)


def test_the_check_notices_a_publisher_that_waits_for_redis(servers: Machines) -> None:
    with (
        site(servers, accepting="rings-at-once") as unsafe,
        unsafe.ingest() as client,
        down(unsafe.machines.valkey),
    ):
        answer = client.post("/v1/articles", json=story("refused"))

    assert answer.status_code == 500


def test_the_check_notices_when_nobody_sweeps(servers: Machines, record: Record) -> None:
    with site(servers, working="never-sweeps") as unsafe:
        services = unsafe.machines.services
        others = [services[name] for name in ("ingest", "worker-1", "worker-2")]
        for worker in others[1:]:
            worker.stop()
        with unsafe.ingest() as client:
            accept(client, record, *(story(f"unheard-{number}") for number in range(20)))
        services["ingest"].stop()  # which does not end before the last ring is out
        steal_messages(unsafe)
        for service in others:
            service.start()
        services["ingest"].wait_until_ready()
        unsafe.machines.wait_for_workers(2)

        broken = check(unsafe.witness(), record, 10)

    assert any("work was left over" in sentence for sentence in broken)


def test_the_check_notices_a_worker_that_finishes_without_its_claim(
    servers: Machines, record: Record
) -> None:
    with site(servers, working="finishes-anyway") as unsafe:
        raise_a_zombie(unsafe, record)

        broken = eventually(lambda: check(unsafe.witness(), record, 60), bool)

    assert any("after a newer one came" in sentence for sentence in broken)


def test_the_check_notices_an_index_that_is_written_whatever_is_there(
    servers: Machines, record: Record
) -> None:
    with site(servers, working="writes-anyway") as unsafe:
        raise_a_zombie(unsafe, record)

        broken = eventually(lambda: check(unsafe.witness(), record, 60), bool)

    assert any("differ between the index and the ledger" in sentence for sentence in broken)


def test_the_check_notices_what_was_written_into_an_index_that_was_not_there(
    servers: Machines, record: Record
) -> None:
    with site(servers, working="never-hears") as unsafe:
        with unsafe.ingest() as client:
            accept(client, record, story("before"))
            wait_until_ready(client, "before")  # a worker must have found the index to lose it
            unsafe.machines.qdrant.kill()
            accept(client, record, story("unheard"))
            wait_until_ready(client, "unheard")
        unsafe.machines.restart_qdrant()

        broken = check(unsafe.witness(), record, 60)

    assert any("differ between the index and the ledger" in sentence for sentence in broken)


def test_the_check_notices_a_deletion_that_was_only_said(servers: Machines, record: Record) -> None:
    with site(servers, accepting="forgets-deletions") as unsafe:
        change_and_delete(unsafe, record)

        broken = check(unsafe.witness(), record, 60)

    assert any("was deleted and is there" in sentence for sentence in broken)


def test_the_check_notices_when_losses_are_not_counted(servers: Machines, record: Record) -> None:
    with site(servers, working="never-counts") as unsafe, unsafe.ingest() as client:
        client.post("/v1/articles", json=story("killer", "A poison")).raise_for_status()
        eventually(pools_of(unsafe), lambda seen: len(seen) > len(unsafe.workers()) + KILLED_BY_ONE)

        broken = check(unsafe.witness(), record, 1, {"killer"})

    assert any("work was left over" in sentence for sentence in broken)


# --- moves ----------------------------------------------------------------------------------------


def change_and_delete(site: ManyMachines, record: Record) -> None:
    with site.ingest() as client:
        accept(client, record, story("kept"), story("changed"), story("removed"), story("both"))
        accept(client, record, story("changed", "Another day"), story("both", "Another day"))
        for article_id in ("removed", "both"):
            assert client.delete(f"/v1/articles/{article_id}").is_success
            record.removed(article_id)


def raise_a_zombie(site: ManyMachines, record: Record) -> None:
    """Stop a worker in the middle of its work, let the other do newer work, and wake the process
    that works: not the one that would end it for being late."""
    first, second = (site.machines.services[name] for name in ("worker-1", "worker-2"))
    numbers = count(1)
    with site.ingest() as client:
        second.signal(signal.SIGSTOP)
        undead = eventually(
            lambda: stopped_at_work(client, record, first, f"undead-{next(numbers)}"), bool
        )
        second.signal(signal.SIGCONT)
        accept(client, record, story(undead, "A short walk"))
        eventually(
            lambda: client.get(f"/v1/articles/{undead}/status").json()["status"],
            lambda status: status == "ready",
        )
    for process in first.pool():
        process.send_signal(signal.SIGCONT)
    eventually(lambda: lingering(first), lambda processes: not processes)


def stopped_at_work(client: httpx.Client, record: Record, worker: Service, article_id: str) -> str:
    """The article; none if the worker was done before it could be stopped."""
    accept(client, record, story(article_id, "A lingering walk"))
    eventually(
        lambda: index_state(client, article_id) == "done" or all_linger(client, worker), bool
    )
    worker.signal(signal.SIGSTOP)
    if index_state(client, article_id) == "running" and all_linger(client, worker):
        return article_id
    worker.signal(signal.SIGCONT)
    return ""


def index_state(client: httpx.Client, article_id: str) -> str:
    stages = client.get(f"/v1/articles/{article_id}/status").json()["stages"]
    return next(str(stage["state"]) for stage in stages if stage["name"] == "index")


def all_linger(client: httpx.Client, worker: Service) -> bool:
    """Whether whatever is worked on is in the hands of a process that waits to be stopped."""
    stages = client.get("/v1/stats").json()["stages"]
    running = sum(stage["running"] for stage in stages.values())
    return bool(stages["index"]["running"]) and len(lingering(worker)) == running


def lingering(worker: Service) -> list[psutil.Process]:
    return [process for process in worker.pool() if lingers(process.pid)]


def pools_of(site: ManyMachines) -> Callable[[], set[int]]:
    """Every process of the workers' pools that was ever seen since."""
    seen: set[int] = set()

    def look() -> set[int]:
        seen.update(process.pid for process in site.workers())
        return seen

    return look


def steal_messages(site: ManyMachines) -> None:
    with site.machines.valkey.client() as client:
        client.delete(*(f"backstory:{queue}" for queue in work_queues()))
