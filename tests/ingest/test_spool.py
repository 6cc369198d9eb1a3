"""A spool gives back what it was given, in order, whether it fits into memory or not."""

from hypothesis import given
from hypothesis import strategies as st

from backstory_ingest.spool import Spool


def _taken(spool: Spool) -> bytes:
    return b"".join(iter(spool.take, b""))


def test_an_empty_spool_gives_nothing() -> None:
    assert Spool().take() == b""


def test_what_does_not_fit_into_memory_comes_back_in_order() -> None:
    spool = Spool()
    pieces = [str(number).encode() * 5000 for number in range(500)]

    for piece in pieces:
        spool.put(piece)

    assert _taken(spool) == b"".join(pieces)


def test_a_spool_can_be_used_again_once_it_is_empty() -> None:
    spool = Spool()
    spool.put(b"x" * 1_000_000)
    _taken(spool)

    spool.put(b"again")

    assert _taken(spool) == b"again"


@given(st.lists(st.one_of(st.none(), st.binary(max_size=90_000)), max_size=20))
def test_taking_between_puts_changes_no_order(steps: list[bytes | None]) -> None:
    spool = Spool()
    taken = b""

    for step in steps:
        if step is None:
            taken += spool.take()
        else:
            spool.put(step)

    assert taken + _taken(spool) == b"".join(step for step in steps if step)
