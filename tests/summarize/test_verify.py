"""Verify and reindex: the ledger is right, and the index follows."""

import pytest

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.stages import Lane, Stage
from backstory_summarize.verify import ReindexAll, Verification, VerifyIndex
from support.ingest import Bell
from support.ledgers import accept, accept_all, claim, ids_of, work_off
from support.stage_work import MemoryIndex


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def verify(ledger: SqlLedger, index: MemoryIndex, bell: Bell) -> VerifyIndex:
    """Over an archive with three articles, all of them indexed."""
    accept_all(ledger, "a", "b", "c")
    work_off(ledger)
    index.points = {"a": 1, "b": 1, "c": 1}
    return VerifyIndex(ledger.status, ledger.reading, index, bell)


def test_an_index_that_agrees_is_left_alone(verify: VerifyIndex, bell: Bell) -> None:
    assert verify() == Verification(checked=3, requeued=0, removed=0)
    assert bell.rung == []


@pytest.mark.parametrize("there", [None, 7], ids=["missing", "of another revision"])
def test_an_article_that_is_not_there_as_it_should_be_is_indexed_again(
    verify: VerifyIndex, ledger: SqlLedger, index: MemoryIndex, bell: Bell, there: int | None
) -> None:
    del index.points["b"]
    if there is not None:
        index.points["b"] = there

    found = verify()

    assert found == Verification(checked=3, requeued=1, removed=0)
    assert bell.rung == [(Stage.INDEX, Lane.BACKFILL)]
    assert ids_of(claim(ledger, Stage.INDEX, Lane.BACKFILL)) == {"b"}


def test_what_the_ledger_does_not_know_is_taken_out(
    verify: VerifyIndex, index: MemoryIndex
) -> None:
    index.points["ghost"] = 1

    assert verify() == Verification(checked=3, requeued=0, removed=1)
    assert index.points == {"a": 1, "b": 1, "c": 1}


def test_of_thousands_the_few_that_differ_are_put_right(
    ledger: SqlLedger, index: MemoryIndex, bell: Bell
) -> None:
    """More than one page of each: what is compared is never all of them at once."""
    ids = [f"a{number:04}" for number in range(2_500)]
    accept_all(ledger, *ids)
    work_off(ledger)
    index.points = dict.fromkeys(ids, 1) | {f"ghost-{number}": 1 for number in range(1_200)}
    for id_ in ("a0000", "a0999", "a1000", "a2499"):
        del index.points[id_]

    found = VerifyIndex(ledger.status, ledger.reading, index, bell)()

    assert found == Verification(checked=2_500, requeued=4, removed=1_200)
    assert len(index.points) == 2_496


def test_a_deleted_article_is_taken_out(
    verify: VerifyIndex, ledger: SqlLedger, index: MemoryIndex
) -> None:
    ledger.accepting.delete("b", "request-2")
    work_off(ledger)

    assert verify() == Verification(checked=2, requeued=0, removed=1)
    assert index.points == {"a": 1, "c": 1}


def test_an_article_that_is_being_indexed_is_not_taken_out(
    verify: VerifyIndex, ledger: SqlLedger, index: MemoryIndex
) -> None:
    accept(ledger, id="b", title="Corrected")

    assert verify() == Verification(checked=2, requeued=0, removed=0)
    assert index.points["b"] == 1


def test_reindexing_puts_every_article_back_in_the_low_lane(
    verify: VerifyIndex, ledger: SqlLedger, bell: Bell
) -> None:
    assert ReindexAll(ledger.status, bell)() == 3

    assert bell.rung == [(Stage.INDEX, Lane.BACKFILL)]
    assert ledger.working.waiting() == {(Stage.INDEX, Lane.BACKFILL)}
