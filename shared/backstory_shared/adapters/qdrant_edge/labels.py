"""Labels: the values of all fields that can be filtered by, as one field of the engine's.

The engine takes its time to open each index of a field, however few the articles are, and readers
wait while it opens a shard: so they wait for one instead of five.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from backstory_shared.ports import Facet

LABELS = "labels"

_FIELDS = frozenset(facet.value for facet in Facet)


def labels(facet: Facet, values: Iterable[str]) -> list[str]:
    return [f"{facet}:{value}" for value in values]


def labelled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """As the engine keeps them."""
    kept = {name: value for name, value in fields.items() if name not in _FIELDS}
    return kept | {LABELS: [one for facet in Facet for one in labels(facet, fields.get(facet, ()))]}


def unlabelled(kept: Mapping[str, Any]) -> dict[str, Any]:
    """As they were."""
    fields = {name: value for name, value in kept.items() if name != LABELS}
    for label in kept[LABELS]:
        facet, _, value = label.partition(":")
        fields.setdefault(facet, []).append(value)
    return fields
