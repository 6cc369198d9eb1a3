"""What each sentence of a story is worth."""

import pytest

from backstory_shared.adapters.ranker_file import bundled_weights
from backstory_shared.text.ranker import (
    FEATURES,
    POSITION_FEATURES,
    WORD_FEATURES,
    features,
    rank,
    sentence,
    standardised,
)
from backstory_shared.text.words import NO_WORDS, WORDS

STORY = [
    "The harbour at Port Ellery will close for six weeks.",
    "I like the harbour.",
    "Ferries to the islands leave from Saltmouth while the harbour is closed.",
    "“Nobody asked us,” a fisherman said of the weeks ahead.",
]
ENGLISH = WORDS["en"]
LIKELY = bundled_weights().likely
READ = [sentence(place, text, ENGLISH) for place, text in enumerate(STORY)]


def test_there_is_a_weight_for_every_feature_and_none_without() -> None:
    weights = bundled_weights()

    assert set(weights.known) == set(FEATURES)
    assert set(weights.position) == set(POSITION_FEATURES)
    assert set(weights.likely) == set(WORD_FEATURES)


def test_every_feature_has_a_value_for_every_sentence() -> None:
    found = features(READ, frozenset(), LIKELY)

    assert tuple(found) == FEATURES
    assert {len(column) for column in found.values()} == {len(STORY)}


@pytest.mark.parametrize(
    ("feature", "expected"),
    [("in_person", [0, 1, 0, 1]), ("opens_with_quotation", [0, 0, 0, 1]), ("numbers", [0] * 4)],
)
def test_features_see_what_they_are_named_for(feature: str, expected: list[int]) -> None:
    column = features(READ, frozenset(), LIKELY)[feature]

    assert [int(value > 0) for value in column] == expected


def test_what_the_title_speaks_of_is_worth_more() -> None:
    title = sentence(0, "Saltmouth ferries", ENGLISH).content
    plain = rank(READ, frozenset(), ENGLISH, bundled_weights())

    titled = rank(READ, title, ENGLISH, bundled_weights())

    assert titled[2] - plain[2] == max(b - a for a, b in zip(plain, titled, strict=True))


def test_without_tables_place_and_centrality_decide() -> None:
    unknown = [sentence(place, text, NO_WORDS) for place, text in enumerate(STORY)]

    shouted = [sentence(place, text.upper(), NO_WORDS) for place, text in enumerate(STORY)]

    weights = bundled_weights()
    assert rank(unknown, frozenset(), NO_WORDS, weights) == pytest.approx(
        rank(shouted, frozenset(), NO_WORDS, weights)
    )


def test_in_german_capitals_say_nothing() -> None:
    german = [sentence(0, "Der Hafen der Stadt schließt.", WORDS["de"])]

    assert features(german, frozenset(), LIKELY)["capitals"] == [0.0]


def test_where_a_script_parts_no_words_two_signs_are_one() -> None:
    read = sentence(0, "港口将关闭六周。", NO_WORDS)

    assert read.length == 3
    assert "港口" in read.content


def test_a_feature_that_never_differs_says_nothing() -> None:
    assert standardised([3.0, 3.0, 3.0]) == [0.0, 0.0, 0.0]
    assert standardised([0.0, 2.0]) == pytest.approx([-1.0, 1.0])


def test_a_name_that_comes_early_and_often_is_likelier_to_be_said_again() -> None:
    words = {"harbour": 0.0, "saltmouth": 0.0}
    early = features(READ, frozenset(), LIKELY)["likely_words"]
    without = features(READ, frozenset(), dict.fromkeys(WORD_FEATURES, 0.0))["likely_words"]

    assert set(words) <= {word for one in READ for word in one.content}
    assert early[0] / without[0] > early[3] / without[3]
