"""The doorbell over Redis: nobody waits for it, and it may break in every way."""

import json
import os
import signal
import socket
import time
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app

from backstory_shared.adapters.broker import Broker, NobodyBeats, NobodyConsumes, open_broker
from backstory_shared.adapters.celery_queue import (
    SWEEPS,
    CeleryQueue,
    Timing,
    celery_queue,
    publishing_app,
    queue_of,
    work_queues,
)
from backstory_shared.adapters.ledger import open_sqlite_ledger
from backstory_shared.errors import CannotStart
from backstory_shared.events import EventType
from backstory_shared.stages import ArticleStatus, Lane, Stage
from backstory_summarize.processes import is_silent, stands_still
from support import patience
from support.ledgers import accept, claim, lose
from support.stories import eventually
from support.tls import authority, behind_tls
from support.toy_worker import toy_process
from support.valkey import Valkey, running_valkey

LIVE_INDEX = queue_of(Stage.INDEX, Lane.LIVE)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    with running_valkey(tmp_path / "valkey") as started:
        yield started


@pytest.fixture
def broker(valkey: Valkey) -> Iterator[Broker]:
    """The test's own, which waits for a Redis that a busy machine keeps waiting."""
    with valkey.client() as redis:
        yield Broker(redis)


@pytest.fixture
def queue(valkey: Valkey) -> Iterator[CeleryQueue]:
    with open_broker(valkey.url) as broker, celery_queue(valkey.url, broker) as opened:
        yield opened


def ring(queue: CeleryQueue) -> None:
    queue.ring(Stage.INDEX, Lane.LIVE)


def rung(broker: Broker) -> None:
    eventually(lambda: broker.length(LIVE_INDEX), lambda waiting: waiting >= 1)


def test_a_ring_waits_in_the_queue_of_its_stage_and_lane(
    queue: CeleryQueue, broker: Broker
) -> None:
    queue.ring(Stage.SUMMARIZE, Lane.BACKFILL)

    eventually(lambda: broker.length("summarize.backfill"), lambda waiting: waiting == 1)
    assert {name: broker.length(name) for name in work_queues()} == {
        "summarize.live": 0,
        "index.live": 0,
        "relate.live": 0,
        "summarize.backfill": 1,
        "index.backfill": 0,
        "relate.backfill": 0,
    }


def test_a_ring_says_where_to_look_and_for_which_articles(
    queue: CeleryQueue, broker: Broker, valkey: Valkey
) -> None:
    """JSON that anybody can read, and never more than a few ids, however many there are."""
    queue.ring(Stage.INDEX, Lane.LIVE, [f"article-{number}" for number in range(10_000)])

    rung(broker)
    with valkey.client() as client:
        message = json.loads(client.lrange(f"backstory:{LIVE_INDEX}", 0, 0)[0])
    _, said, _ = json.loads(b64decode(message["body"]))
    assert said == {
        "stage": "index",
        "lane": "live",
        "ids": [f"article-{number}" for number in range(16)],
    }


def test_what_was_rung_for_while_redis_was_down_is_named_when_it_is_back(
    queue: CeleryQueue, broker: Broker, valkey: Valkey
) -> None:
    valkey.kill()
    queue.ring(Stage.INDEX, Lane.LIVE, ["first"])
    eventually(lambda: queue.failed, lambda failed: failed >= 1)
    queue.ring(Stage.INDEX, Lane.LIVE, ["second"])

    valkey.start()

    rung(broker)
    with valkey.client() as client:
        messages = client.lrange(f"backstory:{LIVE_INDEX}", 0, -1)
    bodies = [json.loads(b64decode(json.loads(message)["body"])) for message in messages]
    assert {id_ for body in bodies for id_ in body[1]["ids"]} <= {"first", "second"}
    assert "first" in [id_ for body in bodies for id_ in body[1]["ids"]]


def test_rings_that_nobody_hears_do_not_pile_up(queue: CeleryQueue, broker: Broker) -> None:
    for _ in range(300):
        before = queue.published
        ring(queue)
        eventually(lambda: queue.published, lambda published, b=before: published > b)

    assert broker.length(LIVE_INDEX) == 64


def test_a_ring_goes_out_once_a_redis_that_was_down_is_back(
    queue: CeleryQueue, broker: Broker, valkey: Valkey
) -> None:
    valkey.kill()
    ring(queue)
    eventually(lambda: queue.failed, lambda failed: failed >= 2)

    valkey.start()

    rung(broker)


def test_a_ring_goes_out_once_a_redis_that_hung_wakes(
    queue: CeleryQueue, broker: Broker, valkey: Valkey
) -> None:
    ring(queue)
    rung(broker)
    valkey.hang()
    try:
        began = time.monotonic()
        for _ in range(1_000):
            ring(queue)
        waited = time.monotonic() - began
        eventually(lambda: queue.failed, lambda failed: failed >= 1)
    finally:
        valkey.wake()

    # A thousand waits, of the two seconds that publishing takes then, would be half an hour.
    assert waited < patience.SECONDS, "whoever rings waits for a Redis that hangs"
    eventually(lambda: broker.length(LIVE_INDEX), lambda waiting: waiting >= 2)


def test_a_full_redis_is_a_figure_and_no_error(
    queue: CeleryQueue, broker: Broker, valkey: Valkey
) -> None:
    with valkey.client() as client:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "1")
        ring(queue)
        eventually(lambda: queue.failed, lambda failed: failed >= 1)
        client.config_set("maxmemory", "0")

    rung(broker)


def test_a_wrong_password_is_a_figure_and_no_error(valkey: Valkey, broker: Broker) -> None:
    with valkey.client() as client:
        client.config_set("requirepass", "right")
        url = valkey.url.replace("redis://", "redis://:wrong@")

        with open_broker(url) as locked_out, celery_queue(url, locked_out) as queue:
            ring(queue)
            eventually(lambda: queue.failed, lambda failed: failed >= 1)


def test_a_user_who_may_only_touch_our_keys_is_enough_for_all_of_it(
    tmp_path: Path, valkey: Valkey
) -> None:
    """Also for a worker and the beat: without rings only the sweeper makes the article done."""
    with valkey.client() as client:
        client.execute_command(
            *("ACL", "SETUSER", "backstory", "on", ">opensesame"), *("~backstory:*", "&*", "+@all")
        )
        client.execute_command("ACL", "SETUSER", "default", "off")
    url = valkey.url.replace("redis://", "redis://backstory:opensesame@")
    file = tmp_path / "ledger.sqlite"
    ledger = open_sqlite_ledger(file)

    with (
        toy_process("worker", url, file),
        toy_process("beat", url, file),
        open_broker(url) as broker,
        celery_queue(url, broker) as queue,
    ):
        accept(ledger, id="rung")
        ring(queue)
        accept(ledger, id="swept")
        eventually(ledger.working.waiting, lambda waiting: not waiting)
        eventually(broker.pauses, bool)

        broker.expect_to_be_let_in()
        broker.expect_consumers()


@pytest.mark.parametrize("user", ["backstory:wrong", "stranger:opensesame", ":wrong"])
def test_a_redis_that_refuses_us_is_one_sentence_without_the_password(
    valkey: Valkey, user: str
) -> None:
    with valkey.client() as client:
        client.execute_command("ACL", "SETUSER", "backstory", "on", ">opensesame", "~*", "+@all")
        client.config_set("requirepass", "right")
    url = valkey.url.replace("redis://", f"redis://{user}@")

    with (
        open_broker(url) as broker,
        pytest.raises(CannotStart, match="refuses the user or the password") as refused,
    ):
        broker.expect_to_be_let_in()

    assert user.rpartition(":")[2] not in refused.value.detail


def test_a_user_who_may_not_touch_our_keys_is_told_which(valkey: Valkey) -> None:
    with valkey.client() as client:
        client.execute_command("ACL", "SETUSER", "other", "on", ">opensesame", "~other:*", "+@all")
    url = valkey.url.replace("redis://", "redis://other:opensesame@")

    with open_broker(url) as broker, pytest.raises(CannotStart, match=r"keys backstory:\*"):
        broker.expect_to_be_let_in()


def test_a_redis_that_is_down_keeps_nobody_from_starting(valkey: Valkey, broker: Broker) -> None:
    valkey.kill()

    broker.expect_to_be_let_in()


def test_over_tls_rings_and_questions_go_to_a_redis_that_is_trusted(
    tmp_path: Path, valkey: Valkey, broker: Broker
) -> None:
    ours, theirs = authority(tmp_path / "ca.pem"), authority(tmp_path / "theirs.pem")
    with behind_tls(valkey.port, ours) as port:
        trusting = f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={ours.file}"
        with open_broker(trusting) as encrypted, celery_queue(trusting, encrypted) as queue:
            encrypted.expect_to_be_let_in()
            ring(queue)
            rung(broker)

        for address in (f"?ssl_ca_certs={theirs.file}", ""):
            with (
                open_broker(f"rediss://127.0.0.1:{port}/0{address}") as doubting,
                pytest.raises(CannotStart, match="certificate of Redis is not trusted"),
            ):
                doubting.expect_to_be_let_in()


def test_a_wiped_redis_is_noticed_and_the_sweeper_is_rung(
    queue: CeleryQueue, broker: Broker, valkey: Valkey
) -> None:
    ring(queue)
    rung(broker)
    with valkey.client() as client:
        client.flushall()

    ring(queue)

    eventually(lambda: broker.length(SWEEPS), lambda waiting: waiting == 1)


def test_what_is_noted_goes_out_before_the_queue_closes(valkey: Valkey, broker: Broker) -> None:
    with celery_queue(valkey.url, broker) as queue:
        ring(queue)

    assert broker.length(LIVE_INDEX) == 1


def test_making_an_app_changes_nothing_for_others(valkey: Valkey) -> None:
    before = current_app._get_current_object()

    with publishing_app(valkey.url) as app:
        assert current_app._get_current_object() is before
        assert app.conf.result_backend is None


def test_the_times_are_longer_one_than_the_other() -> None:
    timing = Timing()

    assert timing.computing < timing.clock
    assert timing.turn + timing.clock < timing.task < timing.lease
    assert timing.visibility > 2 * timing.task


def test_a_ring_for_the_sweeper_is_good_however_long_it_lay(
    tmp_path: Path, valkey: Valkey, broker: Broker
) -> None:
    """And whatever the clocks of the two machines say."""
    file = tmp_path / "ledger.sqlite"
    with toy_process("beat", valkey.url, file):
        eventually(lambda: broker.length(SWEEPS), bool)

    with closing(open_sqlite_ledger(file)) as ledger:
        accept(ledger, id="a")
        with toy_process("worker", valkey.url, file):
            eventually(
                lambda: ledger.status.status("a").status,
                lambda status: status is ArticleStatus.READY,
            )


def test_no_second_ring_for_the_sweeper_lies_behind_the_first(
    tmp_path: Path, valkey: Valkey, broker: Broker
) -> None:
    looks: set[bytes] = set()
    with toy_process("beat", valkey.url, tmp_path / "ledger.sqlite"), valkey.client() as client:
        eventually(lambda: broker.length(SWEEPS), bool)
        eventually(
            lambda: looks.update(client.hvals("backstory:beats")) or len(looks),
            lambda count: count > 8,
        )

    assert broker.length(SWEEPS) == 1


def test_two_beats_have_what_was_lost_taken_back_and_counted_once(
    tmp_path: Path, valkey: Valkey, broker: Broker
) -> None:
    file = tmp_path / "ledger.sqlite"
    with closing(open_sqlite_ledger(file)) as ledger:
        accept(ledger, id="a")
        lose(ledger, claim(ledger))  # from now on alone, and so counted
        already_over = replace(ledger.working, lease=timedelta(seconds=-1))
        assert already_over.claim(Stage.INDEX, Lane.LIVE, 1) is not None

        with toy_process("beat", valkey.url, file), toy_process("beat", valkey.url, file):
            eventually(broker.pauses, lambda beats: len(beats) == 2)
            with toy_process("worker", valkey.url, file):
                eventually(
                    lambda: ledger.status.status("a").status,
                    lambda status: status is ArticleStatus.READY,
                )
                wait_for_another_look_of_each(broker)

        stages = {stage.name: stage for stage in ledger.status.status("a").stages}
        told = Counter(event.type for event in ledger.events.events(after=0, limit=100))
    assert (stages[Stage.INDEX].lost, stages[Stage.SUMMARIZE].lost) == (1, 0)
    assert {EventType.SUMMARIZED, EventType.INDEXED, EventType.READY} <= told.keys()
    assert set(told.values()) == {1}


def wait_for_another_look_of_each(broker: Broker) -> None:
    now = time.time()
    eventually(
        broker.pauses, lambda beats: all(pause < time.time() - now for pause in beats.values())
    )


# --- who consumes ---------------------------------------------------------------------------------


def test_without_a_worker_nobody_consumes(broker: Broker) -> None:
    with pytest.raises(NobodyConsumes):
        broker.expect_consumers()


def consumes(broker: Broker) -> bool:
    try:
        broker.expect_consumers()
    except NobodyConsumes:
        return False
    return True


def test_a_worker_that_takes_its_canaries_consumes(
    tmp_path: Path, valkey: Valkey, broker: Broker
) -> None:
    strict = replace(broker, silent_seconds=3.0)
    with (
        toy_process("worker", valkey.url, tmp_path / "ledger.sqlite"),
        toy_process("beat", valkey.url, tmp_path / "ledger.sqlite"),
    ):
        eventually(broker.silences, lambda known: len(known) == 1)
        time.sleep(6.0)

        eventually(lambda: consumes(strict), bool)


def test_a_worker_that_is_there_and_takes_nothing_is_noticed(
    tmp_path: Path, valkey: Valkey, broker: Broker
) -> None:
    """Two workers, of which one is stopped: what the other one does must not hide it."""
    strict = replace(broker, silent_seconds=3.0)
    file = tmp_path / "ledger.sqlite"
    with (
        toy_process("worker", valkey.url, file) as wedged,
        toy_process("worker", valkey.url, file),
        toy_process("beat", valkey.url, file),
    ):
        eventually(broker.silences, lambda known: len(known) == 2)
        os.kill(wedged.pid, signal.SIGSTOP)

        def silences() -> tuple[float, float]:
            known = {
                name.rpartition("-")[2]: silence for name, silence in broker.silences().items()
            }
            return known.pop(str(wedged.pid)), max(known.values())

        eventually(silences, lambda seen: seen[0] > 5.0 > 3.0 > seen[1])
        with pytest.raises(NobodyConsumes):
            strict.expect_consumers()
        assert is_silent(strict, socket.gethostname())
        assert not is_silent(strict, "another machine")


def test_a_worker_that_takes_nothing_is_noticed_where_it_is_the_only_one(
    tmp_path: Path, valkey: Valkey, broker: Broker
) -> None:
    """Nobody is left to send it anything."""
    strict, host = replace(broker, silent_seconds=3.0), socket.gethostname()
    file = tmp_path / "ledger.sqlite"
    with (
        toy_process("worker", valkey.url, file) as wedged,
        toy_process("beat", valkey.url, file) as beat,
    ):
        eventually(broker.silences, lambda known: len(known) == 1)
        eventually(lambda: is_silent(strict, host), lambda silent: not silent)
        os.kill(wedged.pid, signal.SIGSTOP)

        eventually(lambda: is_silent(strict, host), bool)
        assert not consumes(strict)

        beat.kill()
        beat.wait()
        with valkey.client() as client:
            client.delete(f"backstory:{SWEEPS}", *client.keys("backstory:canary.*"))
        assert not is_silent(strict, host), "nobody has asked it for anything"


def test_a_worker_is_known_again_to_a_wiped_redis(
    tmp_path: Path, valkey: Valkey, broker: Broker
) -> None:
    with toy_process("worker", valkey.url, tmp_path / "ledger.sqlite"):
        eventually(broker.silences, lambda known: len(known) == 1)
        with valkey.client() as client:
            client.flushall()

        eventually(broker.silences, lambda known: len(known) == 1)


def test_a_worker_that_was_killed_is_not_missed_where_another_takes_its_place(
    tmp_path: Path, valkey: Valkey, broker: Broker
) -> None:
    with toy_process("worker", valkey.url, tmp_path / "ledger.sqlite") as killed:
        eventually(broker.silences, lambda known: len(known) == 1)
        killed.kill()
        killed.wait()

    with toy_process("worker", valkey.url, tmp_path / "ledger.sqlite") as worker:
        eventually(
            lambda: [name.rpartition("-")[2] for name in broker.silences()],
            lambda pids: pids == [str(worker.pid)],
        )


def test_a_beat_that_stands_still_is_noticed(
    tmp_path: Path, valkey: Valkey, broker: Broker
) -> None:
    strict, host = replace(broker, silent_seconds=3.0), socket.gethostname()
    with pytest.raises(NobodyBeats):
        broker.expect_a_beat()
    assert stands_still(strict, host)

    with toy_process("beat", valkey.url, tmp_path / "ledger.sqlite") as beat:
        eventually(lambda: stands_still(strict, host), lambda still: not still)
        broker.expect_a_beat()
        os.kill(beat.pid, signal.SIGSTOP)

        eventually(lambda: stands_still(strict, host), bool)

        with pytest.raises(NobodyBeats):
            strict.expect_a_beat()
        assert stands_still(broker, "another machine")
        valkey.kill()
        assert not stands_still(strict, host), "nobody knows"


def test_a_worker_that_stops_in_order_is_not_missed(
    tmp_path: Path, valkey: Valkey, broker: Broker
) -> None:
    with toy_process("worker", valkey.url, tmp_path / "ledger.sqlite") as worker:
        eventually(broker.silences, lambda known: len(known) == 1)

        worker.terminate()

        assert worker.wait(patience.SECONDS) == 0
        assert broker.silences() == {}


def test_work_that_was_rung_for_while_redis_was_down_is_done_when_it_is_back(
    tmp_path: Path, valkey: Valkey, queue: CeleryQueue
) -> None:
    """The worker finds its way back by itself."""
    file = tmp_path / "ledger.sqlite"
    ledger = open_sqlite_ledger(file)
    with toy_process("worker", valkey.url, file):
        accept(ledger, id="before")
        ring(queue)
        queue.ring(Stage.SUMMARIZE, Lane.LIVE)
        eventually(ledger.working.waiting, lambda waiting: not waiting)
        valkey.kill()
        accept(ledger, id="meanwhile")
        ring(queue)
        queue.ring(Stage.SUMMARIZE, Lane.LIVE)
        time.sleep(1.0)

        valkey.start()

        eventually(ledger.working.waiting, lambda waiting: not waiting)
