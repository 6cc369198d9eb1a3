"""What the catalogue is made of: arrays that grow, and the values of one field by row."""

import json
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from backstory_shared.adapters.qdrant_edge.postings import Array, Mask, Unsigned


class Column:
    """An array with room to grow at its end."""

    def __init__(self, kind: type[np.generic]) -> None:
        self._data: Array = np.empty(1_024, kind)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def values(self) -> Array:
        return self._data[: self._size]

    def append(self, values: Sequence[int] | Array) -> None:
        size = self._size + len(values)
        if size > len(self._data):
            grown: Array = np.empty(size + size // 4, self._data.dtype)
            grown[: self._size] = self.values
            self._data = grown
        self._data[self._size : size] = values
        self._size = size

    def keep_only(self, wanted: Mask) -> None:
        self._data = self.values[wanted]
        self._size = len(self._data)


class FieldValues:
    """The values of one field, as pairs of a row and the number of one of its values.

    The pairs are in the order of their rows; `begins` says where those of each row begin.
    """

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._rows = Column(np.uint32)
        self._values = Column(np.uint32)
        self._begins = Column(np.int64)
        self._begins.append([0])

    def add(self, first: int, values: Sequence[Sequence[str]]) -> None:
        """The values of consecutive rows, each counted once."""
        distinct = [dict.fromkeys(of_row) for of_row in values]
        codes = [
            self._codes.setdefault(value, len(self._codes))
            for of_row in distinct
            for value in of_row
        ]
        counts = [len(of_row) for of_row in distinct]
        self._begins.append(len(self._rows) + np.cumsum(counts, dtype=np.int64))
        self._rows.append(np.repeat(np.arange(first, first + len(counts)), counts))
        self._values.append(codes)

    def arrays(self) -> dict[str, Array]:
        return {
            "codes": packed(self._codes),
            "rows": self._rows.values,
            "values": self._values.values,
        }

    @classmethod
    def restored(cls, arrays: Mapping[str, Array], rows: int) -> "FieldValues":
        field = cls()
        field._codes = {value: code for code, value in enumerate(unpacked(arrays["codes"]))}
        field._rows.append(arrays["rows"])
        field._values.append(arrays["values"])
        field._find_begins(rows)
        return field

    def renumber(self, alive: Mask, place: Unsigned) -> None:
        kept = alive[self._rows.values]
        self._rows.keep_only(kept)
        self._values.keep_only(kept)
        self._rows.values[:] = place[self._rows.values]
        self._find_begins(int(np.count_nonzero(alive)))

    def having(self, values: Iterable[str], rows: int) -> Mask:
        wanted = np.zeros(len(self._codes), np.bool_)
        wanted[[self._codes[value] for value in values if value in self._codes]] = True
        found = np.zeros(rows, np.bool_)
        found[self._rows.values[wanted[self._values.values]]] = True
        return found

    def counts(self, rows: NDArray[np.int64]) -> tuple[tuple[str, int], ...]:
        """The values of these rows, those with the most articles first, ties by value."""
        codes = self._values.values[self._pairs(rows)]
        totals = np.bincount(codes, minlength=len(self._codes))
        names = list(self._codes)
        by_name = sorted(np.flatnonzero(totals).tolist(), key=names.__getitem__)
        counts = totals[by_name]
        first = np.argsort(-counts, kind="stable")
        ordered = zip(first.tolist(), counts[first].tolist(), strict=True)
        return tuple((names[by_name[place]], count) for place, count in ordered)

    def _pairs(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The places of all pairs of these rows."""
        begins = self._begins.values[rows]
        counts = self._begins.values[rows + 1] - begins
        before = np.cumsum(counts) - counts
        return np.asarray(np.repeat(begins - before, counts) + np.arange(counts.sum()))

    def _find_begins(self, rows: int) -> None:
        counts = np.bincount(self._rows.values, minlength=rows)
        self._begins = Column(np.int64)
        self._begins.append(np.append(0, np.cumsum(counts)))


def packed(strings: Iterable[str]) -> Array:
    """As JSON in bytes: a value may hold any character."""
    return np.frombuffer(json.dumps(list(strings)).encode(), np.uint8)


def unpacked(array: Array) -> list[str]:
    strings: list[str] = json.loads(array.tobytes())
    return strings
