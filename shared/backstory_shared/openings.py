"""The generations of the index as one process has them open, each with its own model."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock, Thread
from typing import Protocol

import structlog

from backstory_shared.articles import Span
from backstory_shared.errors import BackstoryError
from backstory_shared.generations import Generation, Roles
from backstory_shared.ports import (
    Candidates,
    Compute,
    Counts,
    Embedded,
    Embedder,
    Facet,
    Index,
    MatchSet,
    Meaning,
    ModelCard,
    ModelChoice,
    Passage,
    Question,
    SearchIndex,
    Terms,
    Vector,
)


class WholeIndex(Index, SearchIndex, Protocol):
    """An index to its writers and to its readers."""

    def close(self) -> None: ...

    def unoptimized(self) -> int:
        """How many articles were written since it was optimized; 0 where the engine does it."""
        ...

    def optimize(self, compute: Compute) -> None:
        """Make it quick to search, and small, while it serves and is written to.

        Raises NotReady while that is being done already.
        """
        ...


class Generations(Protocol):
    """Where the roles are kept, for every process to see."""

    def roles(self) -> Roles: ...

    def fresh(self, choice: ModelChoice) -> Generation:
        """By a name that no generation ever had: whoever still writes into one that was dropped
        must not hit another."""
        ...

    def keep(self, roles: Roles) -> None:
        """Remember them, in one step; generations without a role may then be discarded."""
        ...

    def open(self, generation: Generation, model: ModelCard) -> WholeIndex:
        """Made if it is not there. Raises ModelMismatch."""
        ...

    def discard(self, generation: Generation) -> None: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """An index, and the only model that may ask it."""

    generation: Generation
    index: WholeIndex
    embedder: Embedder


log = structlog.get_logger()

#: For so long a switch may go unnoticed by a search process.
_FOLLOW_SECONDS = 2.0

_steady: ContextVar[Opened] = ContextVar("steady")


@dataclass
class Openings:
    """Whoever asks gets index and model together; a question keeps what it began with."""

    generations: Generations
    open_embedder: Callable[[ModelChoice], Embedder]
    _opened: dict[str, Opened] = field(default_factory=dict)
    _roles: Roles | None = None
    _lock: Lock = field(default_factory=Lock)

    def refresh(self) -> None:
        """See what has changed: open what has come, forget what is gone.

        What is gone may still be in use by a question; it closes once nobody refers to it.
        """
        with self._lock:
            roles = self.generations.roles()
            self._opened = {
                one.name: self._opened.get(one.name) or self._open(one) for one in roles.kept
            }
            before, self._roles = self._roles, roles
        if before is not None and before.serving != roles.serving:
            log.info("model_serves", model=roles.serving.choice.name)

    def serving(self) -> Opened:
        """The one that serves; within `steady()` the one that served when it began."""
        return _steady.get(None) or self._now()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """One question, one index and one model, even if they are changed meanwhile."""
        token = _steady.set(self._now())
        try:
            yield
        finally:
            _steady.reset(token)

    def kept(self) -> list[Opened]:
        """All that is to be written, the serving one first."""
        roles, opened = self._known(), self._opened
        return [opened[one.name] for one in roles.kept if one.name in opened]

    def next(self) -> Opened | None:
        coming = self._known().next
        return None if coming is None else self._opened.get(coming.name)

    def flush(self) -> None:
        for one in self.kept():
            one.index.flush()

    def close(self) -> None:
        for one in self._opened.values():
            one.index.close()

    def _now(self) -> Opened:
        with self._lock:
            known = self._roles
            if known is not None:
                return self._opened[known.serving.name]
        self.refresh()
        return self._now()

    def _known(self) -> Roles:
        if self._roles is None:
            self.refresh()
        assert self._roles is not None  # noqa: S101 - for mypy: refresh has just set it
        return self._roles

    def _open(self, generation: Generation) -> Opened:
        embedder = self.open_embedder(generation.choice)
        index = self.generations.open(generation, embedder.model)
        return Opened(generation, index, embedder)


@dataclass(frozen=True, slots=True)
class ServingEmbedder:
    """Implements Embedder by whichever model serves."""

    openings: Openings

    @property
    def model(self) -> ModelCard:
        return self.openings.serving().embedder.model

    def embed_articles(self, articles: Sequence[Passage]) -> list[Meaning]:
        return self.openings.serving().embedder.embed_articles(articles)

    def embed_query(self, text: str) -> Vector:
        return self.openings.serving().embedder.embed_query(text)


@dataclass(frozen=True, slots=True)
class ServingIndex:
    """Implements SearchIndex by whichever index serves."""

    openings: Openings

    def candidates(self, question: Question) -> Candidates:
        return self.openings.serving().index.candidates(question)

    def counts(self, matches: MatchSet, facets: Sequence[Facet]) -> Counts:
        return self.openings.serving().index.counts(matches, facets)

    def by_date(self, matches: MatchSet, *, newest_first: bool, limit: int) -> list[str]:
        index = self.openings.serving().index
        return index.by_date(matches, newest_first=newest_first, limit=limit)

    def frequencies(self, terms: Sequence[int]) -> dict[int, int]:
        return self.openings.serving().index.frequencies(terms)

    def sort_times(self, article_ids: Sequence[str]) -> dict[str, datetime]:
        return self.openings.serving().index.sort_times(article_ids)

    def vectors(self, article_ids: Sequence[str]) -> dict[str, tuple[Vector, Terms]]:
        return self.openings.serving().index.vectors(article_ids)

    def nearest_passages(self, dense: Vector, article_ids: Sequence[str]) -> dict[str, Span]:
        return self.openings.serving().index.nearest_passages(dense, article_ids)

    def embedded(self, article_ids: Sequence[str]) -> dict[str, Embedded]:
        return self.openings.serving().index.embedded(article_ids)


@contextmanager
def following(openings: Openings) -> Iterator[None]:
    """Look every few seconds whether another process has changed what serves."""
    stopping = Event()

    def follow() -> None:
        while not stopping.wait(_FOLLOW_SECONDS):
            try:
                openings.refresh()
            except BackstoryError as error:
                log.warning("generations_unknown", reason=error.type)

    thread = Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
