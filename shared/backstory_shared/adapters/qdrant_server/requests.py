"""What the server is asked, in its words."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from qdrant_client import models

from backstory_shared.adapters.qdrant_server.points import point_id
from backstory_shared.ports import Facet, Filters, MatchSet, Matrix, Question, Vector

Conditions = list[models.Condition]


def nearest(question: Question, dense: Vector | Matrix) -> models.QueryRequest:
    return models.QueryRequest(
        query=dense.tolist(),
        using="dense",
        filter=passing(question.filters, question.excluded),
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
        filter=passing(question.filters, question.excluded),
        limit=question.lexical_limit,
        with_payload=["id"],
    )


def matching(matches: MatchSet) -> models.Filter:
    """The match set as one filter; at least one alternative must hold, if there are any."""
    found = passing(matches.filters, matches.excluded)
    if matches.terms is not None or matches.nearest is not None:
        found.should = _alternatives(matches)
    return found


def matches_nothing(matches: MatchSet) -> bool:
    """Asked for something, but for nothing there could be; an empty filter would find all."""
    asked = matches.terms is not None or matches.nearest is not None
    return asked and not matches.terms and not matches.nearest


def passing(filters: Filters, excluded: Iterable[str]) -> models.Filter:
    """The filter for what may be found at all."""
    out = sorted(excluded)
    must_not: Conditions = [among(out)] if out else []
    return models.Filter(must=list(_conditions(filters)), must_not=must_not)


def among(article_ids: Iterable[str]) -> models.HasIdCondition:
    return models.HasIdCondition(has_id=[point_id(id_) for id_ in article_ids])


def not_newer(revision: int) -> models.FieldCondition:
    return models.FieldCondition(key="revision", range=models.Range(lte=revision))


def at(moment: datetime) -> models.FieldCondition:
    return models.FieldCondition(key="sort_at", range=models.DatetimeRange(gte=moment, lte=moment))


def _alternatives(matches: MatchSet) -> Conditions:
    alternatives: Conditions = []
    if matches.terms:
        with_a_term = models.MatchAny(any=list(matches.terms))
        alternatives.append(models.FieldCondition(key="terms", match=with_a_term))
    if matches.nearest:
        alternatives.append(among(matches.nearest))
    return alternatives


def _conditions(filters: Filters) -> Iterator[models.Condition]:
    for facet in Facet:
        values: tuple[str, ...] = getattr(filters, facet.value)
        if values:
            any_of = models.MatchAny(any=list(values))
            yield models.FieldCondition(key=facet.value, match=any_of)
    since, until = filters.published_from, filters.published_until
    if since or until:
        within = models.DatetimeRange(gte=since, lt=until)
        yield models.FieldCondition(key="sort_at", range=within)
