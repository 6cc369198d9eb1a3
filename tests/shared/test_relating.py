"""The rules of relating: which story is joined, and what another model's cosines are worth."""

from dataclasses import replace

import pytest

from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.ports import Link, ModelCard, Rarity
from backstory_shared.relating.relevance import load_relevance
from backstory_shared.relating.stories import Choice, choose

SURE, UNSURE = 2.0, -2.0


def links(**odds: float) -> list[Link]:
    return [
        Link(id=id_, revision=1, score=0.5, same_event=value, because=())
        for id_, value in odds.items()
    ]


def test_whoever_is_near_nothing_is_in_no_story() -> None:
    assert choose(links(a=UNSURE, b=UNSURE), {"b": "story"}, {"story": 2}) == Choice()


def test_a_lone_article_that_is_near_is_joined() -> None:
    assert choose(links(a=SURE), {}, {}) == Choice(alone=("a",))


def test_a_story_is_joined_over_the_articles_nearest_to_it() -> None:
    told = dict.fromkeys("abc", "story")

    assert choose(links(a=SURE, b=SURE, c=UNSURE), told, {"story": 3}).stories == ("story",)
    assert choose(links(a=SURE, b=UNSURE, c=UNSURE), told, {"story": 3}) == Choice()


def test_what_is_near_a_few_articles_of_a_large_story_is_not_part_of_it() -> None:
    told = {f"{n}": "large" for n in range(40)}
    few = links(**{f"{n}": SURE for n in range(5)})
    most = links(**{f"{n}": SURE for n in range(30)})

    assert choose(few, told, {"large": 40}) == Choice()
    assert choose(most, told, {"large": 40}).stories == ("large",)


def test_two_stories_become_one_only_if_both_are_surely_near() -> None:
    told = {"a": "one", "b": "one", "c": "other", "d": "other"}
    sizes = {"one": 2, "other": 2}

    assert choose(links(a=SURE, b=SURE, c=SURE, d=SURE), told, sizes).stories == ("one", "other")
    assert choose(links(a=SURE, b=SURE, c=0.2, d=0.2), told, sizes).stories == ("one",)


def test_what_goes_on_for_long_stays_one_story_as_long_as_it_is_near() -> None:
    told = {f"{n}": "saga" for n in range(80)}
    near = links(**{f"{n}": 5.0 for n in range(20)})
    less = links(**{f"{n}": SURE for n in range(20)})

    assert choose(near, told, {"saga": 80}).stories == ("saga",)
    assert choose(less, told, {"saga": 80}) == Choice()
    assert choose(less, told, {"saga": 20}).stories == ("saga",)


def test_what_tells_of_another_occasion_is_in_no_story_with_it() -> None:
    (found,) = links(a=SURE)

    assert choose([replace(found, another=True)], {}, {}) == Choice()
    assert choose([replace(found, another=True)], {"a": "story"}, {"story": 1}) == Choice()


def test_a_later_report_does_not_make_one_of_two_occasions() -> None:
    """It goes with the one that it is nearer to."""
    first, second = links(a=SURE, b=2 * SURE)
    found = [replace(first, apart=frozenset("b")), replace(second, apart=frozenset("a"))]

    assert choose(found, {}, {}) == Choice(alone=("b",))
    assert choose(found, {"a": "one", "b": "other"}, {"one": 1, "other": 1}).stories == ("other",)


def test_a_name_tells_less_the_more_articles_have_it() -> None:
    naming = load_relevance(BUNDLED).naming

    telling = naming.telling(Rarity(articles=10_000, of_name={"zzyzx": 1, "zzyzy": 5_000}))

    assert telling["zzyzx"] == 1
    assert 0 < telling["zzyzy"] < 0.5


def test_the_cosines_of_the_model_it_was_learnt_with_are_taken_as_they_are() -> None:
    learnt = load_relevance(BUNDLED)
    seen = learnt.seen_by(ModelCard(id="same", dimension=2, floor=learnt.floor))

    assert seen.meaning(0.7) == pytest.approx(0.7)


@pytest.mark.parametrize("floor", [0.1, 0.8])
def test_another_models_cosines_count_from_its_own_floor_up_to_one(floor: float) -> None:
    learnt = load_relevance(BUNDLED)
    seen = learnt.seen_by(ModelCard(id="other", dimension=2, floor=floor))

    assert seen.meaning(floor) == pytest.approx(learnt.floor)
    assert seen.meaning((1 + floor) / 2) == pytest.approx((1 + learnt.floor) / 2)
    assert seen.meaning(1.0) == 1
    assert seen.minimum == learnt.minimum
