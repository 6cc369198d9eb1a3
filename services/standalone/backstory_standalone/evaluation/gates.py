"""Gates for a publisher's CI: `hybrid:ndcg@10=0.6` fails a run that finds worse than that."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from backstory_standalone.evaluation.measures import MEASURES
from backstory_standalone.reading import Unreadable

_GATE = re.compile(r"([^:=]+):([^:=]+)=(\d*\.?\d+)")


@dataclass(frozen=True, slots=True)
class Gate:
    system: str
    measure: str
    least: float

    @classmethod
    def parse(cls, text: str, systems: Sequence[str]) -> Self:
        """A gate for one of `systems`. Raises Unreadable: a slip is told before the long run."""
        found = _GATE.fullmatch(text.strip())
        if found is None:
            raise Unreadable(f"{text!r} is not a gate; write one like hybrid:ndcg@10=0.6.")
        system, measure = found[1], found[2]
        if measure not in MEASURES:
            raise Unreadable(f"There is no measure {measure!r}; there are {', '.join(MEASURES)}.")
        if system not in systems:
            raise Unreadable(f"{system!r} is not among the systems of this run.")
        return cls(system, measure, float(found[3]))


def failures(gates: Sequence[Gate], systems: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """A sentence for each gate that is not met. What was not measured cannot be met."""
    for gate in gates:
        value = systems.get(gate.system, {}).get(gate.measure)
        if not isinstance(value, float):
            yield f"{gate.system}:{gate.measure} was not measured."
        elif value < gate.least:
            yield f"{gate.system}:{gate.measure} is {value:.4f}, less than {gate.least:g}."
