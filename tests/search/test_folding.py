"""One for all copies: counts stay true, and turning pages neither repeats nor skips anything."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory_search.folding import Unfolded, shown_from
from backstory_search.search import Collapse, Found, Search
from backstory_shared.ports import Filters
from support.archive import Library, entry_of

IDS = tuple("abcdefghij")


@dataclass(frozen=True)
class Groups:
    """Implements Folds: letters of one group, with a stranger that no list has."""

    groups: Sequence[Sequence[str]]

    def together(self, article_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        return {
            id_: (*group, "stranger")
            for group in self.groups
            if set(group) & set(article_ids)
            for id_ in group
        }


groupings = st.lists(st.integers(0, 4), min_size=len(IDS), max_size=len(IDS)).map(
    lambda numbers: Groups(
        [[id_ for id_, of in zip(IDS, numbers, strict=True) if of == n] for n in range(5)]
    )
)


@given(groupings, st.integers(1, 4))
def test_all_pages_together_show_each_article_or_fold_it_exactly_once(
    folds: Groups, limit: int
) -> None:
    told: list[str] = []
    start: int | None = 0
    while start is not None:
        shown, start = shown_from(IDS, folds, start, limit)
        assert 0 < len(shown) <= limit
        for one in shown:
            told += [IDS[one.place], *one.folded]

    assert sorted(told) == list(IDS)


@given(groupings, st.integers(1, 12))
def test_what_is_shown_is_the_first_of_its_group(folds: Groups, limit: int) -> None:
    shown, _ = shown_from(IDS, folds, 0, limit)

    for one in shown:
        assert all(IDS.index(id_) > one.place for id_ in one.folded)


def test_unfolded_every_article_stands_alone() -> None:
    shown, following = shown_from(IDS, Unfolded(), 2, 3)

    assert [(one.place, one.folded) for one in shown] == [(2, ()), (3, ()), (4, ())]
    assert following == 5


# --- searching ------------------------------------------------------------------------------------


@pytest.fixture
def reprinted(shelves: Library) -> Library:
    """Three of one text, two of another, and one alone; all about the ferry."""
    for number, wording in enumerate(["one", "two", "one", "three", "two", "one"]):
        shelves.add(
            entry_of(
                id=f"ferry-{number}",
                title=f"The ferry {wording}",
                text=f"The ferry sails {wording}.",
                days=number,
                copy_hash=wording,
                section="sea",
            )
        )
    return shelves


def search(shelves: Library, **asked: object) -> Found:
    return shelves.reading.search(Search(**{"text": "ferry", "filters": Filters(), **asked}))


def test_copies_are_folded_and_still_counted(reprinted: Library) -> None:
    found = search(reprinted)

    assert len(found.hits) == 3
    assert found.counts.total == 6
    folded = {hit.entry.revision.article.id: hit.folded for hit in found.hits}
    everything = sorted([*folded, *(id_ for ids in folded.values() for id_ in ids)])
    assert everything == [f"ferry-{number}" for number in range(6)]


def test_nothing_is_folded_if_that_is_asked_for(reprinted: Library) -> None:
    found = search(reprinted, collapse=Collapse.NONE)

    assert len(found.hits) == found.counts.total == 6
    assert {hit.folded for hit in found.hits} == {()}


def test_a_story_is_folded_if_that_is_asked_for(reprinted: Library) -> None:
    reprinted.stories.told["storm"] = ["ferry-0", "ferry-1", "ferry-3"]

    found = search(reprinted, collapse=Collapse.STORY)

    assert len(found.hits) == 4
    assert found.counts.total == 6


def test_the_pages_of_a_folded_list_go_on_where_they_ended(reprinted: Library) -> None:
    pages, cursor = [], None
    while True:
        found = search(reprinted, limit=1, cursor=cursor)
        pages.append([hit.entry.revision.article.id for hit in found.hits])
        if (cursor := found.next_cursor) is None:
            break

    assert [len(page) for page in pages] == [1, 1, 1]
    assert len({id_ for (id_,) in pages}) == 3


def test_another_copy_stands_in_for_one_that_was_deleted(reprinted: Library) -> None:
    (first, *_) = search(reprinted, text="ferry one", limit=1).hits
    assert len(first.folded) == 2

    reprinted.archive.delete(first.entry.revision.article.id)

    (then, *_) = search(reprinted, text="ferry one", limit=1).hits
    assert then.entry.revision.article.id in first.folded
    assert len(then.folded) == 1


def test_folding_is_quick_however_the_copies_lie() -> None:
    chance = random.Random(1)
    ids = [f"id-{number}" for number in range(200)]
    groups = Groups([chance.sample(ids, 50)])

    shown, following = shown_from(ids, groups, 0, 200)

    assert following is None
    assert len(shown) == 151
