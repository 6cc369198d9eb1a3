"""Folding: of articles that belong together a list shows the first, and says which others. Pure.

It is done page by page over the whole frozen order, so that paging neither repeats nor skips:
an article is left out if, and only if, one that it belongs with comes earlier in the order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backstory_shared.ports import Folds


@dataclass(frozen=True, slots=True)
class Shown:
    """A place in the order, and the ids from further down that it stands for."""

    place: int
    folded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unfolded:
    """Implements Folds: every article stands alone."""

    def together(self, article_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:  # noqa: ARG002 - as the port has them
        return {}


def shown_from(
    ids: Sequence[str], folds: Folds, start: int, limit: int
) -> tuple[list[Shown], int | None]:
    """At most `limit` places from `start` on, and where the next page begins, if there is one."""
    places = {id_: place for place, id_ in enumerate(ids)}
    shown: list[Shown] = []
    at = start
    while at < len(ids):
        some = ids[at : at + limit + 1]
        groups = folds.together(some)
        for place, id_ in enumerate(some, at):
            others = [other for other in groups.get(id_, ()) if other != id_ and other in places]
            if any(places[other] < place for other in others):
                continue
            if len(shown) == limit:
                return shown, place
            others.sort(key=places.__getitem__)
            shown.append(Shown(place, tuple(others)))
        at += len(some)
    return shown, None
