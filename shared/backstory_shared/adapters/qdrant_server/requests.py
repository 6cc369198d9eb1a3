"""What the server is asked, in its words."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import cast

from qdrant_client import models

from backstory_shared.adapters.qdrant_server.points import point_id
from backstory_shared.ports import Demands, Facet, Filters, MatchSet, Matrix, Question, Vector

Conditions = list[models.Condition]


def nearest(question: Question, dense: Vector | Matrix) -> models.QueryRequest:
    return models.QueryRequest(
        query=dense.tolist(),
        using="dense",
        filter=passing(question.filters, question.demands, question.excluded),
        limit=question.dense_limit,
        score_threshold=question.floor,
        with_payload=["id"],
    )


def lexical(question: Question) -> models.QueryRequest | None:
    terms = question.lexical
    if terms is None or not terms.indices:
        return None
    return models.QueryRequest(
        query=models.SparseVector(indices=list(terms.indices), values=list(terms.values)),
        using="lexical",
        filter=passing(question.filters, question.demands, question.excluded),
        limit=question.lexical_limit,
        with_payload=["id"],
    )


def matching(matches: MatchSet) -> models.Filter:
    """The match set as one filter; at least one alternative must hold, if there are any."""
    found = passing(matches.filters, matches.demands, matches.excluded)
    if matches.terms is not None or matches.nearest is not None:
        found.should = _alternatives(matches)
    return found


def matches_nothing(matches: MatchSet) -> bool:
    """Asked for something, but for nothing there could be; an empty filter would find all."""
    asked = matches.terms is not None or matches.nearest is not None
    return asked and not matches.terms and not matches.nearest


def passing(filters: Filters, demands: Demands, excluded: Iterable[str]) -> models.Filter:
    """The filter for what may be found at all."""
    out = sorted(excluded)
    must_not: Conditions = [among(out)] if out else []
    must_not += [_any_of(facet.value, [value]) for facet, value in demands.unwanted]
    must_not += [_any_of("terms", demands.without)] if demands.without else []
    must = [*_conditions(filters), *(_any_of("terms", group) for group in demands.words)]
    return models.Filter(must=must, must_not=must_not)


def having(terms: Sequence[int]) -> models.Filter:
    return models.Filter(must=[_any_of("terms", terms)])


def among(article_ids: Iterable[str]) -> models.HasIdCondition:
    return models.HasIdCondition(has_id=[point_id(id_) for id_ in article_ids])


def not_newer(revision: int) -> models.FieldCondition:
    return models.FieldCondition(key="revision", range=models.Range(lte=revision))


def at(moment: datetime) -> models.FieldCondition:
    return models.FieldCondition(key="sort_at", range=models.DatetimeRange(gte=moment, lte=moment))


def _alternatives(matches: MatchSet) -> Conditions:
    alternatives: Conditions = []
    if matches.terms:
        alternatives.append(_any_of("terms", matches.terms))
    if matches.nearest:
        alternatives.append(among(matches.nearest))
    return alternatives


def _conditions(filters: Filters) -> Iterator[models.Condition]:
    for facet in Facet:
        values: tuple[str, ...] = getattr(filters, facet.value)
        if values:
            yield _any_of(facet.value, values)
    since, until = filters.published_from, filters.published_until
    if since or until:
        within = models.DatetimeRange(gte=since, lt=until)
        yield models.FieldCondition(key="sort_at", range=within)


def _any_of(key: str, values: Sequence[int] | Sequence[str]) -> models.FieldCondition:
    wanted = models.MatchAny(any=cast(list[int], list(values)))
    return models.FieldCondition(key=key, match=wanted)
