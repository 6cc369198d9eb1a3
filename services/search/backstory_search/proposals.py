"""Related to what is not in the archive: a text about to be written, or what somebody likes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from backstory_search.arranging import Wish, arranged
from backstory_search.related import Relation, own_score, related_entries, with_bearings
from backstory_shared.ports import (
    ArticleReader,
    Embedder,
    Folds,
    Link,
    Meaning,
    Passage,
    Profile,
    Profiles,
    Relations,
    TermEncoder,
    Vector,
)
from backstory_shared.relating.finding import FindNeighbours, Subject
from backstory_shared.relating.profiles import profile_of

#: A text has no id; no article has this one.
_NO_ID = ""
#: How much being near what is disliked takes away.
_DISLIKED = 0.5


@dataclass(frozen=True, slots=True)
class Archive:
    """What both look in."""

    articles: ArticleReader
    folds: Folds
    profiles: Profiles
    relations: Relations
    find: FindNeighbours
    clock: Callable[[], datetime]

    def shown(self, links: Sequence[Link], limit: int) -> list[Relation]:
        minimum = self.find.relevance().minimum
        wish = Wish(limit=limit, minimum=minimum, now=self.clock())
        chosen = arranged(with_bearings(self.relations, links), wish)
        return related_entries(self.articles, self.folds, chosen, None)


@dataclass(frozen=True, slots=True)
class RelatedToText:
    """Have we covered this? Copies of the text are what is asked for here."""

    archive: Archive
    embedder: Embedder
    terms: TermEncoder

    def __call__(
        self, *, title: str, text: str, language: str | None, limit: int
    ) -> list[Relation]:
        passage = Passage(title=title, text=text, language=language)
        lexical = self.terms.encode_passage(passage)
        (weighed,) = self.archive.find.weighed([profile_of(_NO_ID, 0, passage, None)])
        subject = Subject(
            profile=weighed,
            dense=_direction(self.embedder.embed_articles([passage])[0]),
            lexical=lexical,
            excluded=self.archive.articles.unsettled(),
            own_score=own_score(self.archive.find.index, lexical),
        )
        return self.archive.shown(self.archive.find([subject])[_NO_ID].links, limit)


@dataclass(frozen=True, slots=True)
class RelatedToTaste:
    """Near something that is liked, and away from what is not."""

    archive: Archive

    def __call__(
        self, *, liked: Sequence[str], disliked: Sequence[str], limit: int
    ) -> list[Relation]:
        near, away = self._links(liked), self._links(disliked)
        for id_ in self._known_to(liked, disliked, near):
            near.pop(id_, None)
        links = [
            replace(link, score=link.score - _DISLIKED * away[id_].score) if id_ in away else link
            for id_, link in near.items()
        ]
        return self.archive.shown(sorted(links, key=lambda link: (-link.score, link.id)), limit)

    def _known_to(
        self, liked: Sequence[str], disliked: Sequence[str], near: Mapping[str, Link]
    ) -> list[str]:
        """Who said what is liked and what is not has read these, or a copy of them."""
        said = {*liked, *disliked}
        bearings = self.archive.relations.bearings([*{*said, *near}])
        read = {one.copies for id_, one in bearings.items() if id_ in said and one.copies}
        copied = (id_ for id_, one in bearings.items() if one.copies in read)
        return [*said, *copied]

    def _links(self, article_ids: Sequence[str]) -> dict[str, Link]:
        """The nearest to any of them; those that are not known are like nothing."""
        vectors = self.archive.find.index.vectors(article_ids)
        profiles = self._profiles(article_ids)
        unsettled = self.archive.articles.unsettled()
        found = self.archive.find(
            [
                Subject(
                    profile=profiles[id_],
                    dense=vectors[id_][0],
                    lexical=vectors[id_][1],
                    excluded=unsettled - {id_},
                )
                for id_ in dict.fromkeys(article_ids)
                if id_ in profiles and id_ in vectors
            ]
        )
        nearest: dict[str, Link] = {}
        for neighbours in found.values():
            for link in neighbours.links:
                if link.id not in nearest or link.score > nearest[link.id].score:
                    nearest[link.id] = link
        return nearest

    def _profiles(self, article_ids: Sequence[str]) -> dict[str, Profile]:
        known = self.archive.profiles.known(article_ids)
        names = self.archive.profiles.names(article_ids)
        return {
            id_: Profile(
                id=id_,
                revision=one.revision,
                language=one.language,
                names=names[id_],
                figures=one.figures,
                weight=one.weight,
            )
            for id_, one in known.items()
            if id_ in names
        }


def _direction(meaning: Meaning) -> Vector:
    """One vector, as the index gives it of an article: of passages the direction of their sum."""
    total = np.atleast_2d(meaning.dense).sum(axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), np.float32)
