"""The payload of an article's point: every field that can be asked for, the same in each engine."""

from typing import Any

from backstory_shared.ports import Facet, IndexEntry


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
        Facet.TAG.value: list(entry.tags),
        Facet.AUTHOR.value: list(entry.authors),
        **{facet.value: [value] for facet, value in single.items() if value is not None},
    }
