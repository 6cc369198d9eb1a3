"""The user's story on many machines: the very commands of docker-compose.yml, as processes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from backstory_shared.adapters.qdrant_server import (
    QdrantServerGenerations,
    QdrantServerIndex,
    connect,
)
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.ports import ModelChoice
from backstory_shared.priority import STEPS
from support import compose, patience
from support.compose import ENV
from support.machines import Machines, machines
from support.models import muddled, turned
from support.readers import Reader
from support.stories import (
    BAKERY,
    DOOMED,
    FERRIES,
    HARBOUR,
    REPRINT,
    as_lines,
    eventually,
    get,
    ids,
    numbered,
    post,
    wait_until_settled,
)

pytestmark = pytest.mark.serial

Json = dict[str, Any]
MODES = ("hybrid", "semantic", "keyword")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with machines(tmp_path_factory.mktemp("many-machines")) as started:
        started.service("ingest", "ingest").start()
        started.service("search", "search").start()
        started.service("search-2", "search").start()
        started.service("worker-1", "worker").start()
        started.service("worker-2", "worker").start()
        started.service("beat", "beat").start()
        for name in ("ingest", "search", "search-2"):
            started.services[name].wait_until_ready()
        started.wait_for_workers(2)
        yield started


@pytest.fixture(scope="module")
def ingest(running: Machines) -> Iterator[httpx.Client]:
    """A client of an archive that has four articles on two stories."""
    with running.ingest() as client:
        post(client, HARBOUR, REPRINT, FERRIES, BAKERY)
        yield client


@pytest.fixture(scope="module")
def search(running: Machines, ingest: httpx.Client) -> Iterator[httpx.Client]:
    with running.search() as client:
        yield client


@pytest.fixture(scope="module")
def export(running: Machines, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup, made while everything runs."""
    file = tmp_path_factory.mktemp("backup") / "archive.jsonl.gz"
    backstory(running, "export", str(file))
    return file


def test_a_thousand_articles_by_bulk_and_singly_become_ready(
    ingest: httpx.Client, search: httpx.Client
) -> None:
    by_bulk, singly = numbered(900), numbered(100, first=901)

    answer = ingest.post(
        "/v1/articles/bulk",
        content=as_lines(by_bulk),
        headers={"Content-Type": "application/x-ndjson"},
    )
    outcomes = [ingest.post("/v1/articles", json=article) for article in singly]
    wait_until_settled(ingest)

    assert {json.loads(line)["status"] for line in answer.text.splitlines()} == {202}
    assert {outcome.status_code for outcome in outcomes} == {202}
    assert get(search, "/v1/search", q="council note", mode="keyword")["total"] == 1_000
    assert get(ingest, "/v1/failures")["items"] == []


def test_both_workers_take_part(running: Machines, ingest: httpx.Client) -> None:
    """However many articles it takes until the other one is quicker."""
    days = count(1)

    def idle_after_another_article() -> list[str]:
        day = next(days)
        post(ingest, {"id": f"rain-{day}", "title": "Rain", "text": f"It rained on day {day}."})
        logs = {name: running.services[name].log for name in ("worker-1", "worker-2")}
        return [name for name, log in logs.items() if "stage_done" not in log.read_text()]

    assert eventually(idle_after_another_article, lambda idle: not idle) == []


def test_workers_let_those_go_first_who_answer_people(running: Machines) -> None:
    [answering, *_] = running.services["ingest"].family()
    workers = running.services["worker-1"].family()

    assert {each.nice() for each in workers} == {min(answering.nice() + STEPS, 19)}


@pytest.mark.parametrize("mode", MODES)
def test_a_ready_article_is_found_in_every_mode(search: httpx.Client, mode: str) -> None:
    assert "bakery" in ids(get(search, "/v1/search", q="prize for rye bread", mode=mode))[:2]


def test_a_search_can_be_narrowed_and_counted(search: httpx.Client) -> None:
    found = get(
        search, "/v1/search", q="harbour ferry", section="local", facets="section", collapse="none"
    )

    assert set(ids(found)) == {"harbour", "harbour-reprint", "ferries"}
    assert found["facets"]["section"] == [{"value": "local", "count": 3}]


def test_related_is_the_same_story_but_neither_itself_nor_a_copy(search: httpx.Client) -> None:
    found = ids(get(search, "/v1/articles/harbour/related"))

    assert "ferries" in found
    assert {"harbour", "harbour-reprint", "bakery"}.isdisjoint(found)


def test_a_summary_is_made_of_the_articles_own_sentences(search: httpx.Client) -> None:
    text = get(search, "/v1/articles/harbour")["text"]

    summary = get(search, "/v1/articles/harbour/summary")

    assert summary["state"] == "ready"
    for sentence in summary["sentences"]:
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]


def test_an_updated_article_is_found_by_its_new_words_only(
    ingest: httpx.Client, search: httpx.Client
) -> None:
    post(ingest, {"id": "renamed", "title": "Zebra", "text": "A zebra crossed the road."})
    post(ingest, {"id": "renamed", "title": "Giraffe", "text": "A giraffe crossed the road."})

    assert "renamed" in ids(get(search, "/v1/search", q="giraffe", mode="keyword"))
    assert "renamed" not in ids(get(search, "/v1/search", q="zebra", mode="keyword"))


def test_a_deleted_article_is_gone_from_everywhere_at_once(
    ingest: httpx.Client, search: httpx.Client
) -> None:
    post(ingest, DOOMED)
    wait_until_settled(ingest)
    assert "doomed" in ids(get(search, "/v1/articles/harbour/related", limit=20))

    assert ingest.delete("/v1/articles/doomed").status_code == 200

    for mode in MODES:
        assert "doomed" not in ids(get(search, "/v1/search", q="ferry passengers", mode=mode))
    assert "doomed" not in ids(get(search, "/v1/articles/harbour/related", limit=20))
    assert search.get("/v1/articles/doomed").status_code == 410


def test_a_page_turned_at_one_search_process_goes_on_at_another(
    running: Machines, search: httpx.Client
) -> None:
    first = get(search, "/v1/search", q="council note", mode="keyword", limit=50)

    with running.client("search-2") as other:
        second = get(
            other,
            "/v1/search",
            q="council note",
            mode="keyword",
            limit=50,
            cursor=first["next_cursor"],
        )

    assert len(set(ids(first)) | set(ids(second))) == 100


def test_a_page_is_read_as_html(search: httpx.Client) -> None:
    page = search.get("/", params={"q": "rye bread"}, headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert "A bakery wins the prize" in page.text


def test_whoever_writes_needs_the_key(running: Machines) -> None:
    answer = httpx.post(
        f"{running.services['ingest'].url}/v1/articles", json=BAKERY, trust_env=False
    )

    assert answer.status_code == 401


def test_everything_is_ready_and_nothing_degraded(
    running: Machines, ingest: httpx.Client, search: httpx.Client
) -> None:
    for client in (ingest, search):
        found = eventually(
            partial(get, client, "/readyz"),
            lambda ready: ready["status"] == "ready",
        )
        assert found == {"status": "ready", "missing": [], "degraded": []}


def test_the_metrics_tell_of_the_broker_and_its_workers(ingest: httpx.Client) -> None:
    metrics = ingest.get("/metrics").text

    assert "backstory_broker_up 1.0\n" in metrics
    assert metrics.count("backstory_worker_silence_seconds{") == 2
    assert 'backstory_queue_messages{queue="index.live"}' in metrics


def backstory(running: Machines, *words: str) -> str:
    """The command line, as a person beside the services uses it: what it prints."""
    return _done(running, *words).stdout


def backstory_said(running: Machines, *words: str) -> str:
    """What it says beside that."""
    return " ".join(_done(running, *words).stderr.split())


def _done(running: Machines, *words: str) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, "-m", "backstory_standalone", *words],
        env=as_a_person(running),
        capture_output=True,
        text=True,
        timeout=patience.SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done


def as_a_person(running: Machines) -> dict[str, str]:
    """The variables of whoever has all the addresses and the key."""
    services = running.services
    return {
        **os.environ,
        **services["worker-1"].environment,
        "BACKSTORY_URL": services["ingest"].url,
        "BACKSTORY_SEARCH_URL": services["search"].url,
        "BACKSTORY_API_KEY": ENV["BACKSTORY_API_KEY"],
    }


def test_the_command_line_talks_to_both_services(
    running: Machines, ingest: httpx.Client, tmp_path: Path
) -> None:
    file = tmp_path / "note.txt"
    file.write_text("Lighthouse painted\nThe lighthouse was painted red. It took nine days.")

    added = backstory(running, "add", str(file))
    found = json.loads(backstory(running, "search", "lighthouse", "--mode", "keyword", "--json"))

    assert "The lighthouse was painted red." in added
    assert found["items"][0]["title"] == "Lighthouse painted"


def test_the_command_line_repairs_the_index(running: Machines, search: httpx.Client) -> None:
    connection = connect(running.qdrant_settings())
    index = QdrantServerIndex.open(
        connection, running.qdrant_settings(), StaticEmbedder.open().model
    )
    index.remove({"bakery": 10})
    assert get(search, "/v1/search", q="sourdough", mode="keyword")["items"] == []

    found = json.loads(backstory(running, "verify", "--json"))

    assert (found["requeued"], found["removed"]) == (1, 0)
    eventually(
        lambda: ids(get(search, "/v1/search", q="sourdough", mode="keyword")),
        lambda there: there == ["bakery"],
    )


def reindexing(running: Machines, model: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "backstory_standalone", "reindex", "--model", str(model), *words],
        env=as_a_person(running),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def serving(running: Machines) -> str:
    """By a connection of the test's own."""
    with closing(QdrantServerGenerations(running.qdrant_settings(), ModelChoice("first"))) as kept:
        return kept.roles().serving.choice.name


def golden(folder: Path) -> str:
    """The archive is all but a thousand articles that hardly differ: to compare what two models
    find among them says little."""
    file = folder / "golden.jsonl"
    file.write_text(json.dumps({"query": "prize for rye bread", "ids": ["bakery"]}) + "\n")
    return str(file)


def test_a_model_that_does_not_find_what_it_should_does_not_come_to_serve(
    running: Machines, search: httpx.Client, tmp_path: Path
) -> None:
    before, model = serving(running), muddled(tmp_path / "muddled")

    with Reader(running.search, "prize for rye bread", "bakery") as reader:
        refused = reindexing(running, model, "--golden", golden(tmp_path))
        _, said = refused.communicate(timeout=patience.SECONDS)
        backstory(running, "reindex", "--drop-old")

    assert refused.returncode == 1
    assert "too different" in said
    assert serving(running) == before
    assert reader.answers
    assert not reader.wrong


def test_the_model_changes_under_readers_though_the_change_is_killed_half_way_and_changes_back(
    running: Machines, ingest: httpx.Client, search: httpx.Client, tmp_path: Path
) -> None:
    """An answer by the one model's query from the other's index would be nonsense."""
    before, model = serving(running), turned(tmp_path / "turned")
    other_search = partial(running.client, "search-2")
    with (
        Reader(running.search, "prize for rye bread", "bakery") as one,
        Reader(other_search, "prize for rye bread", "bakery") as other,
    ):
        workers = [running.services[name] for name in ("worker-1", "worker-2")]
        for worker in workers:  # else they might be done before anybody looks
            worker.signal(signal.SIGSTOP)
        killed = reindexing(running, model)
        eventually(lambda: get(ingest, "/v1/stats")["stages"]["index"]["pending"], bool)
        killed.kill()
        killed.communicate()
        for worker in workers:
            worker.signal(signal.SIGCONT)
        workers[0].kill()
        workers[0].start()

        backstory(running, "reindex", "--model", str(model), "--golden", golden(tmp_path))
        assert serving(running) == str(model)
        wait_until_both_follow(running, str(model))

        backstory(running, "reindex", "--rollback")
        assert serving(running) == before
        wait_until_both_follow(running, before)

    assert min(one.answers, other.answers) > 20
    assert not one.wrong + other.wrong


def wait_until_both_follow(running: Machines, model: str) -> None:
    logs = [running.services[name].log for name in ("search", "search-2")]
    line = f'"model": "{model}", "event": "model_serves"'
    eventually(lambda: [line in log.read_text() for log in logs], all)


@pytest.mark.parametrize("of", ["worker", "beat"])
def test_a_health_check_is_content(running: Machines, of: str) -> None:
    _, *command = compose.services()[of]["healthcheck"]["test"]

    done = subprocess.run(
        [sys.executable, *command[1:]],
        env={**os.environ, **running.services["worker-1"].environment},
        timeout=patience.SECONDS,
    )

    assert done.returncode == 0


def test_the_programs_stop_when_they_are_asked_to(
    running: Machines, search: httpx.Client, export: Path
) -> None:
    """From here on nothing runs."""
    for name in ("beat", "worker-1", "worker-2", "search", "search-2", "ingest"):
        assert running.services[name].stop() == 0


def test_a_backup_is_restored_into_an_empty_house(running: Machines, export: Path) -> None:
    """An empty ledger and an empty index; in the end every article is found again."""
    running.kill_programs()
    running.empty()
    for name, of in (("ingest", "ingest"), ("search", "search"), ("worker-1", "worker")):
        running.service(name, of).start()
    for name in ("ingest", "search"):
        running.services[name].wait_until_ready()
    running.wait_for_workers(1)

    said = backstory_said(running, "restore", str(export))
    with running.ingest() as client:
        wait_until_settled(client)
    found = json.loads(backstory(running, "verify", "--json"))

    with running.search() as client:
        assert "The workers still have to index" in said
        assert found["checked"] > 1_000
        assert (found["requeued"], found["removed"]) == (0, 0)
        assert get(client, "/v1/search", q="council note", mode="keyword")["total"] == 1_000
        assert "bakery" in ids(get(client, "/v1/search", q="prize for rye bread"))
        assert get(client, "/v1/articles/harbour/summary")["state"] == "ready"
        assert client.get("/v1/articles/doomed").status_code == 410
