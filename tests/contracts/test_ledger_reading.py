"""ArticleReader and Browser: articles as readers ask for them, one and by date."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.articles import Article, Span
from backstory_shared.errors import Gone, NotFound
from backstory_shared.ports import Entry, Filters, Page
from backstory_shared.stages import Lane, Stage
from backstory_shared.summaries import SummaryState
from support.clocks import FakeClock
from support.drafts import ARTICLE, SUMMARY, submission
from support.ledgers import accept, accept_all, claim, fail, finish, work_off

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
EVERYTHING = Filters()


def ids(entries: list[Entry]) -> list[str]:
    return [entry.revision.article.id for entry in entries]


def id_of(entry: Entry | None) -> str | None:
    return entry.revision.article.id if entry else None


def browsed(ledger: SqlLedger, **filters: Any) -> set[str]:
    return set(ids(ledger.reading.browse(Filters(**filters), after=None, limit=100)))


# --- what was kept comes back as it was -----------------------------------------------------------

#: Without what no article may contain: PostgreSQL keeps no NUL in a text, JSON has no infinity.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
times = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda time: time.replace(fold=0)
)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": texts,
    "text": texts,
    "url": st.none() | texts,
    "published_at": st.none() | times,
    "modified_at": st.none() | times,
    "authors": st.lists(texts, max_size=3).map(tuple),
    "section": st.none() | texts,
    "tags": st.lists(texts, max_size=3).map(tuple),
    "language": st.none() | texts,
    "source": st.none() | texts,
    "image_url": st.none() | texts,
    "metadata": st.dictionaries(texts, json_values, max_size=3),
}


def test_every_field_of_an_article_is_tried() -> None:
    assert {"id", *FIELDS} == set(Article.__slots__)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=40,
)
@given(
    fields=st.fixed_dictionaries(FIELDS),
    boilerplate=st.lists(st.builds(Span, st.integers(0, 9), st.integers(10, 10**6)), max_size=3),
)
def test_an_article_comes_back_as_it_was_sent(
    ledger: SqlLedger, fields: dict[str, Any], boilerplate: list[Span]
) -> None:
    if ledger.events.last_event():
        ledger.accepting.delete(ARTICLE.id, "request-0")
    sent = submission(**fields, boilerplate=boilerplate).draft
    accept(ledger, **fields, boilerplate=boilerplate)

    revision = ledger.reading.entry(ARTICLE.id).revision

    assert revision.article == sent.article
    assert repr(revision.article) == repr(sent.article)
    assert (revision.content_hash, revision.copy_hash) == (sent.content_hash, sent.copy_hash)
    assert revision.boilerplate == tuple(boilerplate)


def test_a_reopened_ledger_has_it_all(open_ledger: Any) -> None:
    with open_ledger() as ledger:
        accept_all(ledger, "kept", "deleted", tags=("ferries",), metadata={"desk": ["night"]})
        work_off(ledger)
        ledger.accepting.delete("deleted", "request-2")
        fail(ledger, claim(ledger))
        before = everything(ledger)

    with open_ledger() as reopened:
        assert everything(reopened) == before


def everything(ledger: SqlLedger) -> tuple[Any, ...]:
    return (
        ledger.reading.entry("kept"),
        ledger.status.status("kept"),
        ledger.status.status("deleted"),
        ledger.status.stats(),
        ledger.events.events(after=0, limit=100),
    )


# --- one and some ---------------------------------------------------------------------------------


def test_what_never_was_is_not_found(ledger: SqlLedger) -> None:
    for ask in (ledger.reading.entry, ledger.reading.adjacent, ledger.reading.copies):
        with pytest.raises(NotFound):
            ask("never-was")


def test_what_was_deleted_is_gone_and_not_unknown(ledger: SqlLedger) -> None:
    accept(ledger)
    ledger.accepting.delete(ARTICLE.id, "request-2")

    for ask in (ledger.reading.entry, ledger.reading.adjacent, ledger.reading.copies):
        with pytest.raises(Gone):
            ask(ARTICLE.id)


def test_of_many_ids_the_live_ones_are_read(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b", "c")
    ledger.accepting.delete("b", "request-2")

    entries = ledger.reading.entries(["c", "b", "never-was", "a"])

    assert {key: id_of(entry) for key, entry in entries.items()} == {"a": "a", "c": "c"}


def test_of_many_ids_the_live_ones_say_what_they_say_now(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b", "c")
    accept(ledger, id="a", title="Ferry stays", text="It stays\nin harbour.")
    ledger.accepting.delete("b", "request-2")

    assert ledger.reading.texts(["c", "b", "never-was", "a"]) == {
        "a": "Ferry stays\nIt stays\nin harbour.",
        "c": f"{ARTICLE.title}\n{ARTICLE.text}",
    }
    assert ledger.reading.texts([]) == {}


def test_of_many_ids_the_current_revisions_are_told(ledger: SqlLedger) -> None:
    accept_all(ledger, "a", "b", "c")
    accept(ledger, id="a", title="Ferry stays")
    ledger.accepting.delete("b", "request-2")

    assert ledger.reading.revisions(["c", "b", "never-was", "a"]) == {"a": 2, "c": 1}


def test_an_article_is_found_by_its_address(ledger: SqlLedger) -> None:
    accept(ledger, id="a", canonical_url="https://ellery.example/ferry")
    accept(ledger, id="b", canonical_url="https://ellery.example/harbour")

    assert ledger.reading.id_of_url("https://ellery.example/ferry") == "a"
    with pytest.raises(NotFound):
        ledger.reading.id_of_url("https://ellery.example/")


def test_of_two_articles_at_one_address_the_newest_live_one_is_meant(ledger: SqlLedger) -> None:
    at = {"canonical_url": "https://ellery.example/live"}
    for article_id, published_at in (("a", NOON), ("c", NOON + DAY * 2), ("b", NOON + DAY)):
        accept(ledger, id=article_id, published_at=published_at, **at)
    assert ledger.reading.id_of_url(at["canonical_url"]) == "c"

    ledger.accepting.delete("c", "request-2")

    assert ledger.reading.id_of_url(at["canonical_url"]) == "b"


def test_an_article_that_moved_is_no_longer_at_its_old_address(ledger: SqlLedger) -> None:
    accept(ledger, canonical_url="https://ellery.example/old")
    accept(ledger, canonical_url="https://ellery.example/new", title="Ferry stays")

    assert ledger.reading.id_of_url("https://ellery.example/new") == ARTICLE.id
    with pytest.raises(NotFound):
        ledger.reading.id_of_url("https://ellery.example/old")


# --- summaries ------------------------------------------------------------------------------------


def test_a_summary_is_pending_then_ready_then_stale_then_ready_again(ledger: SqlLedger) -> None:
    def summary_after(step: Callable[[], object]) -> tuple[SummaryState, int]:
        step()
        stored = ledger.reading.entry(ARTICLE.id).summary
        assert (stored.summary == SUMMARY) == (stored.state is SummaryState.READY)
        return stored.state, stored.revision

    assert summary_after(lambda: accept(ledger)) == (SummaryState.PENDING, 1)
    assert summary_after(lambda: work_off(ledger)) == (SummaryState.READY, 1)
    assert summary_after(lambda: accept(ledger, title="b")) == (SummaryState.STALE, 2)
    assert summary_after(lambda: work_off(ledger)) == (SummaryState.READY, 2)


def test_a_summary_whose_stage_gave_up_is_failed(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger)
    for _ in range(3):
        fail(ledger, claim(ledger, Stage.SUMMARIZE))
        clock.tick(3_600)

    assert ledger.reading.entry(ARTICLE.id).summary.state is SummaryState.FAILED


def test_a_summary_made_again_replaces_the_one_before(ledger: SqlLedger) -> None:
    accept(ledger)
    work_off(ledger)
    ledger.status.requeue([ARTICLE.id], Stage.SUMMARIZE)
    assert ledger.reading.entry(ARTICLE.id).summary.summary == SUMMARY

    finish(ledger, claim(ledger, Stage.SUMMARIZE, Lane.BACKFILL))

    assert ledger.reading.entry(ARTICLE.id).summary.summary == SUMMARY


# --- what the index may hold that no longer holds -------------------------------------------------


def test_the_unsettled_are_exactly_the_changed_and_the_deleted(ledger: SqlLedger) -> None:
    accept_all(ledger, "same", "changed", "deleted", "back")
    work_off(ledger)
    accept_all(ledger, "new")
    accept(ledger, id="same")
    accept(ledger, id="changed", title="Ferry stays")
    for article_id in ("deleted", "back"):
        ledger.accepting.delete(article_id, "request-2")
    accept(ledger, id="back")

    assert ledger.reading.unsettled() == {"changed", "deleted", "back"}


def test_indexing_again_hides_nothing_that_is_in_the_index_as_it_is(ledger: SqlLedger) -> None:
    accept(ledger)
    accept(ledger, title="Ferry stays")
    finish(ledger, claim(ledger))

    ledger.status.requeue_all(Stage.INDEX)

    assert ledger.reading.unsettled() == frozenset()


def test_indexing_settles_and_nothing_less(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger)
    accept(ledger, title="Ferry stays")
    finish(ledger, claim(ledger, Stage.SUMMARIZE))
    for _ in range(3):
        fail(ledger, claim(ledger))
        clock.tick(3_600)
    assert ledger.reading.unsettled() == {ARTICLE.id}

    ledger.status.retry(ARTICLE.id)
    finish(ledger, claim(ledger))

    assert ledger.reading.unsettled() == frozenset()


# --- by date --------------------------------------------------------------------------------------


def test_browsing_goes_from_the_newest_to_the_oldest(ledger: SqlLedger, clock: FakeClock) -> None:
    accept(ledger, id="monday", published_at=NOON)
    accept(ledger, id="sunday", published_at=NOON - DAY)
    accept(ledger, id="undated")
    clock.tick()
    accept(ledger, id="undated-later")

    entries = ledger.reading.browse(EVERYTHING, after=None, limit=10)

    assert ids(entries) == ["monday", "undated-later", "undated", "sunday"]


def test_browsing_pages_through_ties_without_gap_or_repetition(ledger: SqlLedger) -> None:
    accept_all(ledger, *"hgfedcba", published_at=NOON)
    accept_all(ledger, *"kji", published_at=NOON - DAY)

    seen: list[Entry] = []
    after = None
    while page := ledger.reading.browse(EVERYTHING, after=after, limit=3):
        seen += page
        after = Page(sort_at=page[-1].revision.sort_at, id=page[-1].revision.article.id)

    assert ids(seen) == list("hgfedcbakji")


def test_a_page_is_not_disturbed_by_what_was_published_meanwhile(ledger: SqlLedger) -> None:
    accept_all(ledger, *"abcd", published_at=NOON)
    first = ledger.reading.browse(EVERYTHING, after=None, limit=2)
    accept(ledger, id="z", published_at=NOON + DAY)

    after = Page(sort_at=first[-1].revision.sort_at, id=first[-1].revision.article.id)

    assert ids(ledger.reading.browse(EVERYTHING, after=after, limit=2)) == ["b", "a"]


@pytest.fixture
def newspaper(ledger: SqlLedger) -> SqlLedger:
    accept(ledger, id="a", section="harbour", source="Post", language="en", published_at=NOON)
    accept(ledger, id="b", section="harbour", source="Blatt", language="de", tags=("x", "y"))
    accept(ledger, id="c", section="sport", source="Post", language="en", tags=("y",))
    accept(ledger, id="d", authors=("Ines", "Olu"), tags=("Olu",), published_at=NOON + DAY)
    accept(ledger, id="e", authors=("Olu",), tags=("x",), section="sport")
    return ledger


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "abcde"),
        ({"section": ("harbour",)}, "ab"),
        ({"section": ("harbour", "sport")}, "abce"),
        ({"source": ("Post",)}, "ac"),
        ({"language": ("de", "fr")}, "b"),
        ({"tag": ("x",)}, "be"),
        ({"tag": ("x", "y")}, "bce"),
        ({"author": ("Olu",)}, "de"),
        ({"tag": ("Olu",)}, "d"),
        ({"author": ("Ines", "Olu"), "tag": ("x",)}, "e"),
        ({"section": ("sport",), "tag": ("y",), "source": ("Post",)}, "c"),
        ({"section": ("Harbour",)}, ""),
        ({"published_from": NOON}, "ad"),
        ({"published_until": NOON}, "bce"),
        ({"published_from": NOON, "published_until": NOON + DAY}, "a"),
        ({"published_from": NOON + DAY, "author": ("Ines",)}, "d"),
    ],
)
def test_filters_take_any_value_of_a_field_and_all_of_the_fields(
    newspaper: SqlLedger, filters: dict[str, Any], expected: str
) -> None:
    assert browsed(newspaper, **filters) == set(expected)


def test_labels_follow_the_revision(newspaper: SqlLedger) -> None:
    accept(newspaper, id="b", section="sport", tags=("z",))
    newspaper.accepting.delete("e", "request-2")

    assert browsed(newspaper, tag=("x",)) == set()
    assert browsed(newspaper, tag=("z",)) == {"b"}
    assert browsed(newspaper, section=("sport",)) == {"b", "c"}
    assert browsed(newspaper, author=("Olu",)) == {"d"}


def test_a_label_given_twice_counts_once(ledger: SqlLedger) -> None:
    accept(ledger, tags=("x", "x"), authors=("x", "x"))

    assert browsed(ledger, tag=("x",)) == browsed(ledger, author=("x",)) == {ARTICLE.id}
    assert ledger.reading.entry(ARTICLE.id).revision.article.tags == ("x", "x")


# --- neighbours and copies ------------------------------------------------------------------------


def test_an_article_has_an_older_and_a_newer_neighbour(ledger: SqlLedger) -> None:
    for number, article_id in enumerate("cab"):
        accept(ledger, id=article_id, published_at=NOON + DAY * number)

    def neighbours(article_id: str) -> tuple[str | None, str | None]:
        older, newer = ledger.reading.adjacent(article_id)
        return id_of(older), id_of(newer)

    assert neighbours("a") == ("c", "b")
    assert neighbours("c") == (None, "a")
    assert neighbours("b") == ("a", None)


def test_walking_from_neighbour_to_neighbour_is_browsing(ledger: SqlLedger) -> None:
    accept_all(ledger, *"abc", published_at=NOON)
    accept_all(ledger, *"de", published_at=NOON - DAY)
    ledger.accepting.delete("b", "request-2")

    walked = ["c"]
    while older := ledger.reading.adjacent(walked[-1])[0]:
        walked.append(older.revision.article.id)
        assert id_of(ledger.reading.adjacent(walked[-1])[1]) == walked[-2]

    assert walked == ids(ledger.reading.browse(EVERYTHING, after=None, limit=9))
