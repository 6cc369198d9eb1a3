"""Whatever happens in whatever order, the ledger says the same as a model of the pure rules."""

from collections import Counter
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from backstory_shared.errors import Gone
from backstory_shared.ports import Batch, Submission
from backstory_shared.stages import LEASE, Lane, Reason, Stage
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from support.clocks import START, FakeClock
from support.drafts import submission
from support.ledgers import BROKEN, LEDGERS, WORKER_LOST, Opener, ids_of, results_of
from support.model_ledger import ModelLedger

IDS = ("a", "b", "c")
LEASE_RAN_OUT = Reason(
    type="worker-lost", detail="The worker was gone before the article was done."
)

some_ids = st.sets(st.sampled_from(IDS))
submissions = st.builds(
    submission,
    id=st.sampled_from(IDS),
    title=st.sampled_from(["one", "two"]),
    modified_at=st.sampled_from([None, START]),
    lane=st.sampled_from(Lane),
)


class LedgerMachine(RuleBasedStateMachine):
    def __init__(self, opener: Opener) -> None:
        super().__init__()
        self.resources = ExitStack()
        folder = Path(self.resources.enter_context(TemporaryDirectory()))
        self.clock = FakeClock()
        self.ledger = self.resources.enter_context(opener(folder, self.clock))
        self.model = ModelLedger(self.clock)
        self.batches: list[Batch] = []

    def teardown(self) -> None:
        self.resources.close()

    # --- what may happen --------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.000001, 29, 31, 61, LEASE.total_seconds(), 1_000]))
    def time_passes(self, seconds: float) -> None:
        self.clock.tick(seconds)

    @rule(sent=st.lists(submissions, min_size=1, max_size=3))
    def accept(self, sent: list[Submission]) -> None:
        accepted = self.ledger.accepting.accept(sent)

        expected = [self.model.accept(one) for one in sent]
        assert [(a.id, a.revision, a.outcome) for a in accepted] == [
            (e.id, e.revision, e.outcome) for e in expected
        ]
        assert accepted[-1].status == expected[-1].status

    @precondition(lambda self: self.model.articles)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        article_id = data.draw(self.known_ids())

        tombstone = self.ledger.accepting.delete(article_id, "request-2")

        assert tombstone.revision == self.model.delete(article_id)

    @rule(
        stage=st.sampled_from(Stage), lane=st.sampled_from(Lane), limit=st.sampled_from([1, 2, 64])
    )
    def claim(self, stage: Stage, lane: Lane, limit: int) -> None:
        batch = self.ledger.working.claim(stage, lane, limit)

        claimed = {work.article_id: work.revision for work in batch.items} if batch else {}
        assert claimed == self.model.claimable(stage, lane, limit)
        if batch:
            self.model.claim(batch)
            self.batches.append(batch)

    @precondition(lambda self: self.batches)
    @rule(data=st.data(), only=st.none() | some_ids)
    def finish(self, data: st.DataObject, only: set[str] | None) -> None:
        batch, ids = self.some_batch(data, only)
        results = {id_: made for id_, made in results_of(batch).items() if id_ in ids}

        assert self.ledger.working.finish(batch, results) == self.model.finish(batch, ids)

    @precondition(lambda self: self.batches)
    @rule(data=st.data(), only=st.none() | some_ids)
    def fail(self, data: st.DataObject, only: set[str] | None) -> None:
        batch, ids = self.some_batch(data, only)

        self.ledger.working.fail(batch, dict.fromkeys(ids, BROKEN))

        self.model.fail(batch, ids, BROKEN)

    @precondition(lambda self: self.batches)
    @rule(data=st.data(), only=st.none() | some_ids)
    def lose(self, data: st.DataObject, only: set[str] | None) -> None:
        batch, ids = self.some_batch(data, only)

        self.ledger.working.lose(batch, ids, WORKER_LOST)

        self.model.lose(batch, ids, WORKER_LOST)

    @rule(stage=st.sampled_from(Stage), dies=st.booleans(), data=st.data())
    def trouble_comes_in_threes(self, stage: Stage, dies: bool, data: st.DataObject) -> None:
        """What takes three rounds would seldom come about by chance."""
        trouble = self.lose if dies else self.fail
        for _ in range(3):
            for lane in Lane:
                self.claim(stage, lane, 64)
            if self.batches:
                trouble(data, None)
            self.time_passes(1_000)

    @rule()
    def sweep(self) -> None:
        assert self.ledger.working.sweep() == self.model.sweep(LEASE_RAN_OUT)

    @rule()
    def start_again(self) -> None:
        assert self.ledger.working.void_claims() == self.model.void_claims()

    @precondition(lambda self: self.model.articles)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        article_id = data.draw(self.known_ids())
        if self.model.articles[article_id].deleted:
            with pytest.raises(Gone):
                self.ledger.status.retry(article_id)
        else:
            assert self.ledger.status.retry(article_id) == self.model.retry(article_id)

    @rule()
    def retry_failures(self) -> None:
        assert self.ledger.status.retry_failures() == self.model.retry_failures()

    @rule(ids=some_ids, stage=st.sampled_from(Stage))
    def requeue(self, ids: set[str], stage: Stage) -> None:
        assert self.ledger.status.requeue(sorted(ids), stage) == self.model.requeue(ids, stage)

    # --- what must hold then ----------------------------------------------------------------------

    @invariant()
    def both_say_the_same_of_every_article(self) -> None:
        for article_id in self.model.articles:
            assert self.ledger.status.status(article_id) == self.model.status(article_id)

    @invariant()
    def both_say_the_same_of_the_whole_archive(self) -> None:
        assert self.ledger.status.stats() == self.model.stats()
        assert self.ledger.status.failures(after=None, limit=9) == self.model.failures()
        assert self.ledger.working.waiting() == self.model.waiting()

    @invariant()
    def both_show_readers_the_same(self) -> None:
        entries = self.ledger.reading.entries(IDS)
        states = {article_id: entry.summary.state for article_id, entry in entries.items()}
        assert states == self.model.summary_states()
        assert self.ledger.reading.unsettled() == self.model.unsettled()

    @invariant()
    def both_have_told_the_same(self) -> None:
        events = self.ledger.events.events(after=0, limit=10_000)
        told = Counter((event.type, event.article_id, event.revision) for event in events)
        assert told == self.model.told

    # --- choices ----------------------------------------------------------------------------------

    def known_ids(self) -> st.SearchStrategy[str]:
        return st.sampled_from(sorted(self.model.articles))

    def some_batch(self, data: st.DataObject, only: set[str] | None) -> tuple[Batch, set[str]]:
        """Any batch ever claimed, late ones too, the latest most often; and all or some of it."""
        latest_first = self.batches[::-1]
        batch = data.draw(st.sampled_from(latest_first) | st.just(latest_first[0]))
        return batch, ids_of(batch) if only is None else only


@pytest.mark.parametrize("opener", LEDGERS.values(), ids=LEDGERS)
def test_the_ledger_does_what_the_rules_say(opener: Opener) -> None:
    run_state_machine_as_test(
        partial(LedgerMachine, opener),
        settings=settings(max_examples=40, stateful_step_count=60, deadline=None),
    )
