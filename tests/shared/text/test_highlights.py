"""Highlights: the passage that shows why, with the words in it marked."""

import zlib

from backstory_shared.text.highlights import highlights, nearest_sentence

TEXT = "The council met. Flooding closed two roads in the town. The flood came from the river Elm."


def _terms(word: str) -> frozenset[int]:
    stem = word.removesuffix("ing").removesuffix("s")
    return frozenset({zlib.crc32(stem.encode())})


def _marked(query: str, most: int = 1) -> list[list[str]]:
    wanted = frozenset().union(*(_terms(word) for word in query.split()))
    found = highlights(TEXT, "en", wanted, _terms, most)
    return [[each.text[start:end] for start, end in each.marks] for each in found]


def test_a_word_is_marked_wherever_its_stem_is_met() -> None:
    assert _marked("floods", most=2) == [["Flooding"], ["flood"]]


def test_the_passage_with_more_of_the_words_is_chosen() -> None:
    assert _marked("flood river") == [["flood", "river"]]


def test_where_no_word_is_met_there_is_no_passage() -> None:
    assert highlights(TEXT, "en", frozenset({1}), _terms, 2) == []


def test_the_nearest_sentence_is_shown_unmarked() -> None:
    found = nearest_sentence(TEXT, "en", lambda texts: [float("roads" in text) for text in texts])

    assert [(one.text, one.marks) for one in found] == [
        ("Flooding closed two roads in the town.", ())
    ]


def test_where_all_sentences_are_as_near_the_first_is_shown() -> None:
    found = nearest_sentence(TEXT, "en", lambda texts: [0.0 for _ in texts])

    assert [one.text for one in found] == ["The council met."]


def test_a_text_without_a_sentence_has_no_nearest() -> None:
    assert nearest_sentence(" \n ", "en", lambda texts: [0.0 for _ in texts]) == []


def test_a_long_sentence_is_cut_at_words_around_its_first_mark() -> None:
    text = "word " * 200 + "flood " + "word " * 200 + "end."

    (found,) = highlights(text, "en", _terms("flood"), _terms, 1)

    assert len(found.text) <= 240
    assert found.text[slice(*found.marks[0])] == "flood"
    assert set(found.text.split()) <= {"word", "flood"}
    assert (found.cut_before, found.cut_after) == (True, True)


def test_a_whole_sentence_is_cut_nowhere() -> None:
    wanted = _terms("flood")

    assert not any(
        one.cut_before or one.cut_after for one in highlights(TEXT, "en", wanted, _terms, 2)
    )
