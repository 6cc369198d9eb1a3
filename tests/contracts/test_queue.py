"""What a queue must do: be heard. What it may lose, delay and double is nobody's loss."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from backstory_shared.events import EventType
from backstory_shared.stages import ArticleStatus, Lane, Stage
from support.drafts import submission
from support.ledgers import accept, accept_all
from support.queues import QUEUES, Staffed
from support.stories import eventually


@pytest.fixture(scope="module", params=sorted(QUEUES))
def staffed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Staffed]:
    with QUEUES[request.param](tmp_path_factory.mktemp("queue")) as opened:
        yield opened


def ring_all(staffed: Staffed, lane: Lane = Lane.LIVE) -> None:
    for stage in Stage:
        staffed.queue.ring(stage, lane)


def wait_until_ready(staffed: Staffed, *ids: str) -> None:
    for id_ in ids:
        eventually(
            partial(status_of, staffed, id_),
            lambda status: status is ArticleStatus.READY,
        )


def status_of(staffed: Staffed, article_id: str) -> ArticleStatus:
    return staffed.ledger.status.status(article_id).status


def told(staffed: Staffed, after: int) -> list[tuple[EventType, str]]:
    events = staffed.ledger.events.events(after=after, limit=10_000)
    return [(event.type, event.article_id) for event in events]


def test_what_was_rung_for_is_done(staffed: Staffed) -> None:
    accept(staffed.ledger, id="rung")

    ring_all(staffed)

    wait_until_ready(staffed, "rung")


def test_what_nobody_rang_for_is_done_as_well(staffed: Staffed) -> None:
    accept(staffed.ledger, id="unrung")

    wait_until_ready(staffed, "unrung")


def test_many_rings_at_once_do_each_article_once(staffed: Staffed) -> None:
    before = staffed.ledger.events.last_event()
    ids = [f"often-{number}" for number in range(200)]
    accept_all(staffed.ledger, *ids)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: ring_all(staffed), range(200)))

    wait_until_ready(staffed, *ids)
    assert set(Counter(told(staffed, before)).values()) == {1}


def test_a_ring_for_nothing_does_nothing(staffed: Staffed) -> None:
    before = staffed.ledger.events.last_event()

    ring_all(staffed)
    ring_all(staffed, Lane.BACKFILL)
    accept(staffed.ledger, id="after-nothing")
    ring_all(staffed)

    wait_until_ready(staffed, "after-nothing")
    ours = [type_ for type_, id_ in told(staffed, before) if id_ == "after-nothing"]
    assert set(Counter(ours).values()) == {1}


def test_a_live_article_overtakes_the_backfill(staffed: Staffed) -> None:
    before = staffed.ledger.events.last_event()
    old = [submission(id=f"old-{number}", lane=Lane.BACKFILL) for number in range(300)]
    staffed.ledger.accepting.accept([*old, submission(id="breaking", lane=Lane.LIVE)])

    ring_all(staffed, Lane.BACKFILL)

    wait_until_ready(staffed, "breaking", *(one.draft.article.id for one in old))
    for done in (EventType.SUMMARIZED, EventType.INDEXED):
        order = [id_ for type_, id_ in told(staffed, before) if type_ is done]
        assert order.index("breaking") <= 64
