"""Names and numbers with a mark within, as one word."""

import pytest

from backstory_shared.text.compounds import compounds, typed_compounds
from backstory_shared.text.numbers import with_joined


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("AT&T's deal with T-Mobile", ["ATT", "TMobile"]),
        ("the U.S. and J.P. Morgan", ["US", "JP"]),
        ("O'Neill and L'Oréal", ["ONeill", "LOréal"]),
        ("on 9/11, at 10:30, in 2008–09", ["9x11", "10x30", "2008x09"]),
        ("$1.13bn for the F-16", ["1p13bn", "F16"]),
        ("l'eau, don't, the mayor's", []),
        ("It is over.Then it rained", []),
        ("snake_case and http://www.example.org", []),
        ("one, two - three", []),
    ],
)
def test_a_compound_is_one_word(text: str, words: list[str]) -> None:
    assert [word for _, word in compounds(text)] == words


def test_who_types_small_letters_may_mean_a_name() -> None:
    assert typed_compounds("o'neill's e-mail e-mail") == ["oneill", "email"]


def test_a_compound_is_where_it_says() -> None:
    text = "An e-mail to AT&T"

    assert [text[match.start() : match.end()] for match, _ in compounds(text)] == ["e-mail", "AT&T"]


def test_thousands_are_joined_once() -> None:
    assert with_joined("1,500 homes") == "1,500 1500 homes"
    assert with_joined("a 1,500-seat hall") == "a 1,500 1500-seat hall\n1500seat"
