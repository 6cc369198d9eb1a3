"""Whatever happens in whatever order, the ledger says the same as a model of the pure rules."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.editing import NO_DECISIONS, Edit
from backstory_shared.errors import BackstoryError, Gone
from backstory_shared.ports import Batch, Submission
from backstory_shared.stages import LEASE, Lane, Reason, Stage
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
    title=st.sampled_from(["one", "one", "one", "two"]),
    modified_at=st.sampled_from([None, START]),
    lane=st.sampled_from(Lane),
)


Ending = Callable[[SqlLedger, ModelLedger, Batch, set[str]], None]


def finish(ledger: SqlLedger, model: ModelLedger, batch: Batch, ids: set[str]) -> None:
    results = {id_: made for id_, made in results_of(batch).items() if id_ in ids}

    assert ledger.working.finish(batch, results) == model.finish(batch, ids)


def fail(ledger: SqlLedger, model: ModelLedger, batch: Batch, ids: set[str]) -> None:
    ledger.working.fail(batch, dict.fromkeys(ids, BROKEN))
    model.fail(batch, ids, BROKEN)


def lose(ledger: SqlLedger, model: ModelLedger, batch: Batch, ids: set[str]) -> None:
    ledger.working.lose(batch, ids, WORKER_LOST)
    model.lose(batch, ids, WORKER_LOST)


def release(ledger: SqlLedger, model: ModelLedger, batch: Batch, _ids: set[str]) -> None:
    ledger.working.release(batch)
    model.release(batch)


endings: st.SearchStrategy[Ending] = st.sampled_from([finish, fail, lose, release])


Intervention = Callable[[SqlLedger, ModelLedger, str], None]


def delete(ledger: SqlLedger, model: ModelLedger, article_id: str) -> None:
    tombstone = ledger.accepting.delete(article_id, "request-2")

    assert tombstone.revision == model.delete(article_id)


def retry(ledger: SqlLedger, model: ModelLedger, article_id: str) -> None:
    if model.articles[article_id].deleted:
        with pytest.raises(Gone):
            ledger.status.retry(article_id)
    else:
        assert ledger.status.retry(article_id) == model.retry(article_id)


def retry_failures(ledger: SqlLedger, model: ModelLedger, _article_id: str) -> None:
    assert ledger.status.retry_failures() == model.retry_failures()


def requeue(ledger: SqlLedger, model: ModelLedger, article_id: str) -> None:
    for stage in Stage:
        assert ledger.status.requeue([article_id], stage) == model.requeue([article_id], stage)


def start_again(ledger: SqlLedger, model: ModelLedger, _article_id: str) -> None:
    assert ledger.working.void_claims() == model.void_claims()


def edit(ledger: SqlLedger, model: ModelLedger, article_id: str, asked: Edit) -> None:
    if model.articles[article_id].deleted:
        with pytest.raises(Gone):
            ledger.desk.decide(article_id, asked, "request-2")
        return
    try:
        model.edit(article_id, asked)
    except BackstoryError as error:
        with pytest.raises(type(error)):
            ledger.desk.decide(article_id, asked, "request-2")
    else:
        ledger.desk.decide(article_id, asked, "request-2")


def again(ledger: SqlLedger, model: ModelLedger, article_id: str) -> None:
    if model.articles[article_id].deleted:
        with pytest.raises(Gone):
            ledger.desk.again(article_id, "request-2")
    else:
        ledger.desk.again(article_id, "request-2")
        model.again(article_id)


EDITS = [
    Edit(text="Written by hand."),
    Edit(text="Written by hand.", locked=False),
    Edit(text=None),
    Edit(approved=True),
    Edit(approved=False),
    Edit(locked=True),
    Edit(locked=False),
    Edit(disabled=True),
    Edit(disabled=False),
    Edit(approved=True, revision=1),
]
INTERVENTIONS: list[Intervention] = [delete, retry, retry_failures, requeue, start_again, again]


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

    @rule(data=st.data(), limit=st.sampled_from([1, 2, 64]))
    def claim(self, data: st.DataObject, limit: int) -> None:
        self.next_batch(data.draw(self.queues()), limit)

    @rule(data=st.data(), ends=endings)
    def work(self, data: st.DataObject, ends: Ending) -> None:
        """Claim and let go at once: by single steps, a second time would seldom come about."""
        if batch := self.next_batch(data.draw(self.queues()), 64):
            ends(self.ledger, self.model, batch, ids_of(batch))

    @rule(data=st.data(), ends=endings, pause=st.sampled_from([31, 1_000]))
    def work_three_times(self, data: st.DataObject, ends: Ending, pause: float) -> None:
        queue = data.draw(self.queues())
        for _ in range(3):
            if batch := self.next_batch(queue, 64):
                ends(self.ledger, self.model, batch, ids_of(batch))
            self.clock.tick(pause)

    @precondition(lambda self: self.batches)
    @rule(data=st.data(), ends=endings, only=st.none() | some_ids)
    def let_go(self, data: st.DataObject, ends: Ending, only: set[str] | None) -> None:
        """Of any batch ever claimed, late ones too, and of all or some of it."""
        batch = data.draw(st.sampled_from(self.batches[::-1]))
        ends(self.ledger, self.model, batch, ids_of(batch) if only is None else only)

    @rule()
    def sweep(self) -> None:
        assert self.ledger.working.sweep() == self.model.sweep(LEASE_RAN_OUT)

    @precondition(lambda self: self.model.articles)
    @rule(data=st.data(), step_in=st.sampled_from(INTERVENTIONS))
    def someone_steps_in(self, data: st.DataObject, step_in: Intervention) -> None:
        """All in one rule: they undo what takes many steps to come about."""
        article_id = data.draw(st.sampled_from(sorted(self.model.articles)))
        step_in(self.ledger, self.model, article_id)

    @precondition(lambda self: self.model.articles)
    @rule(data=st.data(), asked=st.sampled_from(EDITS))
    def an_editor_decides(self, data: st.DataObject, asked: Edit) -> None:
        article_id = data.draw(st.sampled_from(sorted(self.model.articles)))
        edit(self.ledger, self.model, article_id, asked)

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
        decisions = {id_: entry.summary.decisions for id_, entry in entries.items()}
        assert decisions == {id_: self.model.decisions.get(id_, NO_DECISIONS) for id_ in entries}
        assert self.ledger.reading.unsettled() == self.model.unsettled()

    @invariant()
    def both_have_told_the_same(self) -> None:
        events = self.ledger.events.events(after=0, limit=10_000)
        told = Counter((event.type, event.article_id, event.revision) for event in events)
        assert told == self.model.told

    # --- how --------------------------------------------------------------------------------------

    def next_batch(self, queue: tuple[Stage, Lane], limit: int) -> Batch | None:
        batch = self.ledger.working.claim(*queue, limit)

        claimed = {work.article_id: work.revision for work in batch.items} if batch else {}
        assert claimed == self.model.claimable(*queue, limit)
        if batch:
            self.model.claim(batch)
            self.batches.append(batch)
        return batch

    def queues(self) -> st.SearchStrategy[tuple[Stage, Lane]]:
        """Those in which there is anything; any where there is nothing."""
        waiting = {(key[1], row.lane) for key, row in self.model.rows.items()}
        return st.sampled_from(
            sorted(waiting) or [(stage, lane) for stage in Stage for lane in Lane]
        )


#: A step asks a dozen questions, and a server far away answers each of them later.
EXAMPLES = {"postgres": 8, "sqlite": 30}


@pytest.mark.parametrize("name", LEDGERS)
def test_the_ledger_does_what_the_rules_say(name: str) -> None:
    run_state_machine_as_test(
        partial(LedgerMachine, LEDGERS[name]),
        settings=settings(max_examples=EXAMPLES[name], stateful_step_count=80, deadline=None),
    )
