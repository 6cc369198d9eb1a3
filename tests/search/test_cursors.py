"""Cursors cannot be forged, moved to another question, or used for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory_search.cursors import Cursors, fingerprint
from backstory_shared.errors import CursorExpired, InvalidCursor
from support.clocks import FakeClock

CURSORS = Cursors(b"a secret of at least 16 bytes", FakeClock())
ASKED = fingerprint("storm", 1)
TOKEN = CURSORS.issue(ASKED, ["key", 20])


def test_a_cursor_comes_back_as_it_was_given() -> None:
    assert CURSORS.read(TOKEN, ASKED) == ["key", 20]


def test_processes_with_one_secret_read_each_others_cursors() -> None:
    assert Cursors(CURSORS.secret, FakeClock()).read(TOKEN, ASKED) == ["key", 20]


@given(place=st.integers(0, len(TOKEN) - 1), character=st.characters(codec="utf-8"))
def test_a_cursor_with_one_character_changed_is_refused(place: int, character: str) -> None:
    tampered = TOKEN[:place] + character + TOKEN[place + 1 :]
    if tampered == TOKEN:
        return

    with pytest.raises(InvalidCursor):
        CURSORS.read(tampered, ASKED)


@given(st.text())
def test_what_we_never_gave_is_refused(token: str) -> None:
    with pytest.raises(InvalidCursor):
        CURSORS.read(token, ASKED)


@pytest.mark.parametrize("token", [TOKEN + "=", TOKEN + "\n", TOKEN[:-1], TOKEN + "A", "é", "=="])
def test_no_other_spelling_of_a_cursor_will_do(token: str) -> None:
    with pytest.raises(InvalidCursor):
        CURSORS.read(token, ASKED)


def test_a_cursor_of_another_secret_is_refused() -> None:
    with pytest.raises(InvalidCursor):
        replace(CURSORS, secret=b"another secret, as long").read(TOKEN, ASKED)


def test_a_cursor_does_not_go_on_with_another_question() -> None:
    with pytest.raises(InvalidCursor, match="another question"):
        CURSORS.read(TOKEN, fingerprint("flood", 1))


def test_a_cursor_with_a_lifetime_expires() -> None:
    clock = FakeClock()
    cursors = replace(CURSORS, clock=clock)
    token = cursors.issue(ASKED, [1], timedelta(minutes=10))

    clock.tick(599)
    assert cursors.read(token, ASKED) == [1]

    clock.tick(1)
    with pytest.raises(CursorExpired):
        cursors.read(token, ASKED)
