"""Checks: what a process needs, each as something that can be asked."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """Something that can be asked whether it works: `ping` raises if it does not.

    Without a required one the process cannot do its own work; any other only degrades it.
    """

    name: str
    ping: Callable[[], object]
    required: bool = True
