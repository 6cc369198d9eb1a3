"""EditRelated: what an editor pins to the top of an article's related ones, and what is blocked."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from backstory_search.bodies import ChoicesIn
from backstory_shared.errors import FieldProblem, InvalidParameter
from backstory_shared.ports import ArticleReader, Relations
from backstory_shared.web.parameters import KNOWN_PARAMETERS


@dataclass(frozen=True, slots=True)
class EditRelated:
    articles: ArticleReader
    relations: Relations

    def __call__(self, article_id: str, asked: ChoicesIn) -> None:
        """Raises NotFound, Gone, InvalidParameter."""
        if problems := list(self._problems(article_id, asked)):
            raise InvalidParameter("A choice is not valid.", fields=problems)
        pinned, blocked = dict.fromkeys(asked.pinned), dict.fromkeys(asked.blocked)
        self.relations.choose(article_id, list(pinned), list(blocked))

    def _problems(self, article_id: str, asked: ChoicesIn) -> Iterator[FieldProblem]:
        pinned = set(asked.pinned)
        copies = self._copies(article_id, pinned)
        unknown = pinned - self.articles.revisions(list(pinned)).keys()
        yield from _at("pinned", asked.pinned, unknown, "No article has this id.")
        for name, ids in (("pinned", asked.pinned), ("blocked", asked.blocked)):
            yield from _at(name, ids, {article_id}, "An article is not related to itself.")
        yield from _at("pinned", asked.pinned, copies, "This is a copy of the article.")
        yield from _at("blocked", asked.blocked, pinned, "This is pinned as well.")

    def _copies(self, article_id: str, others: Iterable[str]) -> set[str]:
        bearings = self.relations.bearings([article_id, *others])
        mine = bearings[article_id].copies if article_id in bearings else None
        return {
            id_
            for id_, one in bearings.items()
            if mine and id_ != article_id and one.copies == mine
        }


def _at(name: str, ids: list[str], wrong: Collection[str], why: str) -> Iterator[FieldProblem]:
    """One for each place of the list that has a wrong id."""
    for place, id_ in enumerate(ids):
        if id_ in wrong:
            yield FieldProblem(f"/{name}/{place}", why)


class ChoicesOut(BaseModel):
    pinned: list[str]
    blocked: list[str]


def routes(
    articles: ArticleReader, relations: Relations, guard: Callable[..., Awaitable[None]]
) -> APIRouter:
    guarded: list[Any] = [Depends(guard)]
    router = APIRouter(prefix="/v1", tags=["search"], dependencies=[*guarded, *KNOWN_PARAMETERS])
    edit = EditRelated(articles, relations)

    @router.put("/articles/{article_id}/related/choices")
    def choose(article_id: str, asked: ChoicesIn) -> ChoicesOut:
        """Pin related articles to the top, in this order, and block others for good."""
        edit(article_id, asked)
        return choices(article_id)

    @router.get("/articles/{article_id}/related/choices")
    def choices(article_id: str) -> ChoicesOut:
        """What has been pinned and blocked."""
        kept = relations.neighbourhood(article_id)
        return ChoicesOut(pinned=list(kept.pinned), blocked=sorted(kept.blocked))

    return router
