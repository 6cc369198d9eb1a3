"""Which set of sentences makes a summary of a given length."""

from collections.abc import Mapping, Sequence

from backstory_shared.text.choosing import Window, choose
from backstory_shared.text.ranker import Sentence

WINDOW = Window(fewest=18, most=22, least=15, sentences=4)


def said(place: int, words: int, *content: str) -> Sentence:
    """A sentence that has no word but these, and yet so many."""
    return Sentence(place, "", (), frozenset(content), words)


def chosen(
    sentences: Sequence[Sentence],
    scores: Sequence[float],
    candidates: Sequence[tuple[int, ...]],
    window: Window = WINDOW,
    needed: Mapping[int, int] | None = None,
) -> list[int]:
    """`needed` says of a sentence which other one introduces somebody."""
    introducing = {index: frozenset({other}) for index, other in (needed or {}).items()}
    each = [introducing.get(index, frozenset()) for index in range(len(sentences))]
    return choose(sentences, scores, candidates, each, window)


def singles(count: int) -> list[tuple[int, ...]]:
    return [(index,) for index in range(count)]


def test_the_best_set_of_the_wanted_length_is_taken_in_the_order_of_the_text() -> None:
    sentences = [said(i * 2, 10, str(i)) for i in range(4)]

    assert chosen(sentences, [1.0, 0.0, 1.2, 0.5], singles(4)) == [0, 2]


def test_the_length_decides_before_a_single_good_sentence_does() -> None:
    sentences = [said(0, 40, "a"), said(2, 9, "b"), said(4, 11, "c")]

    assert chosen(sentences, [9.0, 1.0, 1.0], singles(3)) == [1, 2]


def test_a_summary_is_a_little_shorter_only_where_that_is_worth_much() -> None:
    sentences = [said(0, 16, "a"), said(2, 20, "b")]

    assert chosen(sentences, [9.0, 0.0], singles(2)) == [0]
    assert chosen(sentences, [0.1, 0.0], singles(2)) == [1]


def test_a_summary_is_never_longer_where_anything_has_the_wanted_length() -> None:
    sentences = [said(0, 23, "a"), said(2, 20, "b")]

    assert chosen(sentences, [99.0, 0.0], singles(2)) == [1]
    assert chosen(sentences[:1], [99.0], singles(1)) == [0]


def test_where_nothing_has_the_wanted_length_what_lies_nearest_is_said() -> None:
    assert chosen([said(0, 90, "a")], [0.0], singles(1)) == [0]
    assert chosen([said(0, 3, "a"), said(1, 4, "b")], [0.0, 0.0], singles(2)) == [0, 1]
    assert chosen([said(0, 24, "a"), said(2, 15, "b")], [0.0, 9.0], singles(2)) == [0]


def test_what_makes_the_wanted_length_is_found_among_the_sentences_worth_least() -> None:
    sentences = [said(i, 30, str(i)) for i in range(100)]
    sentences += [said(100, 8, "x"), said(101, 11, "y"), said(102, 8, "z")]
    scores = [1.0] * 100 + [-1.0, -1.0, -2.0]

    assert chosen(sentences, scores, singles(103)) == [100, 101]


def test_of_alternatives_that_fill_the_length_no_sentence_is_taken_twice() -> None:
    sentences = [said(i, 30, str(i)) for i in range(100)]
    sentences += [said(100, 8, "x"), said(101, 3, "y"), said(102, 8, "z")]
    scores = [1.0] * 100 + [-1.0, -1.0, -2.0]
    candidates = [*singles(101), (100, 101), (102,)]

    assert chosen(sentences, scores, candidates) == [100, 101, 102]


def test_the_same_is_not_said_twice() -> None:
    sentences = [said(0, 10, "a"), said(3, 10, "a"), said(6, 10, "b")]

    assert chosen(sentences, [1.0, 1.0, 0.9], singles(3)) == [0, 2]


def test_what_the_best_sentences_speak_of_is_expected_of_the_others() -> None:
    sentences = [said(0, 30, "a", "b"), said(3, 20, "c"), said(6, 20, "a")]

    assert chosen(sentences, [2.0, 0.1, 0.0], singles(3)) == [2]


def test_who_is_called_by_a_surname_comes_with_the_sentence_that_introduces_him() -> None:
    sentences = [said(i * 2, 10, str(i)) for i in range(3)]

    assert chosen(sentences, [0.0, 0.2, 0.2], singles(3)) == [1, 2]
    assert chosen(sentences, [0.0, 0.2, 0.2], singles(3), needed={1: 0}) == [0, 1]


def test_what_leans_comes_with_what_it_leans_on_or_not_at_all() -> None:
    sentences = [said(i * 2, 10, str(i)) for i in range(4)]
    candidates = [(0,), (0, 1), (2,), (3,)]

    assert chosen(sentences, [0.0, 2.0, 0.0, 0.1], candidates) == [0, 1]
    assert chosen(sentences, [-3.0, 2.0, 0.0, 0.1], candidates) == [2, 3]


def test_of_sets_worth_the_same_the_earliest_is_taken() -> None:
    sentences = [said(i * 2, 20, str(i)) for i in range(30)]

    assert chosen(sentences, [1.0] * 30, singles(30)) == [0]


def test_never_more_sentences_than_the_window_has() -> None:
    sentences = [said(i, 5, str(i)) for i in range(4)]
    narrow = Window(fewest=18, most=22, least=15, sentences=2)

    assert len(chosen(sentences, [1.0] * 4, singles(4), narrow)) == 2


def test_of_two_sets_the_one_that_says_the_storys_frequent_words_is_taken() -> None:
    sentences = [
        said(0, 20, "rare"),
        said(2, 20, "lock"),
        *(said(9 + i, 90, "lock") for i in range(4)),
    ]

    assert chosen(sentences, [0.0] * 6, singles(2)) == [1]


def test_of_two_sets_worth_the_same_the_shorter_is_taken() -> None:
    sentences = [said(0, 21, "a"), said(2, 19, "b")]

    assert chosen(sentences, [0.0, 0.0], singles(2)) == [1]
