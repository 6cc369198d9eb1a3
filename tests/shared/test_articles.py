"""What makes two revisions the same, and what becomes of a draft."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory_shared.articles import Article, Current, Outcome, content_hash, decide
from support.drafts import article, draft

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

OTHER: dict[str, Any] = {
    "id": "ferry-2",
    "title": "Night ferry leaves Port Ellery",
    "text": "The night ferry is gone.",
    "url": "https://ellery.example/ferry",
    "published_at": NOON,
    "modified_at": NOON,
    "authors": ("Ines Okafor",),
    "section": "harbour",
    "tags": ("ferries",),
    "language": "en",
    "source": "Ellery Post",
    "image_url": "https://ellery.example/ferry.jpg",
    "metadata": {"desk": "night"},
}

#: Of OTHER under another title; whatever changes this makes every archive look changed.
HASH_IN_EXISTING_ARCHIVES = "b6fdee7a4a0c56cbf1e661d18c032af1e4ccee89c65e17d0c1c054c7decc770e"


def known(**values: Any) -> Current:
    stored = {"revision": 4, "deleted": False, "modified_at": None} | values
    return Current(content_hash=content_hash(article()), **stored)


def test_every_field_has_another_value_to_be_tried_with() -> None:
    assert set(OTHER) == {field.name for field in fields(Article)}


@pytest.mark.parametrize("name", sorted(OTHER.keys() - {"id", "modified_at"}))
def test_whatever_a_publisher_says_is_part_of_the_content(name: str) -> None:
    assert content_hash(article(**{name: OTHER[name]})) != content_hash(article())


@pytest.mark.parametrize("name", ["id", "modified_at"])
def test_neither_the_id_nor_the_time_of_a_change_is_content(name: str) -> None:
    assert content_hash(article(**{name: OTHER[name]})) == content_hash(article())


def test_two_fields_that_swap_their_values_are_another_content() -> None:
    assert content_hash(article(section="a", source="b")) != content_hash(
        article(section="b", source="a")
    )


def test_the_order_of_authors_counts_and_that_of_metadata_does_not() -> None:
    assert content_hash(article(authors=("a", "b"))) != content_hash(article(authors=("b", "a")))
    assert content_hash(article(metadata={"a": 1, "b": 2})) == content_hash(
        article(metadata={"b": 2, "a": 1})
    )


def test_a_hash_stays_what_it_was_when_archives_were_made_with_it() -> None:
    described = article(**OTHER | {"title": "Fähre 夜 🚢"})

    assert content_hash(described) == HASH_IN_EXISTING_ARCHIVES


def test_an_id_never_seen_is_created_at_revision_one() -> None:
    assert decide(None, draft()) == (Outcome.CREATED, 1)


def test_the_same_content_again_is_unchanged() -> None:
    assert decide(known(), draft()) == (Outcome.UNCHANGED, 4)


def test_other_content_is_the_next_revision() -> None:
    assert decide(known(), draft(title="Ferry stays")) == (Outcome.UPDATED, 5)


def test_a_draft_modified_earlier_than_what_is_there_is_outdated() -> None:
    older = draft(title="Ferry stays", modified_at=NOON - HOUR)

    assert decide(known(modified_at=NOON), older) == (Outcome.OUTDATED, 4)


def test_the_same_content_modified_earlier_is_outdated_too() -> None:
    assert decide(known(modified_at=NOON), draft(modified_at=NOON - HOUR)) == (Outcome.OUTDATED, 4)


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [(None, None), (NOON, None), (None, NOON), (NOON, NOON), (NOON, NOON + HOUR)],
)
def test_the_last_write_wins_unless_both_say_it_is_older(
    theirs: datetime | None, mine: datetime | None
) -> None:
    changed = draft(title="Ferry stays", modified_at=mine)

    assert decide(known(modified_at=theirs), changed) == (Outcome.UPDATED, 5)


@pytest.mark.parametrize("modified_at", [None, NOON - HOUR, NOON + HOUR])
def test_a_deleted_id_starts_again_above_its_tombstone(modified_at: datetime | None) -> None:
    tombstone = known(deleted=True, modified_at=NOON)

    assert decide(tombstone, draft(modified_at=modified_at)) == (Outcome.CREATED, 5)


@given(
    st.none()
    | st.builds(
        known,
        revision=st.integers(1, 99),
        deleted=st.booleans(),
        modified_at=st.sampled_from([None, NOON]),
    ),
    st.sampled_from(["Ferry stays", article().title]),
    st.sampled_from([None, NOON - HOUR, NOON, NOON + HOUR]),
)
def test_a_revision_grows_by_one_exactly_when_something_was_kept(
    current: Current | None, title: str, modified_at: datetime | None
) -> None:
    outcome, revision = decide(current, draft(title=title, modified_at=modified_at))

    before = current.revision if current else 0
    assert revision - before == (outcome in (Outcome.CREATED, Outcome.UPDATED))
