"""Counts: only what is common is remembered, and not for ever."""

from datetime import timedelta

from backstory_shared.adapters.ledger.counts import Counts
from support.clocks import START


def test_a_common_name_is_remembered_the_longer_the_more_articles_have_it() -> None:
    counts = Counts()
    counts.remember({"london": 2_000, "ellery": 100, "quill": 3}, START)

    assert counts.remembered(["london", "ellery", "quill"], START) == {
        "london": 2_000,
        "ellery": 100,
    }
    later = START + timedelta(seconds=5)
    assert counts.remembered(["london", "ellery"], later) == {"london": 2_000}
    assert counts.remembered(["london"], START + timedelta(minutes=1)) == {}
