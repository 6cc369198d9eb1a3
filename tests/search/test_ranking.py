"""The order two lists make together."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory_search.ranking import (
    Ranked,
    by_meaning,
    by_words,
    closer,
    decayed,
    enough,
    fused,
    share_of_meaning,
)
from backstory_shared.ports import Scores

NOTHING = Scores()


def scored(*pairs: tuple[str, float]) -> Scores:
    return Scores.ordered([id_ for id_, _ in pairs], [score for _, score in pairs])


def ids(ranked: Sequence[Ranked]) -> list[str]:
    return [one.id for one in ranked]


def numbered(count: int, best: float, step: float) -> Scores:
    return scored(*((f"near-{n:03}", best - n * step) for n in range(count)))


def some_list(most: int) -> st.SearchStrategy[Scores]:
    scores = st.dictionaries(st.integers(0, 400), st.floats(0.25, 30), max_size=most)
    return scores.map(lambda found: scored(*((f"a{n}", score) for n, score in found.items())))


def test_what_is_first_in_both_lists_is_first() -> None:
    dense = scored(("both", 0.8), ("near", 0.7), ("far", 0.3))
    lexical = scored(("both", 9.0), ("word", 8.0))

    assert ids(fused(dense, lexical, floor=0.2))[0] == "both"


def test_the_one_article_with_a_rare_name_comes_first() -> None:
    dense = numbered(150, best=0.60, step=0.002)

    ranked = fused(dense, scored(("near-120", 7.5)), floor=0.2)

    assert ids(ranked)[0] == "near-120"


def test_a_hit_in_one_list_only_beats_a_poor_one_in_both() -> None:
    dense = scored(("near", 0.9), ("poor", 0.25), ("dull", 0.24))
    lexical = scored(("word", 12.0), ("poor", 1.0), ("dull", 0.9))

    assert set(ids(fused(dense, lexical, floor=0.2))[:2]) == {"near", "word"}


def test_who_has_little_of_what_was_asked_yields_to_who_means_it() -> None:
    dense = scored(("means it", 0.5), ("near", 0.45))
    lexical = scored(("has a word", 3.0), ("means it", 1.5))

    assert ids(fused(dense, lexical, floor=0.4))[0] == "has a word"
    assert ids(fused(dense, lexical, floor=0.4, good=9.0))[0] == "means it"


def test_enough_is_a_share_of_the_rarest_words() -> None:
    rare, common = enough([1], 1_000), enough([900], 1_000)

    assert rare > 20 * common
    assert enough([1, 1], 1_000) == pytest.approx(2 * rare)
    assert enough([1, 1, 1, 1, 900], 1_000) == pytest.approx(4 * rare)
    assert enough([0], 1_000) > rare
    assert enough([], 1_000) == 0


def test_meaning_says_less_the_more_of_a_query_is_numbers() -> None:
    all_words = share_of_meaning(0.5, [3, 40], [], 1_000)
    some = share_of_meaning(0.5, [3, 40, 3], [3], 1_000)
    nothing_else = share_of_meaning(0.5, [3], [3], 1_000)

    assert all_words == 0.5
    assert all_words > some > nothing_else == pytest.approx(0.25)
    assert some < share_of_meaning(0.5, [3, 40, 900], [900], 1_000) < 0.5
    assert share_of_meaning(0.5, [], [], 1_000) == 0.5


def test_more_articles_with_a_word_than_there_were_a_moment_ago_do_no_harm() -> None:
    assert 0 < enough([12], 10) < enough([5], 10)


def test_the_rest_of_the_words_come_after_the_fused_by_their_score() -> None:
    lexical = scored(*((f"word-{n:03}", 50 - n * 0.1) for n in range(250)))

    ranked = fused(scored(("near", 0.9)), lexical, floor=0.2)

    assert ids(ranked)[101:] == [f"word-{n:03}" for n in range(100, 250)]


def test_ties_are_by_id() -> None:
    lexical = scored(("a", 1.0), ("b", 1.0), ("c", 1.0))

    assert ids(fused(NOTHING, lexical, floor=0.2)) == ["a", "b", "c"]


def test_nothing_found_is_no_error() -> None:
    assert list(fused(NOTHING, NOTHING, floor=0.2)) == []
    assert list(by_meaning(NOTHING)) == []
    assert list(by_words(NOTHING)) == []


@given(dense=some_list(200), lexical=some_list(400), good=st.floats(0, 60))
def test_everything_is_ranked_once_with_scores_going_down(
    dense: Scores, lexical: Scores, good: float
) -> None:
    ranked = fused(dense, lexical, floor=0.2, good=good)

    assert sorted(ids(ranked)) == sorted({one.id for one in (*dense, *lexical)})
    assert all(0 <= one.score <= 1 for one in ranked)
    assert all(one.score >= other.score for one, other in pairwise(ranked))


def test_by_words_the_best_scores_one_and_by_meaning_the_cosine() -> None:
    assert [one.score for one in by_words(scored(("a", 8.0), ("b", 2.0)))] == [1.0, 0.25]
    assert by_meaning(scored(("a", 1.0004), ("b", 0.5)))[0].score == pytest.approx(1.0, abs=1e-9)


def test_who_says_it_in_the_very_words_goes_up_among_the_first() -> None:
    ranking = by_words(scored(("most", 8.0), ("quoted", 7.0), ("third", 6.9), ("rest", 6.8)))

    ranked = closer(ranking, np.array([0.0, 1.0, 0.0]))

    assert ids(ranked) == ["quoted", "most", "third", "rest"]
    assert ranked[0].lexical == 7.0
    assert all(one.score >= other.score for one, other in pairwise(ranked))
    assert all(0 <= one.score <= 1 for one in ranked)


def test_a_score_halves_with_every_half_life() -> None:
    ranking = by_words(scored(("old", 8.0), ("new", 5.0)))

    ranked = decayed(ranking, np.array([14.0, 7.0]), half_life=7)

    assert [(one.id, one.score) for one in ranked] == [("new", 5 / 8 / 2), ("old", 1 / 4)]


def test_what_is_still_to_come_does_not_outweigh_today() -> None:
    ranking = by_words(scored(("now", 8.0), ("tomorrow", 7.0)))

    assert ids(decayed(ranking, np.array([0.0, -1000.0]), half_life=1)) == ["now", "tomorrow"]


def test_most_of_a_quotation_is_less_than_its_share_of_the_words() -> None:
    """Four of five words mean little more than that the two are about the same."""
    dense = scored(("near", 0.6), ("quoted", 0.46))
    lexical = scored(("quoted", 10.0), ("near", 8.0))

    assert ids(fused(dense, lexical, floor=0.2, sharpness=1.0))[0] == "near"
    assert ids(fused(dense, lexical, floor=0.2))[0] == "quoted"
