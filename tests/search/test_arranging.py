"""Arranging: near, fresh and different ones, and not too many of a kind."""

from datetime import UTC, datetime, timedelta

from backstory_search.arranging import Wish, arranged
from backstory_shared.ports import Bearings, Link, Neighbour

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def near(
    article_id: str,
    score: float = 0.8,
    *,
    years: float = 0,
    language: str | None = "en",
    section: str | None = None,
    authors: tuple[str, ...] = (),
    copies: str | None = None,
    story: str | None = None,
    names: str = "",
) -> Neighbour:
    return Neighbour(
        Link(id=article_id, revision=1, score=score, same_event=0.0, because=()),
        Bearings(
            language=language,
            sort_at=NOW - timedelta(days=365 * years),
            section=section,
            authors=authors,
            copies=copies,
            story=story,
            leading=frozenset(names.split()),
        ),
    )


def shown(*neighbours: Neighbour, limit: int = 9, language: str | None = "en") -> list[str]:
    wish = Wish(limit=limit, minimum=0.3, now=NOW, language=language)
    return [one.link.id for one in arranged(neighbours, wish)]


def test_the_nearest_come_first_and_no_more_than_are_asked_for() -> None:
    assert shown(near("c", 0.5), near("a", 0.9), near("b", 0.7), limit=2) == ["a", "b"]


def test_fewer_rather_than_wrong_ones() -> None:
    assert shown(near("a", 0.31), near("b", 0.29)) == ["a"]


def test_of_two_that_are_as_near_the_fresh_one_comes_first() -> None:
    assert shown(near("a", years=3), near("b")) == ["b", "a"]


def test_age_takes_only_so_much_from_what_is_nearer() -> None:
    assert shown(near("a", 0.9, years=50), near("b", 0.6)) == ["a", "b"]


def test_what_says_something_else_comes_before_what_says_the_same_again() -> None:
    first, again, other = (
        near("a", 0.9, names="Quill Ellery"),
        near("b", 0.8, names="Quill Ellery"),
        near("c", 0.7, names="Callan"),
    )

    assert shown(first, again, other) == ["a", "c", "b"]


def test_another_language_comes_only_if_any_will_do() -> None:
    german, unknown = near("a", language="de"), near("b", language=None)

    assert shown(german, unknown) == ["b"]
    assert shown(german, unknown, language=None) == ["a", "b"]


def test_there_is_one_of_copies_three_of_an_author_and_four_of_a_story_or_section() -> None:
    assert len(shown(*(near(f"{n}", copies="group") for n in range(9)))) == 1
    assert len(shown(*(near(f"{n}", authors=("Ana", f"{n}")) for n in range(9)))) == 3
    assert len(shown(*(near(f"{n}", story="flood") for n in range(9)))) == 4
    assert len(shown(*(near(f"{n}", section="news") for n in range(9)))) == 4
    assert len(shown(*(near(f"{n}") for n in range(9)))) == 9
