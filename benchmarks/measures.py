"""Figures and what they are held against."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

_WIDTH = 64


class Wanted(StrEnum):
    AT_LEAST = ">="
    AT_MOST = "<="


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure; `goal` is what it should reach, None for a figure that only informs."""

    name: str
    value: float
    unit: str
    wanted: Wanted = Wanted.AT_MOST
    goal: float | None = None

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        return (
            self.value >= self.goal if self.wanted is Wanted.AT_LEAST else self.value <= self.goal
        )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def milliseconds(name: str, value: float, goal: float | None = None) -> Measure:
    return Measure(name=name, value=value, unit="ms", goal=goal)


def table(measures: Sequence[Measure], line: Callable[[str], None]) -> None:
    width = max(len(measure.name) for measure in measures)
    for measure in measures:
        line(_line(measure, width))


def as_they_come(measures: Iterable[Measure], line: Callable[[str], None]) -> None:
    """For what takes long: each is told at once."""
    for measure in measures:
        line(_line(measure, _WIDTH))


def _line(measure: Measure, width: int) -> str:
    figure = f"{measure.value:>10,.2f} {measure.unit:<11}"
    return f"{measure.name:<{width}}  {figure} {_verdict(measure)}"


def _verdict(measure: Measure) -> str:
    if measure.goal is None:
        return ""
    return f"{measure.wanted} {measure.goal:g}: {'met' if measure.met else 'NOT MET'}"
