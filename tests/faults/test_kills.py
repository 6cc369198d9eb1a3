"""`kill -9` at random moments of a load: what was answered with 202 is ready in the end, once."""

from pathlib import Path

import pytest

from support.campaign import Campaign, OneMachine

pytestmark = [pytest.mark.serial, pytest.mark.timeout(0)]

_UNSAFE = str(Path(__file__).parent / "unsafe.py")


def test_no_kill_loses_doubles_resurrects_or_fails_an_article(tmp_path: Path, kills: int) -> None:
    with OneMachine(tmp_path / "data") as site:
        campaign = Campaign(site, tmp_path, seed=7, at_least=10 * kills)

        broken = campaign.run(kills)

    assert broken == []
    assert len(campaign.record.certain()) > 5 * kills


def test_the_check_notices_an_answer_given_before_the_commit(tmp_path: Path) -> None:
    with OneMachine(tmp_path / "data", arguments=(_UNSAFE, "answers-early")) as site:
        broken = Campaign(site, tmp_path, seed=7).run(6)

    assert any("article-" in sentence for sentence in broken)


def test_the_check_notices_claims_that_nobody_takes_back(tmp_path: Path) -> None:
    with OneMachine(tmp_path / "data", arguments=(_UNSAFE, "keeps-claims")) as site:
        broken = Campaign(site, tmp_path, seed=7, stuck_seconds=20.0).run(6)

    assert any("work was left over" in sentence for sentence in broken)
