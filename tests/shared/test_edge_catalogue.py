"""The catalogue of an Edge index: counts stay true however often articles change."""

import random
from collections.abc import Iterator

import numpy as np
import pytest

from backstory_shared.adapters.payload import payload
from backstory_shared.adapters.qdrant_edge.catalogue import Catalogue, Written
from backstory_shared.adapters.qdrant_edge.postings import Postings
from backstory_shared.ports import Facet, IndexEntry, MatchSet
from support.indexes import entry, terms

ARTICLES = 300


def put(catalogue: Catalogue, written: IndexEntry) -> None:
    number = catalogue.reserve(written.id)
    catalogue.keep([Written(number, payload(written), written.lexical.indices)])


def changes(chance: random.Random, count: int) -> Iterator[IndexEntry]:
    """Ever newer revisions of a few hundred articles."""
    for revision in range(count):
        yield entry(
            f"article-{chance.randrange(ARTICLES)}",
            revision,
            lexical=terms(*chance.sample(range(50), 4)),
            days=chance.randint(0, 9),
            section=chance.choice(["news", "sport"]),
            tags=tuple(chance.sample(["x", "y"], chance.randint(0, 2))),
        )


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_true_after_any_number_of_changes_and_deletions(seed: int) -> None:
    chance, catalogue = random.Random(seed), Catalogue()
    live: dict[str, IndexEntry] = {}

    for changed in changes(chance, 9_000):
        put(catalogue, changed)
        live[changed.id] = changed
        if chance.random() < 0.05:
            gone = live.pop(chance.choice(sorted(live)))
            number = catalogue.number(gone.id)
            assert number is not None
            catalogue.drop([number], gone.revision)

    for term in range(50):
        counts = catalogue.counts(MatchSet(terms=(term,)), [Facet.SECTION])
        expected = [one for one in live.values() if term in one.lexical.indices]
        assert counts.total == len(expected)
        assert sum(count for _, count in counts.facets[Facet.SECTION]) == len(expected)


def test_an_article_that_changes_for_ever_takes_no_more_room() -> None:
    catalogue = Catalogue()

    for changed in changes(random.Random(1), 20_000):
        put(catalogue, changed)

    assert catalogue.rows < 5_000


def test_a_list_cut_within_a_tie_is_cut_by_id() -> None:
    catalogue = Catalogue()
    for name in ("d", "b", "a", "c"):
        put(catalogue, entry(name))
    put(catalogue, entry("older", days=-1))

    assert catalogue.by_date(MatchSet(), newest_first=True, limit=2) == ["a", "b"]
    assert catalogue.by_date(MatchSet(), newest_first=False, limit=3) == ["older", "a", "b"]


def test_postings_are_found_in_every_run() -> None:
    postings, alive = Postings(), np.ones(5_000, np.bool_)
    for row in range(5_000):
        of_row = np.array([row % 7, 100 + row % 3], np.uint32)
        postings.add(of_row, np.array([row, row], np.uint32))
        postings.merge(alive)

    found = postings.having([3, 101, 999])

    assert set(found.tolist()) == {n for n in range(5_000) if n % 7 == 3 or n % 3 == 1}
    assert postings.known([3, 101, 999]) == [3, 101]


@pytest.mark.parametrize("seed", range(5))
def test_postings_know_every_living_row_whatever_was_merged(seed: int) -> None:
    chance, postings, alive = random.Random(seed), Postings(), np.ones(4_000, np.bool_)
    rows_of: dict[int, set[int]] = {term: set() for term in range(30)}
    row = 0
    while row < 4_000 - 40:
        written = [(chance.randrange(30), row + n // 3) for n in range(chance.randrange(90))]
        row += 30
        for term, of_row in dict.fromkeys(written):
            rows_of[term].add(of_row)
        alive[[chance.randrange(row) for _ in range(20)]] = False
        pairs = np.array(list(dict.fromkeys(written)), np.uint32).reshape(-1, 2)
        postings.add(pairs[:, 0], pairs[:, 1])
        postings.merge(alive)

    for term, rows in rows_of.items():
        found = [one for one in postings.having([term]).tolist() if alive[one]]
        assert sorted(found) == sorted(one for one in rows if alive[one])


def test_what_was_kept_on_disk_answers_the_same_and_goes_on() -> None:
    chance, catalogue = random.Random(4), Catalogue()
    for changed in changes(chance, 3_000):
        put(catalogue, changed)
    catalogue.drop([catalogue.reserve("article-7")], 3_000)

    restored = Catalogue.restored(catalogue.arrays())
    for both in (catalogue, restored):
        put(both, entry("article-7", 4_000, lexical=terms(3), section="news"))

    for asked in [MatchSet(), *(MatchSet(terms=(term,)) for term in range(50))]:
        assert restored.counts(asked, list(Facet)) == catalogue.counts(asked, list(Facet))
        in_order = catalogue.by_date(asked, newest_first=True, limit=50)
        assert restored.by_date(asked, newest_first=True, limit=50) == in_order
    assert restored.number("article-7") == catalogue.number("article-7")


def test_an_empty_catalogue_can_be_kept() -> None:
    assert Catalogue.restored(Catalogue().arrays()).counts(MatchSet(), []).total == 0
