"""Which sentences a summary takes, given what each is worth."""

from backstory_shared.text.ranker import Sentence
from backstory_shared.text.selection import Budget, groups, introduced, select

BUDGET = Budget(sentences=3, words=20, most=1.3, least=0.85)


def said(place: int, words: int, *content: str) -> Sentence:
    return Sentence(place, "", ("word",) * words, frozenset(content), words)


def singles(count: int) -> list[tuple[int, ...]]:
    return [(index,) for index in range(count)]


def test_the_best_are_taken_first_until_it_is_long_enough() -> None:
    sentences = [said(i, 10, str(i)) for i in range(4)]

    assert select(sentences, [1.0, 0.0, 2.0, 0.5], singles(4), BUDGET) == [(2,), (0,)]


def test_what_would_make_it_too_long_is_passed_over() -> None:
    sentences = [said(0, 10, "a"), said(1, 30, "b"), said(2, 10, "c")]

    assert select(sentences, [3.0, 2.0, 1.0], singles(3), BUDGET) == [(0,), (2,)]


def test_the_first_may_be_as_long_as_it_is() -> None:
    assert select([said(0, 90, "a")], [0.0], singles(1), BUDGET) == [(0,)]


def test_the_same_is_not_said_twice() -> None:
    sentences = [said(0, 10, "a"), said(1, 10, "a"), said(2, 10, "b")]

    assert select(sentences, [1.0, 0.9, 0.8], singles(3), BUDGET) == [(0,), (2,)]


def test_of_a_leaning_sentence_and_its_predecessor_both_are_taken_or_neither() -> None:
    sentences = [said(i, 6, str(i)) for i in range(4)]
    both = groups([False, True, False, False], [True] * 4)

    assert select(sentences, [0.0, 9.0, 1.0, 2.0], both, BUDGET) == [(3,), (2,), (0,)]
    assert select(sentences, [3.0, 9.0, 1.0, 2.0], both, BUDGET) == [(0,), (1,), (3,)]


def test_a_chain_of_leaning_sentences_is_a_group_as_long_as_it_can_be_shown() -> None:
    leaning = [False, True, True, True, True]

    assert groups(leaning, [True] * 5) == [(0,), (0, 1), (0, 1, 2)]


def test_what_leans_on_a_sentence_that_cannot_be_shown_cannot_either() -> None:
    assert groups([False, True, False], [False, True, True]) == [(2,)]


def test_who_is_called_by_a_surname_comes_with_the_sentence_that_introduces_him() -> None:
    nobody = frozenset[int]()
    needed = [nobody, nobody, frozenset({0}), frozenset({2}), nobody]

    assert introduced(singles(5), needed) == [(0,), (1,), (0, 2), (0, 2, 3), (4,)]


def test_who_introduces_somebody_comes_with_what_he_leans_on() -> None:
    needed = [frozenset[int](), frozenset[int](), frozenset({1})]

    assert introduced([(0,), (0, 1), (2,)], needed) == [(0,), (0, 1), (0, 1, 2)]


def test_a_sentence_whose_people_cannot_be_introduced_stands_by_itself() -> None:
    needed = [frozenset[int](), *(frozenset({index}) for index in range(4))]

    assert introduced([(1,), (2,)], needed) == [(1,), (1, 2)]
    assert introduced(singles(5), needed)[-2:] == [(3,), (3, 4)]


def test_with_parts_every_part_is_heard() -> None:
    sentences = [said(i, 5, str(i)) for i in range(8)]
    worth = [8.0 - i / 10 for i in range(8)]
    parts = Budget(sentences=4, words=40, fewest=4, parts=4, part_worth=1.0)

    assert select(sentences, worth, singles(8), parts) == [(0,), (2,), (4,), (6,)]


def test_it_goes_on_until_it_has_its_fewest_sentences() -> None:
    sentences = [said(i, 10, str(i)) for i in range(4)]
    budget = Budget(sentences=4, words=10, most=9, fewest=3)

    assert len(select(sentences, [1.0] * 4, singles(4), budget)) == 3
