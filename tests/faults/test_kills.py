"""`kill -9` at random moments of a load: what was answered with 202 is ready in the end, once."""

import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from support import patience
from support.campaign import Campaign, OneMachine
from support.checker import check
from support.load import Record
from support.stories import eventually, wait_until_ready, wait_until_settled

pytestmark = [pytest.mark.serial, pytest.mark.timeout(0)]

_UNSAFE = str(Path(__file__).parent / "unsafe.py")
#: So that there is none beside the one that is stopped.
ONE_PROCESS = {"BACKSTORY_WORKERS": "1"}


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record.jsonl")


def test_no_kill_loses_doubles_resurrects_or_fails_an_article(tmp_path: Path, kills: int) -> None:
    with OneMachine(tmp_path / "data") as site:
        campaign = Campaign(site, tmp_path, seed=7, at_least=10 * kills)

        broken = campaign.run(kills)

    assert broken == []
    assert len(campaign.record.certain()) > 5 * kills


def test_what_was_held_when_the_program_was_killed_is_done(tmp_path: Path, record: Record) -> None:
    with OneMachine(tmp_path / "data", environment=ONE_PROCESS) as site:
        kill_in_the_middle(site, record)

        assert check(site.witness(), record, patience.SECONDS) == []


# --- the controls: one safeguard less -------------------------------------------------------------


def test_the_check_notices_an_answer_given_before_the_commit(
    tmp_path: Path, record: Record
) -> None:
    with OneMachine(tmp_path / "data", arguments=(_UNSAFE, "answers-early")) as site:
        with site.ingest() as client:
            accept(client, record, "kept")
            accept(client, record, "lost")
            wait_until_ready(client, "kept")
        site.kill_the_program()

        broken = check(site.witness(), record, patience.SECONDS)

    assert "lost is not listed" in broken
    assert all(sentence.startswith("lost ") for sentence in broken)


def test_the_check_notices_claims_that_nobody_takes_back(tmp_path: Path, record: Record) -> None:
    unsafe = (_UNSAFE, "keeps-claims")
    with OneMachine(tmp_path / "data", arguments=unsafe, environment=ONE_PROCESS) as site:
        kill_in_the_middle(site, record)

        broken = check(site.witness(), record, 10.0)

    assert [sentence.partition(":")[0] for sentence in broken] == ["work was left over"]


# --- moves ----------------------------------------------------------------------------------------


def accept(client: httpx.Client, record: Record, article_id: str) -> None:
    body = {"id": article_id, "title": "A quiet day", "text": f"Of {article_id} nothing is known."}
    answer = client.post("/v1/articles", json=body)
    assert answer.status_code == 202, answer.text
    record.accepted(article_id, answer.json()["revision"])


def kill_in_the_middle(site: OneMachine, record: Record) -> None:
    """While both of its stages are certainly held: whoever does the work stands still."""
    with site.ingest() as client:
        accept(client, record, "before")
        wait_until_settled(client)
        stopped = site.program.workers()
        for worker in stopped:
            worker.send_signal(signal.SIGSTOP)
        accept(client, record, "held")
        eventually(lambda: client.get("/v1/articles/held/status").json()["stages"], are_running)
    site.kill_the_program()
    for worker in stopped:  # which cannot see that the program is gone
        worker.kill()


def are_running(stages: list[dict[str, Any]]) -> bool:
    return {stage["state"] for stage in stages} == {"running"}
