"""The payload of an article's point: every field that can be asked for, the same in each engine."""

from typing import Any

from backstory_shared.ports import Embedded, Facet, IndexEntry

#: The fields that say what an article's vectors are of.
OF_VECTORS = ["id", "revision", "spans", "coverage"]


def payload(entry: IndexEntry) -> dict[str, Any]:
    single = {
        Facet.SECTION: entry.section,
        Facet.SOURCE: entry.source,
        Facet.LANGUAGE: entry.language,
    }
    spans = {"spans": [list(span) for span in entry.spans]} if entry.spans else {}
    return spans | {
        "id": entry.id,
        "revision": entry.revision,
        "sort_at": entry.sort_at.isoformat(),
        "copy_hash": entry.copy_hash,
        "coverage": entry.coverage,
        Facet.TAG.value: list(entry.tags),
        Facet.AUTHOR.value: list(entry.authors),
        **{facet.value: [value] for facet, value in single.items() if value is not None},
    }


def embedded(payload: dict[str, Any]) -> Embedded:
    """From the fields OF_VECTORS; an article that one vector is of has no spans."""
    return Embedded(
        revision=payload["revision"],
        passages=len(payload.get("spans", ())) or 1,
        coverage=payload["coverage"],
    )
