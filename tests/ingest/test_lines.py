"""NDJSON lines come out whole however the stream is cut, and never more than the cap is held."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from backstory_ingest.lines import Line, LineSplitter


def _split(chunks: list[bytes], longest: int = 100) -> list[Line]:
    splitter = LineSplitter(longest)
    lines = [line for chunk in chunks for line in splitter.feed(chunk)]
    return [*lines, *splitter.finish()]


def test_lines_are_numbered_from_one() -> None:
    assert _split([b"a\nb\n"]) == [Line(1, b"a"), Line(2, b"b")]


def test_a_missing_final_line_feed_loses_nothing() -> None:
    assert _split([b"a\nb"]) == [Line(1, b"a"), Line(2, b"b")]


def test_blank_lines_are_counted_and_left_out() -> None:
    assert _split([b"\n  \na\r\n\r\nb\r\n"]) == [Line(3, b"a"), Line(5, b"b")]


def test_a_line_too_long_is_told_and_the_next_is_read() -> None:
    assert _split([b"x" * 60, b"x" * 60, b"x\nb\n"]) == [Line(1, None), Line(2, b"b")]


def test_a_line_of_exactly_the_cap_is_kept() -> None:
    assert _split([b"x" * 100 + b"\n"]) == [Line(1, b"x" * 100)]


def test_the_last_line_can_be_too_long() -> None:
    assert _split([b"a\n" + b"x" * 101]) == [Line(1, b"a"), Line(2, None)]


def test_a_line_that_did_not_end_is_not_given_out() -> None:
    splitter = LineSplitter(100)

    assert list(splitter.feed(b"a\nb")) == [Line(1, b"a")]


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=6))
def test_where_the_stream_is_cut_changes_nothing(data: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(data)]
    chunks = [data[start:end] for start, end in pairwise(places)]

    assert _split(chunks, longest=20) == _split([data], longest=20)
