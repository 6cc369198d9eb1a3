"""ChangeModel: another embedding model for the whole archive, while search stays up."""

import random
from collections.abc import Container, Sequence
from dataclasses import dataclass

from backstory_shared.errors import NotReady
from backstory_shared.generations import Roles
from backstory_shared.openings import Opened, Openings
from backstory_shared.ports import (
    ArticleReader,
    Batch,
    Browser,
    Compute,
    Filters,
    ModelChoice,
    Question,
    Queue,
    Reconciler,
)
from backstory_summarize.index import IndexStage
from backstory_summarize.verify import Verification, VerifyIndex, pages
from backstory_summarize.work import Work

TOP = 10
SAMPLED = 50
_AMONG = 1_000
_SEED = 7
_PAGE = 1_000

#: Below it the two models hardly agree on anything, and somebody should look before switching.
#: Of the sample archive the bundled model and MiniLM find .7 alike; chance alone would give .1.
MIN_OVERLAP = 0.25


@dataclass(frozen=True, slots=True)
class Golden:
    """A query of the publisher's own, and what it should find."""

    query: str
    ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The new index beside the one that serves.

    `overlap` is the share of the nearest TOP that both find, over `queries` titles of the archive;
    `golden_*` the share of what the publisher's queries should find that is among them, None
    without such queries.
    """

    queries: int
    overlap: float
    golden_old: float | None = None
    golden_new: float | None = None

    @property
    def passes(self) -> bool:
        """Golden queries know better than a comparison with the old."""
        if self.golden_old is not None and self.golden_new is not None:
            return self.golden_new >= self.golden_old
        return self.queries == 0 or self.overlap >= MIN_OVERLAP


@dataclass(frozen=True)
class EveryGeneration:
    """Implements StageWork: the index stage for every index that is kept.

    An article is done once it is in all of them.
    """

    articles: ArticleReader
    compute: Compute
    openings: Openings

    def do(self, batch: Batch) -> Work:
        works: dict[str, Work] = {}
        while missing := self._without(works):
            for one in missing:
                works[one.generation.name] = self._work(one, batch)
        failures = {id_: reason for work in works.values() for id_, reason in work.failures.items()}
        done = set.intersection(*(set(work.results) for work in works.values()))
        done -= failures.keys()
        return Work(results=dict.fromkeys(done), failures=failures)

    def _without(self, works: Container[str]) -> list[Opened]:
        """Another process may begin a change at any time: its index is to be written too."""
        self.openings.refresh()
        return [one for one in self.openings.kept() if one.generation.name not in works]

    def _work(self, one: Opened, batch: Batch) -> Work:
        """No article is to blame for an index that is dropped meanwhile, or lacks it."""
        stage = IndexStage(self.articles, one.index, self.compute, one.generation.choice)
        try:
            return stage.do(batch)
        except Exception:
            if one.generation in self.openings.generations.roles().kept:
                raise
            return Work(results={work.article_id: None for work in batch.items})


@dataclass(frozen=True)
class VerifyEveryIndex:
    """Compare each index that is kept with the ledger."""

    reconciler: Reconciler
    articles: ArticleReader
    openings: Openings
    queue: Queue

    def __call__(self) -> Verification:
        found = [self.one(opened) for opened in self.openings.kept()]
        return Verification(
            checked=found[0].checked,
            requeued=sum(one.requeued for one in found),
            removed=sum(one.removed for one in found),
        )

    def one(self, opened: Opened) -> Verification:
        return VerifyIndex(self.reconciler, self.articles, opened.index, self.queue)()


@dataclass(frozen=True)
class ChangeModel:
    """Begin, compare, switch; roll back while the old index is kept; drop it.

    Begun again after a kill it goes on: what the new index lacks is what the ledger is asked for.
    """

    openings: Openings
    verify: VerifyEveryIndex
    browser: Browser

    def roles(self) -> Roles:
        return self.openings.generations.roles()

    def begin(self, choice: ModelChoice) -> int:
        """Open a second index and queue what it lacks, in the low lane; how many it still lacks."""
        generations, roles = self.openings.generations, self.roles()
        if roles.next is None or roles.next.choice.name != choice.name:
            fresh = generations.fresh(choice)
            begun = roles.begun(fresh)
            generations.open(fresh, self.openings.open_embedder(choice).model).close()
            generations.keep(begun)
        self.openings.refresh()
        self.verify.one(self._next())
        return self._missing()

    def compare(self, golden: Sequence[Golden] = ()) -> Comparison:
        """Raises NotReady while articles are missing from the new index."""
        old, new = self.openings.serving(), self._next()
        if self._missing():
            raise NotReady("The new index is not complete yet: ask again a little later.")
        queries = self._sampled()
        pairs = [(_nearest(old, query), _nearest(new, query)) for query in queries]
        return Comparison(
            queries=len(queries),
            overlap=_mean([_shared(one, other) for one, other in pairs]),
            golden_old=_found(old, golden),
            golden_new=_found(new, golden),
        )

    def switch(self) -> Roles:
        return self._keep(self.roles().switched())

    def roll_back(self) -> Roles:
        return self._keep(self.roles().rolled_back())

    def drop_others(self) -> Roles:
        """Only what serves is kept."""
        roles = self.roles()
        self._keep(roles.alone())
        for gone in roles.kept[1:]:
            self.openings.generations.discard(gone)
        return roles.alone()

    def _keep(self, roles: Roles) -> Roles:
        self.openings.generations.keep(roles)
        self.openings.refresh()
        return roles

    def _missing(self) -> int:
        """How many articles the new index lacks, or has in an older revision."""
        serving, coming = self.openings.serving().index, self._next().index
        return sum(
            there.get(id_, 0) < revision
            for page in pages(serving.revisions(), _PAGE)
            for there in [coming.revisions_of(list(page))]
            for id_, revision in page.items()
        )

    def _next(self) -> Opened:
        coming = self.openings.next()
        if coming is None:
            raise NotReady("There is no new index: begin with a model.")
        return coming

    def _sampled(self) -> list[str]:
        """Titles out of the newest, the same each time."""
        newest = self.browser.browse(Filters(), after=None, limit=_AMONG)
        titles = [entry.revision.article.title for entry in newest]
        return random.Random(_SEED).sample(titles, min(SAMPLED, len(titles)))  # noqa: S311 - no secret


def _nearest(opened: Opened, query: str) -> list[str]:
    dense = opened.embedder.embed_query(query)
    found = opened.index.candidates(Question(dense=dense, dense_limit=TOP)).dense
    return [one.id for one in found]


def _shared(one: Sequence[str], other: Sequence[str]) -> float:
    return len(set(one) & set(other)) / max(len(one), len(other), 1)


def _found(opened: Opened, golden: Sequence[Golden]) -> float | None:
    if not golden:
        return None
    return _mean(
        [len(set(one.ids) & set(_nearest(opened, one.query))) / len(one.ids) for one in golden]
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
