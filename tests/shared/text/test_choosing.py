"""Which set of sentences makes a summary of a given length."""

from backstory_shared.text.choosing import Window, choose
from backstory_shared.text.ranker import Sentence

WINDOW = Window(fewest=18, most=22, sentences=4)


def said(place: int, words: int, *content: str) -> Sentence:
    return Sentence(place, "", ("word",) * words, frozenset(content), words)


def singles(count: int) -> list[tuple[int, ...]]:
    return [(index,) for index in range(count)]


def test_the_best_set_of_the_wanted_length_is_taken_in_the_order_of_the_text() -> None:
    sentences = [said(i * 2, 10, str(i)) for i in range(4)]

    assert choose(sentences, [1.0, 0.0, 1.2, 0.5], singles(4), WINDOW) == [0, 2]


def test_the_length_decides_before_a_single_good_sentence_does() -> None:
    sentences = [said(0, 40, "a"), said(2, 9, "b"), said(4, 11, "c")]

    assert choose(sentences, [9.0, 1.0, 1.0], singles(3), WINDOW) == [1, 2]


def test_a_word_too_many_is_paid_for_and_not_forbidden() -> None:
    sentences = [said(0, 23, "a"), said(2, 20, "b")]

    assert choose(sentences, [1.0, 0.0], singles(2), WINDOW) == [0]
    assert choose(sentences, [0.03, 0.0], singles(2), WINDOW) == [1]


def test_where_nothing_has_the_wanted_length_something_is_said_all_the_same() -> None:
    assert choose([said(0, 90, "a")], [0.0], singles(1), WINDOW) == [0]
    assert choose([said(0, 3, "a"), said(1, 4, "b")], [0.0, 0.0], singles(2), WINDOW) == [0, 1]


def test_the_same_is_not_said_twice() -> None:
    sentences = [said(0, 10, "a"), said(3, 10, "a"), said(6, 10, "b")]

    assert choose(sentences, [1.0, 1.0, 0.9], singles(3), WINDOW) == [0, 2]


def test_what_leans_comes_with_what_it_leans_on_or_not_at_all() -> None:
    sentences = [said(i * 2, 10, str(i)) for i in range(4)]
    candidates = [(0,), (0, 1), (2,), (3,)]

    assert choose(sentences, [0.0, 2.0, 0.0, 0.1], candidates, WINDOW) == [0, 1]
    assert choose(sentences, [-3.0, 2.0, 0.0, 0.1], candidates, WINDOW) == [2, 3]


def test_of_sets_worth_the_same_the_earliest_is_taken() -> None:
    sentences = [said(i * 2, 20, str(i)) for i in range(30)]

    assert choose(sentences, [1.0] * 30, singles(30), WINDOW) == [0]


def test_never_more_sentences_than_the_window_has() -> None:
    sentences = [said(i, 5, str(i)) for i in range(4)]
    narrow = Window(fewest=18, most=22, sentences=2)

    assert len(choose(sentences, [1.0] * 4, singles(4), narrow)) == 2
