"""Which days a text speaks of, seen from the day it was published."""

from datetime import date

import pytest

from backstory_shared.text.days import MOST_DAYS, days_of

#: A Wednesday.
PUBLISHED = date(2026, 3, 11)


def days(text: str, published: date = PUBLISHED) -> list[str]:
    return sorted(map(str, days_of(text, published)))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("It rained on Saturday.", "2026-03-07"),
        ("It rained on Wednesday.", "2026-03-11"),
        ("The match will be played on Saturday.", "2026-03-14"),
        ("It ended. It rained on Saturday.", "2026-03-07"),
        ("Am Samstag regnete es.", "2026-03-07"),
        ("Il a plu samedi.", "2026-03-07"),
        ("Llovió el sábado.", "2026-03-07"),
        ("Pioveva sabato.", "2026-03-07"),
        ("It rained yesterday.", "2026-03-10"),
        ("Es regnet heute.", "2026-03-11"),
        ("Il pleuvra demain.", "2026-03-12"),
        ("It opened on 4 May.", "2026-05-04"),
        ("It opened on May 4, 2019.", "2019-05-04"),
        ("It opened on the 4th of May 2019.", "2019-05-04"),
        ("It closed on 30 December.", "2025-12-30"),
        ("Am 4. Mai öffnet es.", "2026-05-04"),
        ("El 4 de mayo de 2025 abrió.", "2025-05-04"),
        ("Le 1er mai, tout ferme.", "2026-05-01"),
        ("It says 2026-02-28 there.", "2026-02-28"),
    ],
)
def test_a_day_is_understood_as_readers_of_that_day_did(text: str, day: str) -> None:
    assert days(text) == [day]


@pytest.mark.parametrize(
    "text", ["May I come in?", "It may take 400 men.", "30 February", "2026-13-01", "March on", ""]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert days(text) == []


def test_a_leap_day_is_in_the_nearest_year_that_has_one() -> None:
    assert days("It was born on 29 February.", date(2025, 1, 5)) == ["2024-02-29"]


def test_the_ends_of_the_calendar_are_no_trouble() -> None:
    said = "Yesterday, tomorrow, on Monday and on 1 January."

    assert days(said, date.min)
    assert days(said, date.max)


def test_only_the_days_are_kept_that_are_spoken_of_first() -> None:
    said = " ".join(f"{day} April," for day in range(1, 29))

    assert len(days(said)) == MOST_DAYS
    assert "2026-04-01" in days(said)
