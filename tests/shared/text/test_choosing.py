"""Which set of sentences makes a summary of a given length."""

from collections.abc import Mapping, Sequence

from backstory_shared.text.choosing import Window, choose
from backstory_shared.text.ranker import Sentence

WINDOW = Window(fewest=18, most=22, least=15, longest=25, sentences=4)


def said(place: int, words: int, *content: str) -> Sentence:
    return Sentence(place, "", ("word",) * words, frozenset(content), words)


def chosen(
    sentences: Sequence[Sentence],
    scores: Sequence[float],
    candidates: Sequence[tuple[int, ...]],
    window: Window = WINDOW,
    chances: Mapping[str, float] | None = None,
) -> list[int]:
    """With words that are all as likely, where nothing is said of them."""
    words = {word for one in sentences for word in one.content}
    return choose(sentences, scores, chances or dict.fromkeys(words, 0.5), candidates, window)


def singles(count: int) -> list[tuple[int, ...]]:
    return [(index,) for index in range(count)]


def test_the_best_set_of_the_wanted_length_is_taken_in_the_order_of_the_text() -> None:
    sentences = [said(i * 2, 10, str(i)) for i in range(4)]

    assert chosen(sentences, [1.0, 0.0, 1.2, 0.5], singles(4)) == [0, 2]


def test_the_length_decides_before_a_single_good_sentence_does() -> None:
    sentences = [said(0, 40, "a"), said(2, 9, "b"), said(4, 11, "c")]

    assert chosen(sentences, [9.0, 1.0, 1.0], singles(3)) == [1, 2]


def test_a_word_too_many_is_paid_for_and_not_forbidden() -> None:
    sentences = [said(0, 23, "a"), said(2, 20, "b")]

    assert chosen(sentences, [1.0, 0.0], singles(2)) == [0]
    assert chosen(sentences, [0.04, 0.0], singles(2)) == [1]


def test_where_nothing_has_the_wanted_length_something_is_said_all_the_same() -> None:
    assert chosen([said(0, 90, "a")], [0.0], singles(1)) == [0]
    assert chosen([said(0, 3, "a"), said(1, 4, "b")], [0.0, 0.0], singles(2)) == [0, 1]


def test_the_same_is_not_said_twice() -> None:
    sentences = [said(0, 10, "a"), said(3, 10, "a"), said(6, 10, "b")]

    assert chosen(sentences, [1.0, 1.0, 0.9], singles(3)) == [0, 2]


def test_of_sentences_worth_the_same_those_with_the_likely_words_are_taken() -> None:
    sentences = [said(0, 10, "a"), said(3, 10, "b"), said(6, 10, "c")]
    chances = {"a": 0.1, "b": 0.4, "c": 0.4}

    assert chosen(sentences, [1.0] * 3, singles(3), WINDOW, chances) == [1, 2]


def test_a_set_beyond_reach_is_taken_only_where_no_other_is_within() -> None:
    sentences = [said(0, 30, "a"), said(2, 20, "b")]

    assert chosen(sentences, [99.0, 0.0], singles(2)) == [1]
    assert chosen(sentences[:1], [99.0], singles(1)) == [0]


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
    narrow = Window(fewest=18, most=22, least=15, longest=25, sentences=2)

    assert len(chosen(sentences, [1.0] * 4, singles(4), narrow)) == 2
