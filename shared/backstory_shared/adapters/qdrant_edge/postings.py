"""Which rows have which term: sorted runs, merged as they grow.

The log-structured merge of O'Neil et al., "The log-structured merge-tree" (1996), in arrays: two
bytes for each term of an article, where an index of the engine over the same terms takes forty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Unsigned = NDArray[np.uint32]
Mask = NDArray[np.bool_]

Array = NDArray[Any]
_NONE = np.empty(0, np.uint32)
_NOWHERE = np.empty(0, np.uint8)
_LARGEST = np.iinfo(np.uint32).max

#: Some 9,000 articles. Larger runs are not merged: that would take long, and much memory.
MAX_RUN = 1 << 21


@dataclass(frozen=True, slots=True)
class _Run:
    """Each term once, in order; the rows of the n-th are `first + places[starts[n]:starts[n + 1]]`.

    The rows of a run are near each other, so that two bytes are enough for their places.
    """

    first: int
    terms: Unsigned
    starts: Unsigned
    places: NDArray[np.unsignedinteger[Any]]

    def __len__(self) -> int:
        return len(self.places)

    @property
    def rows(self) -> Unsigned:
        return self._rows(slice(None))

    @property
    def term_of_each(self) -> Unsigned:
        return np.repeat(self.terms, np.diff(self.starts))

    def having(self, wanted: Unsigned) -> list[Unsigned]:
        there = self._places(wanted)
        return [self._rows(slice(self.starts[at], self.starts[at + 1])) for at in there]

    def known(self, wanted: Unsigned) -> Unsigned:
        return self.terms[self._places(wanted)]

    def living(self, alive: Mask) -> "_Run":
        """Without its dead rows."""
        kept = alive[self.rows]
        if kept.all():
            return self
        counts = np.add.reduceat(kept, self.starts[:-1], dtype=np.uint32)
        there = counts > 0
        return _Run(self.first, self.terms[there], _starts(counts[there]), self.places[kept])

    def _places(self, wanted: Unsigned) -> NDArray[np.intp]:
        places = np.searchsorted(self.terms, wanted)
        inside = places < len(self.terms)
        places, wanted = places[inside], wanted[inside]
        there: NDArray[np.intp] = places[self.terms[places] == wanted]
        return there

    def _rows(self, part: slice) -> Unsigned:
        return self.places[part].astype(np.uint32) + np.uint32(self.first)


class Postings:
    """Rows are only ever added, and left out once they are dead; one writer at a time."""

    def __init__(self) -> None:
        self._runs: tuple[_Run, ...] = ()

    def arrays(self) -> dict[str, Array]:
        """All runs, one after the other, for `restored`."""
        runs = self._runs
        return {
            "terms": np.concatenate([_NONE, *(run.terms for run in runs)]),
            "counts": np.concatenate([_NONE, *(np.diff(run.starts) for run in runs)]),
            "places": np.concatenate([_NOWHERE, *(run.places for run in runs)]),
            "runs": np.array([(r.first, len(r.terms), len(r)) for r in runs], np.int64),
        }

    @classmethod
    def restored(cls, arrays: Mapping[str, Array]) -> "Postings":
        postings, term, place = cls(), 0, 0
        for first, terms, places in arrays["runs"].reshape(-1, 3).tolist():
            of_run = slice(term, term + terms)
            term, place = of_run.stop, place + places
            starts = _starts(arrays["counts"][of_run])
            run = _Run(
                first, arrays["terms"][of_run], starts, arrays["places"][place - places : place]
            )
            postings._runs += (run,)
        return postings

    def add(self, terms: Unsigned, rows: Unsigned) -> None:
        """`terms[n]` is a term of `rows[n]`; `merge` is due after it."""
        self._runs = (*self._runs, _run(terms, rows))

    def merge(self, alive: Mask) -> None:
        """Put small runs together; `alive` says which rows are worth keeping.

        Others may read meanwhile: they see all the old runs or all the new ones.
        """
        runs = list(self._runs)
        while len(runs) > 1 and _worth_merging(runs[-2], runs[-1]):
            runs[-2:] = [_merged(runs[-2], runs[-1], alive)]
        self._runs = tuple(runs)

    def renumber(self, alive: Mask, place: Unsigned) -> None:
        """Forget the dead rows; `place[row]` is the new number of each living one."""
        self._runs = tuple(_renumbered(run, alive, place) for run in self._runs)

    def known(self, terms: Sequence[int]) -> list[int]:
        """Those that some row has, or had."""
        wanted = np.unique(np.array(terms, dtype=np.uint32))
        met = [run.known(wanted) for run in self._runs]
        found: list[int] = np.unique(np.concatenate([_NONE, *met])).tolist()
        return found

    def having(self, terms: Sequence[int]) -> Unsigned:
        """The rows with one of the terms, in no order; a row with two of them comes twice."""
        wanted = np.unique(np.array(terms, dtype=np.uint32))
        found = [rows for run in self._runs for rows in run.having(wanted)]
        return np.concatenate(found) if found else np.empty(0, np.uint32)


def _worth_merging(older: _Run, newer: _Run) -> bool:
    """Runs stay in falling sizes, so that a posting is merged a logarithmic number of times."""
    old, new = len(older), len(newer)
    return old <= 2 * new and old + new <= MAX_RUN


def _merged(older: _Run, newer: _Run, alive: Mask) -> _Run:
    """In time linear in their length: each has its rows by term already."""
    both = [run for run in (older.living(alive), newer.living(alive)) if len(run)]
    if len(both) < 2:
        return both[0] if both else newer.living(alive)
    first = min(run.first for run in both)
    terms = np.union1d(*(run.terms for run in both))
    at = [np.searchsorted(terms, run.terms) for run in both]
    counts = np.zeros(len(terms), np.uint32)
    for run, places in zip(both, at, strict=True):
        counts[places] += np.diff(run.starts)
    starts = _starts(counts)
    last = max(run.first + int(run.places.max()) for run in both)
    merged = np.empty(int(starts[-1]), np.min_scalar_type(last - first))
    free = starts[:-1].copy()
    for run, places in zip(both, at, strict=True):
        lengths = np.diff(run.starts)
        moved = np.repeat(free[places] - run.starts[:-1], lengths)
        moved += np.arange(len(run), dtype=np.uint32)
        merged[moved] = run.rows - np.uint32(first)
        free[places] += lengths
    return _Run(first, terms, starts, merged)


def _starts(counts: Unsigned) -> Unsigned:
    return np.append(0, np.cumsum(counts)).astype(np.uint32)


def _renumbered(run: _Run, alive: Mask, place: Unsigned) -> _Run:
    rows = run.rows
    kept = alive[rows]
    return _in_order(run.term_of_each[kept], place[rows[kept]])


def _run(terms: Unsigned, rows: Unsigned) -> _Run:
    order = np.argsort(terms, kind="stable")
    return _in_order(terms[order], rows[order])


def _in_order(terms: Unsigned, rows: Unsigned) -> _Run:
    begins = np.flatnonzero(np.diff(terms, prepend=terms[:1] + 1)) if len(terms) else _NONE
    starts = np.append(begins, len(terms)).astype(np.uint32)
    first = int(rows.min(initial=_LARGEST))
    places = rows - np.uint32(first)
    smallest = np.min_scalar_type(int(places.max(initial=0)))
    return _Run(first, terms[begins], starts, places.astype(smallest))
