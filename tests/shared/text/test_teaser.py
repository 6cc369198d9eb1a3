"""As much of a sentence as a headline would say."""

import pytest

from backstory_shared.articles import Span
from backstory_shared.text.teaser import MAX_TEASER, teaser
from backstory_shared.text.words import WORDS

LONG = " which the council of Port Ellery had put off for nine long years of storms."


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("The harbour will close.", "The harbour will close."),
        (
            f"The harbour at Port Ellery will be closed from Monday, after a storm{LONG}",
            "The harbour at Port Ellery will be closed from Monday",
        ),
        (  # a comma that closes what another one has opened is before the verb
            "The master of Port Ellery, Captain Ann Poe, believes that a storm will close it.",
            "The master of Port Ellery, Captain Ann Poe, believes that a storm will close it.",
        ),
        (
            f"The mayor of the town of Port Ellery, Captain Ann Poe, believes a new gate{LONG}",
            "The mayor of the town of Port Ellery, Captain Ann Poe, believes a new gate",
        ),
        (  # nothing has been said yet where a sentence has only begun
            f"After a night of storm and rain over all the coast, the gate of Ellery broke{LONG}",
            "After a night of storm and rain over all the coast, the gate of Ellery broke",
        ),
        (
            f'The mayor of Port Ellery and all of her council call it a trap, a "hole{LONG}"',
            "The mayor of Port Ellery and all of her council call it a trap",
        ),
        (
            f"Ferries to the islands of the north leave from Saltmouth pier until after the{LONG}",
            "Ferries to the islands of the north leave from Saltmouth pier",
        ),
    ],
)
def test_a_teaser_says_something_and_is_left_open_nowhere(sentence: str, says: str) -> None:
    found = teaser(sentence, Span(0, len(sentence)), WORDS["en"])

    assert sentence[slice(*found)] == says
    assert found.end <= MAX_TEASER


def test_a_word_without_end_is_cut() -> None:
    assert teaser("x" * 500, Span(0, 500), WORDS["en"]) == Span(0, MAX_TEASER)
