"""Which sentences a summary takes, given what each is worth."""

from backstory_shared.text.ranker import Budget, Sentence, select


def said(place: int, words: int, *content: str) -> Sentence:
    return Sentence(place, "", ("word",) * words, frozenset(content))


BUDGET = Budget(sentences=3, words=20, leaning=0.5)
NONE: frozenset[int] = frozenset()


def test_the_best_are_taken_until_it_is_long_enough_in_the_order_of_the_story() -> None:
    sentences = [said(i, 10, str(i)) for i in range(4)]

    assert select(sentences, [1.0, 0.0, 2.0, 0.5], NONE, BUDGET) == [0, 2]


def test_what_would_make_it_too_long_is_passed_over() -> None:
    sentences = [said(0, 10, "a"), said(1, 30, "b"), said(2, 10, "c")]

    assert select(sentences, [3.0, 2.0, 1.0], NONE, BUDGET) == [0, 2]


def test_the_same_is_not_said_twice() -> None:
    sentences = [said(0, 10, "a"), said(1, 10, "a"), said(2, 10, "b")]

    assert select(sentences, [1.0, 0.9, 0.8], NONE, BUDGET) == [0, 2]


def test_a_hanging_sentence_waits_for_its_predecessor() -> None:
    sentences = [said(0, 6, "a"), said(1, 6, "b"), said(2, 6, "c"), said(3, 6, "d")]

    assert select(sentences, [0.0, 9.0, 1.0, 2.0], frozenset({1}), BUDGET) == [0, 2, 3]
    assert select(sentences, [3.0, 9.0, 1.0, 2.0], frozenset({1}), BUDGET) == [0, 1, 3]


def test_nothing_is_taken_where_all_hang() -> None:
    assert select([said(0, 9, "a")], [1.0], frozenset({0}), BUDGET) == []
