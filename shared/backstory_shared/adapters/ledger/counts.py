"""Counts: how common names are, remembered for as long as that hardly changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: What is counted in a moment is counted each time.
_COMMON = 64
#: For so long a count is remembered for each article that was counted: counting the common names
#: then takes the same share of the time, however large the archive is.
_PER_ARTICLE = timedelta(milliseconds=10)


@dataclass(frozen=True)
class Counts:
    """Threads may share it: two that count the same remember the same."""

    _known: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def remembered(self, names: Iterable[str], now: datetime) -> dict[str, int]:
        found = ((name, self._known.get(name)) for name in names)
        return {name: known[0] for name, known in found if known and known[1] > now}

    def remember(self, counted: Mapping[str, int], now: datetime) -> None:
        for name, count in counted.items():
            if count >= _COMMON:
                self._known[name] = count, now + count * _PER_ARTICLE
