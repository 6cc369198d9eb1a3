"""AcceptLedger: what becomes of articles on their way in, and of those taken out again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.ledger.schema import metadata
from backstory_shared.articles import Outcome, Tombstone
from backstory_shared.errors import Gone, NotFound
from backstory_shared.events import EventType
from backstory_shared.ports import Accepted, Filters, Submission
from backstory_shared.stages import FIRST_STAGES, ArticleStatus, Lane, Stage, State
from backstory_shared.summaries import SummaryState
from support.clocks import FakeClock
from support.drafts import ARTICLE, article, submission
from support.ledgers import accept, accept_all, claim, fail, finish, ids_of, work_off

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def all_titles(ledger: SqlLedger) -> list[str]:
    entries = ledger.reading.browse(Filters(), after=None, limit=1_000)
    return [entry.revision.article.title for entry in entries]


def test_a_new_article_is_kept_and_waits_for_every_stage(ledger: SqlLedger) -> None:
    accepted = accept(ledger)

    report = ledger.status.status(ARTICLE.id)
    assert accepted == Accepted(
        id=ARTICLE.id, revision=1, outcome=Outcome.CREATED, status=ArticleStatus.ACCEPTED
    )
    assert ledger.reading.entry(ARTICLE.id).revision.article == ARTICLE
    assert [stage.name for stage in report.stages] == list(FIRST_STAGES)
    assert {stage.state for stage in report.stages} == {State.PENDING}


def test_an_article_sent_twice_is_stored_once(ledger: SqlLedger) -> None:
    accept(ledger)

    again = accept(ledger)

    assert (again.outcome, again.revision) == (Outcome.UNCHANGED, 1)
    assert all_titles(ledger) == [ARTICLE.title]
    assert ledger.events.last_event() == 1


def test_an_unchanged_article_keeps_the_work_already_done(ledger: SqlLedger) -> None:
    accept(ledger)
    work_off(ledger)

    assert accept(ledger).status is ArticleStatus.READY
    assert ledger.working.waiting() == set()


def test_an_unchanged_article_that_failed_says_so(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger)
    for _ in range(3):
        fail(ledger, claim(ledger))
        clock.tick(3_600)

    assert accept(ledger).status is ArticleStatus.FAILED


def test_a_changed_article_is_the_next_revision_and_all_its_work_is_due(
    ledger: SqlLedger,
) -> None:
    accept(ledger)
    work_off(ledger)

    changed = accept(ledger, title="Ferry stays")

    assert (changed.outcome, changed.revision) == (Outcome.UPDATED, 2)
    assert changed.status is ArticleStatus.ACCEPTED
    assert all_titles(ledger) == ["Ferry stays"]
    assert ids_of(claim(ledger, Stage.SUMMARIZE)) == ids_of(claim(ledger)) == {ARTICLE.id}


def test_a_changed_article_forgets_the_failures_of_the_revision_before(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept(ledger)
    for _ in range(3):
        fail(ledger, claim(ledger))
        clock.tick(3_600)

    accept(ledger, title="Ferry stays")

    index = ledger.status.status(ARTICLE.id).stages[1]
    assert (index.state, index.errors, index.error) == (State.PENDING, 0, None)


def test_an_older_draft_is_left_out_and_said_so(ledger: SqlLedger) -> None:
    accept(ledger, modified_at=NOON)
    work_off(ledger)

    outdated = accept(ledger, title="Ferry stays", modified_at=NOON - HOUR)

    assert (outdated.outcome, outdated.revision) == (Outcome.OUTDATED, 1)
    assert outdated.status is ArticleStatus.READY
    assert all_titles(ledger) == [ARTICLE.title]


def test_an_unchanged_article_may_still_move_the_time_of_its_last_change(
    ledger: SqlLedger,
) -> None:
    accept(ledger, modified_at=NOON)
    accept(ledger, modified_at=NOON + HOUR * 2)

    between = accept(ledger, title="Ferry stays", modified_at=NOON + HOUR)

    assert between.outcome is Outcome.OUTDATED
    assert ledger.reading.entry(ARTICLE.id).revision.article.modified_at == NOON + HOUR * 2


def test_the_time_of_the_first_acceptance_stays_that_of_the_last_one_moves(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    first = clock.now
    accept(ledger)
    clock.tick()
    accept(ledger, title="Ferry stays")

    revision = ledger.reading.entry(ARTICLE.id).revision

    assert (revision.first_accepted_at, revision.accepted_at) == (first, clock.now)
    assert revision.sort_at == first


def test_a_later_draft_of_a_batch_sees_the_earlier_one(ledger: SqlLedger) -> None:
    accepted = ledger.accepting.accept(
        [submission(), submission(), submission(title="Ferry stays"), submission(id="other")]
    )

    assert [(a.outcome, a.revision) for a in accepted] == [
        (Outcome.CREATED, 1),
        (Outcome.UNCHANGED, 1),
        (Outcome.UPDATED, 2),
        (Outcome.CREATED, 1),
    ]
    assert ledger.reading.entry(ARTICLE.id).revision.article.title == "Ferry stays"
    assert ledger.status.status(ARTICLE.id).revision == 2


def test_an_empty_batch_is_nothing_to_do(ledger: SqlLedger) -> None:
    assert ledger.accepting.accept([]) == []


SENT = st.builds(
    submission,
    id=st.sampled_from(["a", "b"]),
    title=st.sampled_from(["one", "two"]),
    modified_at=st.sampled_from([None, NOON - HOUR, NOON, NOON + HOUR]),
    tags=st.sampled_from([(), ("ferries",)]),
    lane=st.sampled_from(Lane),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(sent=st.lists(SENT, min_size=2, max_size=6))
def test_a_batch_comes_to_the_same_as_its_drafts_one_by_one(
    ledger: SqlLedger, sent: list[Submission]
) -> None:
    forget_everything(ledger)
    one_by_one = [ledger.accepting.accept([one])[0] for one in sent]
    apart = what_is_kept(ledger)

    forget_everything(ledger)
    together = ledger.accepting.accept(sent)

    assert together == one_by_one
    assert what_is_kept(ledger) == apart


def forget_everything(ledger: SqlLedger) -> None:
    with ledger.database.write() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.delete())


def what_is_kept(ledger: SqlLedger) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, without numbers and names that are never used twice."""
    with ledger.database.read() as connection:
        return {
            table.name: sorted(
                (tuple(row) for row in connection.execute(sa.select(*_comparable(table)))), key=repr
            )
            for table in metadata.sorted_tables
        }


def _comparable(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.columns if column.name not in ("sequence", "group_id")]


def test_a_deleted_article_is_gone(ledger: SqlLedger) -> None:
    accept(ledger, canonical_url="https://ellery.example/ferry")
    work_off(ledger)

    ledger.accepting.delete(ARTICLE.id, "request-2")

    with pytest.raises(Gone):
        ledger.reading.entry(ARTICLE.id)
    with pytest.raises(NotFound):
        ledger.reading.id_of_url("https://ellery.example/ferry")
    assert all_titles(ledger) == []
    assert ledger.reading.entries([ARTICLE.id]) == {}
    assert ledger.status.status(ARTICLE.id).status is ArticleStatus.DELETED


def test_deleting_twice_is_one_deletion(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger)
    first = ledger.accepting.delete(ARTICLE.id, "request-2")
    clock.tick()

    second = ledger.accepting.delete(ARTICLE.id, "request-3")

    assert first == second == Tombstone(id=ARTICLE.id, revision=2, deleted_at=first.deleted_at)
    assert first.deleted_at < clock.now
    types = [event.type for event in ledger.events.events(after=0, limit=10)]
    assert types == [EventType.ACCEPTED, EventType.DELETED]


def test_what_never_was_cannot_be_deleted(ledger: SqlLedger) -> None:
    with pytest.raises(NotFound):
        ledger.accepting.delete("never-was", "request-1")


def test_deleting_takes_the_words_away(ledger: SqlLedger) -> None:
    said = dict.fromkeys(("title", "text", "section", "source", "url", "image_url"), "walrus")
    accept(ledger, **said, authors=("walrus",), tags=("walrus",), metadata={"walrus": "walrus"})
    work_off(ledger)
    accept(ledger, **said, canonical_url="https://walrus.example/")
    assert "walrus" in repr(what_is_kept(ledger))

    ledger.accepting.delete(ARTICLE.id, "request-2")

    assert "walrus" not in repr(what_is_kept(ledger))


def test_deleting_leaves_only_the_emptying_of_the_index_to_do(ledger: SqlLedger) -> None:
    accept(ledger, lane=Lane.BACKFILL)

    tombstone = ledger.accepting.delete(ARTICLE.id, "request-2")

    assert ledger.working.waiting() == {(Stage.INDEX, Lane.LIVE)}
    (work,) = claim(ledger).items
    assert (work.revision, work.correlation_id) == (tombstone.revision, "request-2")


def test_a_deleted_id_posted_again_starts_above_its_tombstone(
    ledger: SqlLedger, clock: FakeClock
) -> None:
    accept(ledger, modified_at=NOON)
    tombstone = ledger.accepting.delete(ARTICLE.id, "request-2")
    clock.tick()

    again = accept(ledger, modified_at=NOON - HOUR)

    assert (again.outcome, again.revision) == (Outcome.CREATED, tombstone.revision + 1)
    revision = ledger.reading.entry(ARTICLE.id).revision
    assert revision.article == article(modified_at=NOON - HOUR)
    assert revision.first_accepted_at == clock.now
    assert len(ledger.status.status(ARTICLE.id).stages) == len(FIRST_STAGES)


def test_a_deleted_id_posted_again_has_no_summary_yet(ledger: SqlLedger) -> None:
    accept(ledger)
    work_off(ledger)
    ledger.accepting.delete(ARTICLE.id, "request-2")

    accept(ledger)

    assert ledger.reading.entry(ARTICLE.id).summary.state is SummaryState.PENDING


def test_a_deletion_leaves_the_others_alone(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b", tags=("ferries",))
    work_off(ledger)

    ledger.accepting.delete("a", "request-2")

    kept = ledger.reading.browse(Filters(tag=("ferries",)), after=None, limit=9)
    assert [entry.revision.article.id for entry in kept] == ["b"]
    assert kept[0].summary.summary is not None


def test_a_deletion_is_finished_like_any_other_work(ledger: SqlLedger) -> None:
    accept(ledger)
    ledger.accepting.delete(ARTICLE.id, "request-2")

    assert finish(ledger, claim(ledger)) == {ARTICLE.id}

    assert ledger.status.status(ARTICLE.id).status is ArticleStatus.DELETED
    assert ledger.reading.unsettled() == frozenset()
