"""However large the archive, one move of the ledger stays the same work for SQLite."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.ledger.schema import stories, story_articles
from backstory_shared.ports import Filters, Link, Neighbours, Page, Profile
from backstory_shared.stages import Lane, Reason, Stage
from support.clocks import START, FakeClock
from support.drafts import submission
from support.ledgers import BROKEN, accept, claim, ids_of, results_of, sqlite_ledger, work_off
from support.sqlite import Move, plan_of, steps_of

KNOWN = "a00050"
NEW = "a00060"
ADDRESS = f"https://ellery.example/{KNOWN}"
SMALL, LARGE = 150, 1_500
FOUR_INDEX_JOBS = (Stage.INDEX, Lane.LIVE, 4)


def finish(ledger: SqlLedger) -> object:
    batch = claim(ledger, limit=4)
    return ledger.working.finish(batch, results_of(batch))


def fail(ledger: SqlLedger) -> None:
    batch = claim(ledger, limit=4)
    ledger.working.fail(batch, dict.fromkeys(ids_of(batch), BROKEN))


def lose(ledger: SqlLedger) -> None:
    batch = claim(ledger, limit=4)
    ledger.working.lose(batch, ids_of(batch), Reason(type="worker-lost", detail="Died."))


def relate(ledger: SqlLedger) -> object:
    """One more article of a story as large as the archive."""
    ledger.status.requeue([NEW], Stage.RELATE)
    batch = claim(ledger, Stage.RELATE, Lane.BACKFILL)
    return ledger.working.finish(batch, {NEW: neighbours()})


def neighbours() -> Neighbours:
    return Neighbours(
        links=tuple(
            Link(id=f"a{n:05}", revision=1, score=0.9, same_event=3.0, because=("Ellery",))
            for n in range(10, 30)
        )
    )


MOVES: dict[str, Move] = {
    "claim": lambda ledger: ledger.working.claim(*FOUR_INDEX_JOBS),
    "waiting": lambda ledger: ledger.working.waiting(),
    "finish": finish,
    "fail": fail,
    "lose": lose,
    "sweep": lambda ledger: ledger.working.sweep(),
    "void claims": lambda ledger: ledger.working.void_claims(),
    "accept": lambda ledger: accept(ledger, id=KNOWN, title="Ferry stays", tags=("ferries",)),
    "delete": lambda ledger: ledger.accepting.delete(KNOWN, "request-2"),
    "status": lambda ledger: ledger.status.status(KNOWN),
    "retry": lambda ledger: ledger.status.retry(KNOWN),
    "failures": lambda ledger: ledger.status.failures(after="a", limit=10),
    "retry failures": lambda ledger: ledger.status.retry_failures(),
    "unsettled": lambda ledger: ledger.reading.unsettled(),
    "indexed": lambda ledger: ledger.status.indexed(after=KNOWN, limit=10),
    "entry": lambda ledger: ledger.reading.entry(KNOWN),
    "address": lambda ledger: ledger.reading.id_of_url(ADDRESS),
    "copies": lambda ledger: ledger.reading.copies(KNOWN),
    "adjacent": lambda ledger: ledger.reading.adjacent(KNOWN),
    "browse": lambda ledger: ledger.reading.browse(Filters(), after=None, limit=10),
    "next page": lambda ledger: ledger.reading.browse(
        Filters(), after=Page(sort_at=START, id=KNOWN), limit=10
    ),
    "by tag": lambda ledger: ledger.reading.browse(Filters(tag=("rare",)), after=None, limit=10),
    "neighbourhood": lambda ledger: ledger.relations.neighbourhood(KNOWN),
    "bearings": lambda ledger: ledger.relations.bearings([KNOWN]),
    "profile": lambda ledger: ledger.profiles.known([KNOWN]),
    "sharing": lambda ledger: ledger.profiles.sharing(["runa", "quill00050"], limit=10),
    "relate": relate,
    "events": lambda ledger: ledger.events.events(after=50, limit=10),
    "last event": lambda ledger: ledger.events.last_event(),
}


def fill(ledger: SqlLedger, clock: FakeClock, size: int) -> None:
    """So many articles done, as many still to do, and two that were changed or deleted."""
    ledger.accepting.accept([submission(**fields(f"a{number:05}")) for number in range(size)])
    work_off(ledger)
    tell(ledger, size)
    clock.tick()
    accept(ledger, id="a00001", title="Ferry stays")
    ledger.accepting.delete("a00002", "request-2")
    for _ in range(3):
        fail(ledger)
        clock.tick(3_600)
    claim(ledger, Stage.SUMMARIZE)
    ledger.accepting.accept([submission(**fields(f"b{number:05}")) for number in range(size)])


def tell(ledger: SqlLedger, size: int) -> None:
    """One story of nearly all articles; it is only counted anew when one of them leaves it."""
    ids = [f"a{number:05}" for number in range(size)]
    ledger.profiles.keep_profiles(
        [
            Profile(
                id=id_,
                revision=1,
                language="en",
                names={f"Runa Quill{id_[1:]}" if number < 70 else f"Quill{id_[1:]}": 1},
                figures=frozenset(),
            )
            for number, id_ in enumerate(ids)
        ]
    )
    with ledger.database.write() as connection:
        connection.execute(
            stories.insert().values(id="all", articles=size, first_seen=START, last_seen=START)
        )
        connection.execute(
            story_articles.insert(),
            [
                {"article_id": id_, "story_id": "all", "revision": 1}
                for id_ in ids
                if id_ not in (NEW, KNOWN)
            ],
        )
    ledger.relations.keep_neighbours(KNOWN, 1, neighbours())


def fields(article_id: str) -> dict[str, object]:
    return {
        "id": article_id,
        "text": f"The words of {article_id}.",
        "url": f"https://ellery.example/{article_id}",
        "tags": ("rare",) if article_id.endswith("00003") else ("common",),
    }


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The folders of a small archive and of one ten times larger."""
    folders = {size: tmp_path_factory.mktemp(f"of-{size}") for size in (SMALL, LARGE)}
    for size, folder in folders.items():
        clock = FakeClock()
        with sqlite_ledger(folder, clock) as ledger:
            fill(ledger, clock, size)
    return folders


@pytest.fixture
def archives(filled: dict[int, Path], tmp_path: Path) -> Iterator[tuple[SqlLedger, SqlLedger]]:
    """Copies of both, so that a move leaves nothing behind for the next."""
    for size, folder in filled.items():
        copytree(folder, tmp_path / str(size))
    later = FakeClock(START + timedelta(days=1))
    with (
        sqlite_ledger(tmp_path / str(SMALL), later) as small,
        sqlite_ledger(tmp_path / str(LARGE), later) as large,
    ):
        yield small, large


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_a_move_is_no_more_work_in_a_larger_archive(
    archives: tuple[SqlLedger, SqlLedger], move: Move
) -> None:
    small, large = (steps_of(archive, move) for archive in archives)

    assert 0 < large <= small * 1.1


@pytest.mark.parametrize(
    ("move", "index"),
    [
        ("claim", "stages_pending (stage=? AND lane=?)"),
        ("waiting", "stages_pending (stage=? AND lane=?)"),
        ("sweep", "stages_running (lease_until<?)"),
        ("void claims", "stages_running"),
        ("void claims", "stages_waiting"),
        ("unsettled", "stages_unsettled"),
        ("failures", "stages_failed"),
        ("retry failures", "stages_failed"),
        ("browse", "articles_by_date"),
        ("next page", "articles_by_date ((sort_at,id)<(?,?))"),
        ("copies", "copies_by_group (group_id=?)"),
        ("address", "articles_by_url (canonical_url=?)"),
        ("neighbourhood", "relations_by_score (article_id=?)"),
    ],
)
def test_a_move_goes_by_the_index_made_for_it(
    archives: tuple[SqlLedger, SqlLedger], move: str, index: str
) -> None:
    plan = plan_of(archives[0], MOVES[move])

    assert [line for line in plan if line.endswith(f"INDEX {index}")]
    assert not {"SCAN stages", "SCAN articles"} & set(plan)
