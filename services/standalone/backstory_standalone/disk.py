"""The disk with the data folder: is there room left, and how much."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from backstory_shared.errors import StorageFull

#: So many times the reserve is where it begins to be said: while there is time to do something.
_EARLY = 4


@dataclass(frozen=True)
class Disk(Collector):
    """Below `reserve` bytes the index is not written to, and articles wait."""

    folder: Path
    reserve: int

    def left(self) -> int:
        return shutil.disk_usage(self.folder).free

    def expect_room(self) -> None:
        """Raises StorageFull before it comes to that."""
        if self.left() < _EARLY * self.reserve:
            raise StorageFull("The disk with the data folder is nearly full.")

    def describe(self) -> Iterator[Metric]:
        """Nothing: registering must not ask the disk."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "backstory_disk_free_bytes", "Room on the disk with the data folder.", self.left()
        )
        yield GaugeMetricFamily(
            "backstory_disk_reserve_bytes",
            "With less room than that the index takes no more, and articles wait.",
            self.reserve,
        )
