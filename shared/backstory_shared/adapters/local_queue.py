"""LocalQueue: the doorbell inside one program."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from backstory_shared.stages import Lane, Stage


@dataclass(frozen=True)
class LocalQueue:
    """Implements Queue; whoever waits is woken, and asks the ledger what is due."""

    _bell: threading.Condition = field(default_factory=threading.Condition)

    def ring(self, stage: Stage, lane: Lane, ids: Sequence[str] = ()) -> None:  # noqa: ARG002 - as the port has them
        """The ledger knows which."""
        with self._bell:
            self._bell.notify()

    def wait(self, seconds: float) -> None:
        """Return at the next ring, or after `seconds`."""
        with self._bell:
            self._bell.wait(seconds)

    def wake_all(self) -> None:
        with self._bell:
            self._bell.notify_all()
