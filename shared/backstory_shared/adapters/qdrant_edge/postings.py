"""Which rows have which term: sorted runs, merged as they grow.

The log-structured merge of O'Neil et al., "The log-structured merge-tree" (1996), in arrays: four
bytes for each term of an article, where an index of the engine over the same terms takes forty.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Unsigned = NDArray[np.uint32]
Mask = NDArray[np.bool_]

#: Some 1,100 articles. Larger runs are not merged: that would take long, and much memory.
MAX_RUN = 1 << 18


@dataclass(frozen=True, slots=True)
class _Run:
    """Each term once, in order; the rows of the n-th are `rows[starts[n]:starts[n + 1]]`."""

    terms: Unsigned
    starts: Unsigned
    rows: Unsigned

    def having(self, wanted: Unsigned) -> list[Unsigned]:
        places = np.searchsorted(self.terms, wanted)
        inside = places < len(self.terms)
        places, wanted = places[inside], wanted[inside]
        there = places[self.terms[places] == wanted]
        return [self.rows[self.starts[at] : self.starts[at + 1]] for at in there]


class Postings:
    """Rows are only ever added, and left out once they are dead; one writer at a time."""

    def __init__(self) -> None:
        self._runs: tuple[_Run, ...] = ()

    def add(self, terms: Unsigned, rows: Unsigned, alive: Mask) -> None:
        """`terms[n]` is a term of `rows[n]`; `alive` says which rows are worth keeping."""
        runs = [*self._runs, _run(terms, rows)]
        while len(runs) > 1 and _worth_merging(runs[-2], runs[-1]):
            runs[-2:] = [_merged(runs[-2], runs[-1], alive)]
        self._runs = tuple(runs)

    def renumber(self, alive: Mask, place: Unsigned) -> None:
        """Forget the dead rows; `place[row]` is the new number of each living one."""
        self._runs = tuple(_renumbered(run, alive, place) for run in self._runs)

    def having(self, terms: Sequence[int]) -> Unsigned:
        """The rows with one of the terms, in no order; a row with two of them comes twice."""
        wanted = np.unique(np.array(terms, dtype=np.uint32))
        found = [rows for run in self._runs for rows in run.having(wanted)]
        return np.concatenate(found) if found else np.empty(0, np.uint32)


def _worth_merging(older: _Run, newer: _Run) -> bool:
    """Runs stay in falling sizes, so that a posting is merged a logarithmic number of times."""
    old, new = len(older.rows), len(newer.rows)
    return old <= 2 * new and old + new <= MAX_RUN


def _merged(older: _Run, newer: _Run, alive: Mask) -> _Run:
    terms = np.concatenate([_spelled_out(older), _spelled_out(newer)])
    rows = np.concatenate([older.rows, newer.rows])
    kept = alive[rows]
    return _run(terms[kept], rows[kept])


def _renumbered(run: _Run, alive: Mask, place: Unsigned) -> _Run:
    kept = alive[run.rows]
    return _run(_spelled_out(run)[kept], place[run.rows[kept]])


def _run(terms: Unsigned, rows: Unsigned) -> _Run:
    order = np.argsort(terms, kind="stable")
    unique, starts = np.unique(terms[order], return_index=True)
    bounds = np.append(starts, len(terms)).astype(np.uint32)
    return _Run(unique, bounds, rows[order])


def _spelled_out(run: _Run) -> Unsigned:
    return np.repeat(run.terms, np.diff(run.starts))
