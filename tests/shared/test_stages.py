"""The rules of the stages, whatever the state they start from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory_shared.stages import (
    BACKOFF,
    BACKOFF_CAP,
    FIRST_STAGES,
    LEASE,
    MAX_ERRORS,
    MAX_LOST,
    RELEASE_PAUSE,
    TIME_LIMIT,
    ArticleStatus,
    Reason,
    Stage,
    StageState,
    State,
    backoff,
    behind,
    claim,
    due,
    fail,
    finish,
    holds,
    let_go,
    lose,
    release,
    retry,
    status_of,
    supersede,
    void,
    waits,
)

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
REASON = Reason(type="stage-failed", detail="The stage raised.")
GONE = Reason(type="worker-lost", detail="The worker died.")

moments = st.timedeltas(timedelta(days=-1), timedelta(days=1)).map(lambda since: NOW + since)
reasons = st.none() | st.sampled_from([REASON, GONE])


def states(*kinds: State) -> st.SearchStrategy[StageState]:
    """Any state the rules can lead to; a running one is held under the token `mine`."""
    return st.sampled_from(kinds or tuple(State)).flatmap(
        lambda kind: st.builds(
            StageState,
            revision=st.integers(1, 9),
            state=st.just(kind),
            errors=st.integers(0, MAX_ERRORS - 1),
            lost=st.integers(0, MAX_LOST - 1),
            alone=st.booleans(),
            due_at=moments,
            token=st.just("mine" if kind is State.RUNNING else None),
            lease_until=moments if kind is State.RUNNING else st.none(),
            reason=reasons,
        )
    )


running = states(State.RUNNING)


def counted(state: StageState) -> tuple[int, int, bool]:
    return state.errors, state.lost, state.alone


@given(states(), moments)
def test_only_what_is_pending_and_whose_time_has_come_is_due(
    state: StageState, now: datetime
) -> None:
    assert due(state, now) == (state.state is State.PENDING and not now < state.due_at)


@given(states(State.PENDING))
def test_a_row_is_due_from_the_very_moment_it_is_due_at(state: StageState) -> None:
    assert due(state, state.due_at)
    assert not due(state, state.due_at - timedelta(microseconds=1))


@given(states(State.PENDING), moments)
def test_a_claim_holds_the_row_for_one_revision_one_token_and_one_lease(
    state: StageState, now: datetime
) -> None:
    held = claim(state, now, "mine")

    assert holds(held, state.revision, "mine")
    assert not holds(held, state.revision, "another's")
    assert not holds(held, state.revision + 1, "mine")
    assert held.lease_until == now + LEASE
    assert not due(held, now + LEASE * 2)


def test_a_lease_outlives_the_longest_a_batch_may_take() -> None:
    assert LEASE > TIME_LIMIT


@given(running, moments)
def test_whoever_let_go_of_a_row_holds_it_no_more(state: StageState, now: datetime) -> None:
    for after in (
        finish(state),
        fail(state, now, REASON),
        lose(state, now, GONE),
        void(state, now),
        release(state, now),
        retry(state, now),
    ):
        assert not holds(after, state.revision, "mine")
        assert after.token is None
        assert after.lease_until is None


@given(running)
def test_finishing_is_the_end_and_forgets_the_trouble_there_was(state: StageState) -> None:
    done = finish(state)

    assert done.state is State.DONE
    assert done.reason is None
    assert counted(done) == counted(state)


@given(running, moments)
def test_an_error_is_counted_as_an_error_only(state: StageState, now: datetime) -> None:
    after = fail(state, now, REASON)

    assert counted(after) == (state.errors + 1, state.lost, state.alone)
    assert after.reason == REASON


@given(running, moments)
def test_the_third_error_is_the_last(state: StageState, now: datetime) -> None:
    after = fail(state, now, REASON)

    assert (after.state is State.FAILED) == (state.errors + 1 == 3)
    assert after.state in (State.FAILED, State.PENDING)


@given(running, moments)
def test_an_error_short_of_the_last_makes_the_row_wait(state: StageState, now: datetime) -> None:
    after = fail(state, now, REASON)

    if after.state is State.PENDING:
        assert after.due_at == now + backoff(after.errors)
        assert not due(after, now)


@given(running, moments)
def test_a_loss_is_counted_as_a_loss_and_only_of_a_row_that_was_alone(
    state: StageState, now: datetime
) -> None:
    after = lose(state, now, GONE)

    assert after.errors == state.errors
    assert after.lost == state.lost + (1 if state.alone else 0)
    assert after.alone


@given(running, moments)
def test_the_third_loss_alone_is_the_last_and_says_why(state: StageState, now: datetime) -> None:
    after = lose(state, now, GONE)

    assert (after.state is State.FAILED) == (state.alone and state.lost + 1 == 3)
    assert after.reason == GONE


@given(running, moments)
def test_a_lost_row_is_due_again_at_once(state: StageState, now: datetime) -> None:
    after = lose(state, now, GONE)

    assert due(after, now) == (after.state is State.PENDING)


@given(states(State.FAILED), moments)
def test_a_retry_starts_the_counters_again_and_keeps_the_suspicion(
    state: StageState, now: datetime
) -> None:
    again = retry(state, now)

    assert due(again, now)
    assert counted(again) == (0, 0, state.alone)
    assert again.reason is None


@given(running, moments)
def test_a_voided_claim_leaves_the_row_as_it_was_before(state: StageState, now: datetime) -> None:
    before = void(state, now)

    assert before.state is State.PENDING
    assert counted(before) == counted(state)
    assert (before.due_at, before.reason) == (state.due_at, state.reason)


@given(running)
def test_what_comes_next_waits_for_a_claim_that_may_still_write(state: StageState) -> None:
    over = state.lease_until
    assert over is not None
    before = over - timedelta(microseconds=1)

    after = supersede(state, state.revision + 1, before)

    assert waits(after)
    assert not due(after, before)
    assert due(after, over)
    assert due(let_go(after, "mine", before), before)
    assert let_go(after, "another's", before) == after


@given(running)
def test_however_often_it_is_superseded_it_waits_for_the_same_claim(state: StageState) -> None:
    over = state.lease_until
    assert over is not None
    before = over - timedelta(microseconds=1)

    changed = supersede(state, state.revision + 1, before)
    deleted = supersede(changed, state.revision + 2, before)

    assert deleted == replace(changed, revision=state.revision + 2)
    assert not waits(supersede(changed, state.revision + 2, over))


@given(running)
def test_another_try_waits_for_the_claim_it_takes_away(state: StageState) -> None:
    over = state.lease_until
    assert over is not None
    before = over - timedelta(microseconds=1)

    assert not due(behind(state, retry(state, before), before), before)


@given(states(State.PENDING, State.DONE, State.FAILED), moments)
def test_what_comes_next_waits_for_nobody_where_nobody_is_at_work(
    state: StageState, now: datetime
) -> None:
    after = supersede(state, state.revision + 1, now)

    assert not waits(after)
    assert due(after, now)
    assert counted(after) == (0, 0, False)


@given(running)
def test_what_comes_next_waits_no_longer_than_the_lease(state: StageState) -> None:
    assert state.lease_until is not None

    assert not waits(supersede(state, state.revision + 1, state.lease_until))


@given(running, moments)
def test_a_released_row_is_counted_against_nobody_and_rests_a_little(
    state: StageState, now: datetime
) -> None:
    after = release(state, now)

    assert counted(after) == counted(state)
    assert after.reason == state.reason
    assert not due(after, now)
    assert due(after, now + RELEASE_PAUSE)


@given(states(), moments)
def test_no_move_changes_the_revision(state: StageState, now: datetime) -> None:
    moves = (
        claim(state, now, "mine"),
        finish(state),
        fail(state, now, REASON),
        lose(state, now, GONE),
        retry(state, now),
        void(state, now),
        release(state, now),
    )

    assert {moved.revision for moved in moves} == {state.revision}


@given(st.integers(1, 200))
def test_the_back_off_doubles_up_to_its_cap(errors: int) -> None:
    assert backoff(1) == BACKOFF
    assert backoff(errors + 1) == min(backoff(errors) * 2, BACKOFF_CAP)


@pytest.mark.parametrize(
    ("summarize", "index", "relate", "status"),
    [
        (State.PENDING, State.PENDING, None, ArticleStatus.ACCEPTED),
        (State.RUNNING, State.DONE, State.PENDING, ArticleStatus.ACCEPTED),
        (State.DONE, State.PENDING, None, ArticleStatus.ACCEPTED),
        (State.PENDING, State.DONE, State.DONE, ArticleStatus.ACCEPTED),
        (State.DONE, State.DONE, State.PENDING, ArticleStatus.READY),
        (State.DONE, State.DONE, State.RUNNING, ArticleStatus.READY),
        (State.DONE, State.DONE, State.DONE, ArticleStatus.READY),
        (State.DONE, State.FAILED, None, ArticleStatus.FAILED),
        (State.FAILED, State.RUNNING, None, ArticleStatus.FAILED),
        (State.DONE, State.DONE, State.FAILED, ArticleStatus.READY),
    ],
)
def test_the_stages_together_say_how_far_an_article_is(
    summarize: State, index: State, relate: State | None, status: ArticleStatus
) -> None:
    states = {Stage.SUMMARIZE: summarize, Stage.INDEX: index}
    if relate is not None:
        states[Stage.RELATE] = relate

    assert status_of(states) is status


def test_an_article_without_any_stage_is_only_accepted() -> None:
    assert status_of({}) is ArticleStatus.ACCEPTED


@given(st.dictionaries(st.sampled_from(Stage), st.sampled_from(State), min_size=1))
def test_the_order_of_the_stages_does_not_matter(states: dict[Stage, State]) -> None:
    turned = dict(reversed(states.items()))

    assert status_of(states) is status_of(turned)
    failed = State.FAILED in {states.get(stage) for stage in FIRST_STAGES}
    assert (status_of(states) is ArticleStatus.FAILED) == failed
