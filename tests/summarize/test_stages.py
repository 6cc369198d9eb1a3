"""The stages: what they make of a batch, also of one that changes under their hands."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.articles import Span
from backstory_shared.errors import EntriesRefused
from backstory_shared.ports import Compute, IndexEntry, ModelChoice
from backstory_shared.stages import LEASE, Reason, Stage
from backstory_shared.summaries import Summary
from backstory_summarize import compute
from backstory_summarize.compute import Story, Vectors
from backstory_summarize.index import IndexStage
from backstory_summarize.summarize import SummarizeStage
from backstory_summarize.work import MAX_CHARACTERS, portions
from support.clocks import FakeClock
from support.ingest import AtOnce
from support.ledgers import accept, accept_all, claim
from support.stage_work import Meanwhile, MemoryIndex

MODEL = ModelChoice("backstory-static-v2")
STORY = Story("a", "A title", "One sentence. And another.", (), "en")


def index_stage(ledger: SqlLedger, index: MemoryIndex, compute: Compute) -> IndexStage:
    return IndexStage(ledger.reading, index, compute, MODEL)


# --- summarize ------------------------------------------------------------------------------------


def test_every_article_of_the_batch_gets_a_summary(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b")

    work = SummarizeStage(ledger.reading, AtOnce()).do(claim(ledger, Stage.SUMMARIZE))

    assert work.results.keys() == {"a", "b"}
    assert not work.failures


def test_an_article_deleted_since_the_claim_is_not_summarized(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b")
    batch = claim(ledger, Stage.SUMMARIZE)
    ledger.accepting.delete("b", "request-2")

    work = SummarizeStage(ledger.reading, AtOnce()).do(batch)

    assert work.results.keys() == {"a"}
    assert not work.failures


def test_an_article_changed_since_the_claim_is_left_to_its_next_claim(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b")
    batch = claim(ledger, Stage.SUMMARIZE)
    accept(ledger, id="b", title="Corrected")

    work = SummarizeStage(ledger.reading, AtOnce()).do(batch)

    assert work.results.keys() == {"a"}


# --- index ----------------------------------------------------------------------------------------


def test_every_article_of_the_batch_gets_into_the_index(
    ledger: SqlLedger, index: MemoryIndex
) -> None:
    accept_all(ledger, "a", "b")

    work = index_stage(ledger, index, AtOnce()).do(claim(ledger))

    assert index.points == {"a": 1, "b": 1}
    assert work.results == {"a": None, "b": None}


def test_a_deleted_article_is_taken_out_of_the_index(ledger: SqlLedger, index: MemoryIndex) -> None:
    accept(ledger, id="a")
    index.points["a"] = 1
    ledger.accepting.delete("a", "request-2")

    work = index_stage(ledger, index, AtOnce()).do(claim(ledger))

    assert index.points == {}
    assert work.results == {"a": None}


def test_what_is_deleted_while_it_is_embedded_does_not_stay(
    ledger: SqlLedger, index: MemoryIndex
) -> None:
    accept_all(ledger, "a", "b")
    meanwhile = Meanwhile(lambda: ledger.accepting.delete("b", "request-2"))

    index_stage(ledger, index, meanwhile).do(claim(ledger))

    assert index.points == {"a": 1}


def test_what_is_deleted_while_it_is_written_does_not_stay(ledger: SqlLedger) -> None:
    class Slow(MemoryIndex):
        def write(self, entries: Sequence[IndexEntry]) -> None:
            ledger.accepting.delete("b", "request-2")
            super().write(entries)

    accept_all(ledger, "a", "b")
    index = Slow()

    index_stage(ledger, index, AtOnce()).do(claim(ledger))

    assert index.points == {"a": 1}


def test_who_was_stopped_writes_nothing_of_what_is_gone_when_he_goes_on(ledger: SqlLedger) -> None:
    """He may have no time to put it right: what he writes here is his last."""

    class Killing(MemoryIndex):
        def write(self, entries: Sequence[IndexEntry]) -> None:
            super().write(entries)
            raise KeyboardInterrupt

    accept_all(ledger, "a", "b")
    index = Killing()
    stopped = Meanwhile(lambda: ledger.accepting.delete("b", "request-2"))

    with pytest.raises(KeyboardInterrupt):
        index_stage(ledger, index, stopped).do(claim(ledger))

    assert index.points == {"a": 1}


def test_what_is_corrected_while_it_is_embedded_does_not_stay(
    ledger: SqlLedger, index: MemoryIndex
) -> None:
    accept_all(ledger, "a", "b")
    meanwhile = Meanwhile(lambda: accept(ledger, id="b", title="Corrected"))

    index_stage(ledger, index, meanwhile).do(claim(ledger))

    assert index.points == {"a": 1}


def test_a_late_write_takes_nothing_newer_away(
    ledger: SqlLedger, index: MemoryIndex, clock: FakeClock
) -> None:
    """While this one is embedded, past its lease, the next revision is accepted and indexed."""
    accept(ledger, id="a")

    def overtaken() -> None:
        accept(ledger, id="a", title="Corrected")
        clock.tick(LEASE.total_seconds() + 1)
        index_stage(ledger, index, AtOnce()).do(claim(ledger))

    index_stage(ledger, index, Meanwhile(overtaken)).do(claim(ledger))

    assert index.points == {"a": 2}


def test_indexing_twice_is_indexing_once(ledger: SqlLedger, index: MemoryIndex) -> None:
    accept(ledger, id="a")
    batch, stage = claim(ledger), index_stage(ledger, index, AtOnce())

    assert stage.do(batch) == stage.do(batch)
    assert index.points == {"a": 1}


def test_what_the_index_refuses_fails_alone(ledger: SqlLedger) -> None:
    class Choosy(MemoryIndex):
        def write(self, entries: Sequence[IndexEntry]) -> None:
            super().write([one for one in entries if one.id != "b"])
            raise EntriesRefused({"b"})

    accept_all(ledger, "a", "b")
    index = Choosy()

    work = index_stage(ledger, index, AtOnce()).do(claim(ledger))

    assert work.results == {"a": None}
    assert work.failures["b"].type == "index-refused"
    assert index.points == {"a": 1}


# --- what the worker processes run ----------------------------------------------------------------


@pytest.mark.parametrize("function", ["summarize", "embed"])
def test_one_bad_article_never_spoils_its_batch(function: str) -> None:
    broken = replace(STORY, id="b", text=cast(str, None), boilerplate=(Span(0, 1),))
    calls: dict[str, Any] = {
        "summarize": lambda batch: compute.summarize(batch),
        "embed": lambda batch: compute.embed(MODEL, batch),
    }

    made = calls[function]([STORY, broken])

    assert isinstance(made["a"], Summary | Vectors)
    assert isinstance(made["b"], Reason)


def test_boilerplate_is_left_out_of_the_vectors() -> None:
    text = "One sentence. Subscribe to our newsletter."
    furnished = replace(STORY, text=text, boilerplate=(Span(14, len(text)),))

    made = compute.embed(MODEL, [furnished, replace(STORY, id="b", text="One sentence.")])

    assert isinstance(made["a"], Vectors)
    assert isinstance(made["b"], Vectors)
    assert made["a"].lexical == made["b"].lexical


def test_a_batch_of_long_texts_is_cut_into_calls() -> None:
    long = [replace(STORY, id=str(number), text="x" * MAX_CHARACTERS) for number in range(3)]

    assert [len(portion) for portion in portions([*long, STORY])] == [1, 1, 1, 1]
    assert [len(portion) for portion in portions([STORY] * 64)] == [64]
