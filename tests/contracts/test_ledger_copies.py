"""Copies are found as they are accepted, whatever their order, and stay together as a group."""

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.ledger.copies import BUCKET
from backstory_shared.adapters.ledger.schema import copies, copy_keys
from support.clocks import START
from support.drafts import submission
from support.ledgers import accept
from support.texts import prose

DAY = timedelta(days=1)
TEXT = prose(seed=1)
OTHER = prose(seed=2)


def changed(text: str, *, share: float, seed: int = 0) -> str:
    """The text with this share of its sentences replaced."""
    chance = random.Random(seed)
    sentences = text.split(". ")
    for place in chance.sample(range(len(sentences)), round(share * len(sentences))):
        sentences[place] = f"Something else was said {chance.random()} by {chance.random()} others"
    return ". ".join(sentences)


def keep(ledger: SqlLedger, article_id: str, text: str, *, day: int = 0) -> None:
    accept(ledger, id=article_id, text=text, title=article_id, published_at=START + DAY * day)


def copies_of(ledger: SqlLedger, article_id: str) -> list[str]:
    return [entry.revision.article.id for entry in ledger.reading.copies(article_id)]


def rows(ledger: SqlLedger, table: sa.Table) -> int:
    with ledger.database.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_reprint_with_a_few_changes_is_a_copy_oldest_first(ledger: SqlLedger) -> None:
    keep(ledger, "reprint", changed(TEXT, share=0.15), day=1)
    keep(ledger, "original", TEXT)
    keep(ledger, "other", OTHER)

    assert copies_of(ledger, "original") == ["reprint"]
    assert copies_of(ledger, "reprint") == ["original"]
    assert copies_of(ledger, "other") == []


def test_the_copies_of_a_batch_find_each_other(ledger: SqlLedger) -> None:
    ledger.accepting.accept(
        [
            submission(id="a", text=TEXT),
            submission(id="b", text=OTHER),
            submission(id="c", text=changed(TEXT, share=0.1)),
        ]
    )

    assert copies_of(ledger, "a") == ["c"]


def test_what_is_rewritten_by_half_is_no_copy(ledger: SqlLedger) -> None:
    keep(ledger, "original", TEXT)
    keep(ledger, "rewritten", changed(TEXT, share=0.5))

    assert copies_of(ledger, "original") == []


def test_a_report_with_the_figures_of_another_day_is_no_copy(ledger: SqlLedger) -> None:
    words = "The index of the exchange closed at {} points after a quiet day with a gain of {} "
    report = (
        words + "per cent in thin trading while most shares of the large banks held still."
    ) * 2
    keep(ledger, "monday", report.format(4801, 3, 7, 11))
    keep(ledger, "tuesday", report.format(4912, 5, 8, 12))

    assert copies_of(ledger, "monday") == []


def test_short_notices_are_copies_only_word_for_word(ledger: SqlLedger) -> None:
    keep(ledger, "first", "Bread will cost two crowns more from Monday on, said the bakers' guild.")
    keep(ledger, "same", "Bread will cost two crowns more from Monday on, said the bakers’ guild")
    keep(ledger, "other", "Bread will cost two crowns less from Monday on, said the bakers' guild.")

    assert copies_of(ledger, "first") == ["same"]


def test_a_group_is_joined_through_any_of_its_articles(ledger: SqlLedger) -> None:
    once = changed(TEXT, share=0.2, seed=1)
    twice = changed(once, share=0.25, seed=5)
    keep(ledger, "a", TEXT, day=0)
    keep(ledger, "c", twice, day=2)
    assert copies_of(ledger, "a") == []

    keep(ledger, "b", once, day=1)

    assert copies_of(ledger, "a") == ["b", "c"]
    assert ledger.reading.together(["c"]) == dict.fromkeys("abc", ("a", "b", "c"))


@pytest.mark.parametrize("leaving", ["a", "b", "c"])
def test_a_group_survives_the_deletion_of_an_article(ledger: SqlLedger, leaving: str) -> None:
    left = [id_ for id_ in "abc" if id_ != leaving]
    for id_ in "abc":
        keep(ledger, id_, TEXT)

    ledger.accepting.delete(leaving, "request-2")

    assert copies_of(ledger, left[0]) == left[1:]
    assert ledger.reading.together(["a", "b", "c"]) == dict.fromkeys(left, tuple(left))


def test_a_changed_article_leaves_its_group_and_may_come_back(ledger: SqlLedger) -> None:
    for id_ in "abc":
        keep(ledger, id_, TEXT)

    keep(ledger, "b", OTHER)
    assert copies_of(ledger, "a") == ["c"]
    assert copies_of(ledger, "b") == []

    keep(ledger, "b", TEXT)
    assert copies_of(ledger, "b") == ["a", "c"]


def test_a_deleted_article_leaves_nothing_behind(ledger: SqlLedger) -> None:
    keep(ledger, "a", TEXT)
    keep(ledger, "a", OTHER)

    ledger.accepting.delete("a", "request-2")

    assert rows(ledger, copies) == rows(ledger, copy_keys) == 0


def test_a_large_group_stays_whole_and_its_buckets_small(ledger: SqlLedger) -> None:
    ids = [f"wire-{number:03}" for number in range(3 * BUCKET)]
    for id_ in ids:
        keep(ledger, id_, TEXT)

    assert copies_of(ledger, ids[0]) == ids[1:]
    assert largest_bucket(ledger) == BUCKET


def test_texts_without_words_are_no_copies_of_each_other(ledger: SqlLedger) -> None:
    keep(ledger, "a", "?!")
    keep(ledger, "b", "?!")

    assert copies_of(ledger, "a") == []


def test_together_says_nothing_of_articles_that_stand_alone(ledger: SqlLedger) -> None:
    keep(ledger, "a", TEXT)

    assert ledger.reading.together(["a", "never-was"]) == {}


def largest_bucket(ledger: SqlLedger) -> int:
    with ledger.database.read() as connection:
        sizes: Sequence[int] = (
            connection.execute(sa.select(sa.func.count(copy_keys.c.key)).group_by(copy_keys.c.key))
            .scalars()
            .all()
        )
    return max(sizes)
