"""Two occasions of one kind are told apart, and what follows up on one of them is not."""

from datetime import date, timedelta

from backstory_shared.ports import Passage, Profile
from backstory_shared.relating.occasions import are_apart
from backstory_shared.relating.profiles import profile_of
from backstory_shared.relating.relevance import spoken_of

MARCH = date(2026, 3, 11)
APRIL = date(2026, 4, 15)
PRICES = (
    "Consumer prices in Vestria rose {0} per cent in the year to {1}, the statistics office said "
    "on Wednesday. Cheaper fuel was behind most of it, said Bertil Aune, who leads the office."
)
MATCH = (
    "Marta Sole scored as Keld beat Orrin at Mill Lane on {0}. Coach Dana Whitlow praised her team "
    "after the match."
)


def profile(title: str, text: str, published: date, language: str = "en") -> Profile:
    passage = Passage(title=title, text=text, language=language)
    return profile_of(title, 1, passage, published)


def apart(one: Profile, other: Profile) -> bool:
    told = are_apart(one.occasion, other.occasion, spoken_of(one.names), spoken_of(other.names))
    back = are_apart(other.occasion, one.occasion, spoken_of(other.names), spoken_of(one.names))
    assert told == back
    return told


def prices(rate: str, month: str, published: date) -> Profile:
    title = f"Inflation in Vestria at {rate} per cent"
    return profile(title, PRICES.format(rate, month), published)


def test_the_figures_of_the_next_month_are_another_occasion() -> None:
    assert apart(prices("3.1", "February", MARCH), prices("3.3", "March", APRIL))


def test_a_second_report_of_the_same_figures_is_not() -> None:
    assert not apart(prices("3.1", "February", MARCH), prices("3.1", "February", APRIL))


def test_corrected_figures_a_day_later_are_not() -> None:
    later = prices("3.2", "February", MARCH + timedelta(days=1))

    assert not apart(prices("3.1", "February", MARCH), later)


def test_what_speaks_of_other_names_is_not_told_apart() -> None:
    elsewhere = PRICES.format("9.9", "March").replace("Vestria", "Kestan").replace("Aune", "Beken")

    assert not apart(prices("3.1", "February", MARCH), profile("Elsewhere", elsewhere, APRIL))


def test_a_new_turn_of_the_same_affair_is_not() -> None:
    trial = "Leonard Voss went on trial in Westerby on Monday over 48 million that were missing."
    verdict = "A jury in Westerby found Leonard Voss guilty on Friday after nine hours."

    assert not apart(profile("Trial", trial, MARCH), profile("Verdict", verdict, APRIL))


def test_the_match_of_the_next_week_is_another_occasion() -> None:
    first = profile("Keld win", MATCH.format("Saturday"), date(2026, 8, 22))
    second = profile("Keld again", MATCH.format("Saturday"), date(2026, 8, 29))

    assert apart(first, second)


def test_what_is_said_of_the_match_on_the_next_day_is_not() -> None:
    first = profile("Keld win", MATCH.format("Saturday"), date(2026, 8, 22))
    later = profile("Whitlow is pleased", MATCH.format("Saturday"), date(2026, 8, 26))

    assert not apart(first, later)


def test_matches_are_told_apart_in_other_languages() -> None:
    said = (
        "Marta Sole schoss am {0} zwei Tore für Keld gegen Orrin im Stadion Mill Lane. Trainer "
        "Dana Whitlow lobte die Mannschaft für ihr Spiel."
    )
    first = profile("Keld gewinnt", said.format("Samstag"), date(2026, 8, 22), "de")
    second = profile("Keld gewinnt wieder", said.format("Samstag"), date(2026, 8, 29), "de")

    assert apart(first, second)


def test_what_is_not_published_is_told_apart_from_nothing() -> None:
    draft = profile_of("draft", 1, Passage(title="", text=MATCH, language="en"), None)

    assert not apart(draft, profile("Keld win", MATCH.format("Saturday"), date(2026, 8, 22)))
