"""`kill -9` at random moments of a load: what was answered with 202 is ready in the end, once."""

from pathlib import Path

import pytest

from support.campaign import Campaign

pytestmark = [pytest.mark.serial, pytest.mark.timeout(0)]

_UNSAFE = str(Path(__file__).parent / "unsafe.py")


def test_no_kill_loses_doubles_resurrects_or_fails_an_article(tmp_path: Path, kills: int) -> None:
    campaign = Campaign(tmp_path / "data", seed=7)

    broken = campaign.run(kills)

    assert broken == []
    assert len(campaign.record.certain()) > 5 * kills


def test_the_check_notices_an_answer_given_before_the_commit(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path / "data", seed=7, arguments=(_UNSAFE, "answers-early"))

    broken = campaign.run(kills=6)

    assert any("article-" in sentence for sentence in broken)


def test_the_check_notices_claims_that_nobody_takes_back(tmp_path: Path) -> None:
    campaign = Campaign(
        tmp_path / "data", seed=7, arguments=(_UNSAFE, "keeps-claims"), settle_seconds=20.0
    )

    broken = campaign.run(kills=6)

    assert any("work was left over" in sentence for sentence in broken)
