"""The ports: what the use cases ask of the engines, in the product's words."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, ParamSpec, Protocol, Self, TypeAlias, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from backstory_shared.articles import Draft, Outcome, Revision, Span, Tombstone
from backstory_shared.editing import NO_DECISIONS, Decisions, Edit
from backstory_shared.events import Event
from backstory_shared.stages import ArticleStatus, Lane, Reason, Stage, State
from backstory_shared.summaries import Summary, SummaryState
from backstory_shared.text.occasions import Occasion

P = ParamSpec("P")
T = TypeVar("T")

#: Rows are L2-normalised; shape (dimension,) for one vector, (n, dimension) for a matrix.
Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]


# --- filters and orders ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """Which articles are asked for: any of the values within a field, and all of the fields.

    `published_from` is included, `published_until` is not; both are compared with `sort_at`.
    """

    section: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    published_from: datetime | None = None
    published_until: datetime | None = None


class Facet(StrEnum):
    """The fields whose values can be counted."""

    SECTION = "section"
    TAG = "tag"
    AUTHOR = "author"
    SOURCE = "source"
    LANGUAGE = "language"


# --- the ledger -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """A draft on its way in: how urgent it is, and which request brought it."""

    draft: Draft
    lane: Lane
    correlation_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """What became of one draft."""

    id: str
    revision: int
    outcome: Outcome
    status: ArticleStatus


class AcceptLedger(Protocol):
    """Where articles become facts. Whatever these methods return has been committed to disk."""

    def accept(self, submissions: Sequence[Submission]) -> list[Accepted]:
        """Decide and keep each draft, in order; a later draft of the same id sees the earlier."""
        ...

    def delete(self, article_id: str, correlation_id: str) -> Tombstone:
        """Leave a tombstone. Deleting twice is one deletion. Raises NotFound."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """One claimed stage of one article. `revision` of a deleted article is its tombstone's."""

    article_id: str
    revision: int
    correlation_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """What one claim gave: all of it is held under one token until the lease runs out."""

    stage: Stage
    lane: Lane
    token: str
    items: tuple[Work, ...]


#: What a stage makes of an article: the index stage has nothing for the ledger to keep.
Result: TypeAlias = "Summary | Neighbours | None"


class WorkLedger(Protocol):
    """Who does what, and since when. Finishing is conditional on revision and token."""

    def claim(self, stage: Stage, lane: Lane, limit: int) -> Batch | None: ...

    def finish(self, batch: Batch, results: Mapping[str, Result]) -> set[str]:
        """Keep the results (by article id) that are still wanted; the ids that were kept."""
        ...

    def fail(self, batch: Batch, reasons: Mapping[str, Reason]) -> None: ...

    def lose(self, batch: Batch, article_ids: Iterable[str], reason: Reason) -> None: ...

    def release(self, batch: Batch) -> None:
        """Give back what the machine, not the article, prevented: nothing is counted."""
        ...

    def sweep(self) -> int:
        """Lose every claim whose lease ran out; how many."""
        ...


class WorkSource(Protocol):
    """What waits in the ledger, for the program that owns it."""

    def waiting(self) -> set[tuple[Stage, Lane]]:
        """The stages and lanes in which something is due now."""
        ...

    def void_claims(self) -> int:
        """Take back every claim without counting: only for the sole owner of the ledger.

        What waits for a claim to end is due then. How many rows were moved.
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class StageReport:
    """One stage as its publisher sees it."""

    name: Stage
    state: State
    errors: int
    lost: int
    error: Reason | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusReport:
    id: str
    revision: int
    status: ArticleStatus
    stages: tuple[StageReport, ...]


class StatusLedger(Protocol):
    """How far articles have come, and another try for those that failed."""

    def status(self, article_id: str) -> StatusReport:
        """Also of a deleted article. Raises NotFound."""
        ...

    def retry(self, article_id: str) -> int:
        """Put the failed stages of an article back to pending; how many. Raises NotFound, Gone."""
        ...

    def failures(self, *, after: str | None, limit: int) -> list[StatusReport]:
        """Articles of which a stage failed, in order of id, beginning after `after`."""
        ...

    def retry_failures(self) -> int:
        """Put every failed stage back to pending; how many articles that is."""
        ...

    def stats(self) -> "Stats": ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Stats:
    """Counts of the whole archive. `oldest_pending_at` is when the oldest waiting work came."""

    articles: Mapping[ArticleStatus, int]
    stages: Mapping[Stage, Mapping[State, int]]
    oldest_pending_at: datetime | None
    last_event: int


class EventLog(Protocol):
    """What happened, in order, for whoever follows along."""

    def events(self, *, after: int, limit: int) -> list[Event]: ...

    def last_event(self) -> int: ...


class Reconciler(Protocol):
    """The ledger's side of `verify` and `reindex`: what the index should hold."""

    def indexed(self, *, after: str | None, limit: int) -> list[tuple[str, int]]:
        """Live articles whose index stage is done, with their revision, in order of id."""
        ...

    def requeue(self, article_ids: Sequence[str], stage: Stage) -> int:
        """Put a stage of these articles back to pending, in the low lane; how many."""
        ...

    def requeue_all(self, stage: Stage) -> int: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredSummary:
    """The newest summary of an article, and whether it is of the current revision.

    `state` is what a reader is told, decisions of people included. `written_at` and `written_hash`
    say when the editor's text was written, and for which content. Of a list's rows `summary` has
    the three lengths only, and these two are left out.
    """

    revision: int
    state: SummaryState
    summary: Summary | None
    made_at: datetime | None = None
    decisions: Decisions = NO_DECISIONS
    written_at: datetime | None = None
    written_hash: str | None = None

    @property
    def approved(self) -> bool:
        """By a person, for this revision and this text: what was made later nobody has seen."""
        approved_at = self.decisions.approved_at
        if approved_at is None or self.decisions.approved_revision != self.revision:
            return False
        by_hand = self.decisions.holds(self.revision)
        return by_hand or (self.made_at is not None and self.made_at <= approved_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An article as a list shows it: its current revision and its summary, read together."""

    revision: Revision
    summary: StoredSummary


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A place in the browsing order: newest first, ties by id."""

    sort_at: datetime
    id: str


class ArticleReader(Protocol):
    """Articles as readers ask for them. A deleted article is nowhere but in Gone."""

    def entry(self, article_id: str) -> Entry:
        """Raises NotFound, or Gone once deleted."""
        ...

    def entries(self, article_ids: Sequence[str]) -> dict[str, Entry]:
        """The live ones among the ids."""
        ...

    def texts(self, article_ids: Sequence[str]) -> dict[str, str]:
        """What the live ones among the ids say: the title, and the text on the next line."""
        ...

    def revisions(self, article_ids: Sequence[str]) -> dict[str, int]:
        """The current revision of the live ones among the ids."""
        ...

    def id_of_url(self, canonical_url: str) -> str:
        """The live article at that address, the newest if several. Raises NotFound."""
        ...

    def unsettled(self) -> frozenset[str]:
        """Ids the index may still know in a state that no longer holds.

        Deleted or changed since they were indexed: whoever asks the index leaves them out.
        """
        ...


class Browser(Protocol):
    """The archive by date."""

    def browse(self, filters: Filters, *, after: Page | None, limit: int) -> list[Entry]: ...

    def adjacent(self, article_id: str) -> tuple[Entry | None, Entry | None]:
        """The previous (older) and the next (newer) article. Raises NotFound, Gone."""
        ...

    def copies(self, article_id: str) -> list[Entry]:
        """Live articles that are copies of it, oldest first; itself left out. Raises NotFound,
        Gone."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class SummaryAct:
    """One line of a summary's history; `text` is what was made or written."""

    at: datetime
    act: str
    revision: int
    text: str | None
    method: str | None
    correlation_id: str | None


class SummaryDesk(Protocol):
    """What people decide about summaries. What these methods return has been committed to disk."""

    def decide(self, article_id: str, edit: Edit, correlation_id: str) -> Entry:
        """Keep an editor's decision. Raises NotFound, Gone, EditConflict, NotReady, BadInput."""
        ...

    def again(self, article_id: str, correlation_id: str) -> Entry:
        """Have the summary made again, before all that waits. Raises NotFound, Gone."""
        ...

    def history(self, article_id: str) -> list[SummaryAct]:
        """All that was made and decided, the newest first. Raises NotFound, Gone."""
        ...


class Folds(Protocol):
    """Articles of which a list shows one for all."""

    def together(self, article_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """The live ones that belong together with one of the ids, itself included, oldest first.

        Under the id of each of them; ids that stand alone may be missing.
        """
        ...


# --- what is related ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What one revision of an article speaks of; `names` with how often each is used.

    `weight` is how much its names tell in all, as far as the archive was known when it was made.
    `occasion` is missing where it is not to be told from others of its kind.
    """

    id: str
    revision: int
    language: str | None
    names: Mapping[str, int]
    figures: frozenset[str]
    occasion: Occasion | None = None
    weight: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The profile of a live article as others are compared with it.

    `spoken` are the words of its names, and how much each is spoken of; `copies` names the group of
    its copies, if it has any.
    """

    id: str
    revision: int
    language: str | None
    spoken: Mapping[str, float]
    weight: float
    figures: frozenset[str]
    copies: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Bearings:
    """Where a live article belongs; related ones are arranged by it.

    `copies` and `story` name the group of its copies and its story, if it has one; `leading` are
    the names that it uses most.
    """

    language: str | None
    sort_at: datetime
    section: str | None
    authors: tuple[str, ...]
    copies: str | None
    story: str | None
    leading: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """How near another article is, between 0 and 1, and how sure it is about the same event.

    `same_event` is a logarithm of odds, 0 where they are just good enough for a story. `because` is
    what both speak of. Only what is `near` is shown to a reader; the rest counts for stories.
    `another` says that it tells of another occasion of the same kind, as the next match does;
    `apart` names those of the same list from which this one is as far.
    """

    id: str
    revision: int
    score: float
    same_event: float
    because: tuple[str, ...]
    near: bool = True
    another: bool = False
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbours:
    """The result of the stage `relate`: those of one revision, nearest first."""

    links: tuple[Link, ...]


class Neighbour(NamedTuple):
    """Another article that is near, and where it belongs."""

    link: Link
    bearings: Bearings


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbourhood:
    """What is kept of an article's neighbours; `made` is false if they have not been looked for."""

    revision: int
    bearings: Bearings
    made: bool
    near: tuple[Neighbour, ...]
    pinned: tuple[str, ...]
    blocked: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rarity:
    """In how many of all articles each name is found."""

    articles: int
    of_name: Mapping[str, int]


class Profiles(Protocol):
    """What articles speak of. Only live articles in their current revision are known."""

    def keep_profiles(self, profiles: Sequence[Profile]) -> None:
        """Those of a revision that is not current any more are left out."""
        ...

    def known(self, article_ids: Sequence[str]) -> dict[str, Known]: ...

    def names(self, article_ids: Sequence[str]) -> dict[str, Mapping[str, int]]: ...

    def occasions(self, article_ids: Sequence[str]) -> dict[str, Occasion]:
        """Of those of which it is known what occasion they tell of."""
        ...

    def rarity(self, names: Sequence[str]) -> Rarity:
        """`names` are words as `name_words` makes them; of common ones it is about right."""
        ...

    def sharing(self, names: Sequence[str], *, limit: int) -> list[str]:
        """The articles that have two of the names or more, those with the most of them first."""
        ...


class Relations(Protocol):
    """Neighbours as they are kept: for readers, and for the editor who knows better."""

    def neighbourhood(self, article_id: str) -> Neighbourhood:
        """Raises NotFound, Gone."""
        ...

    def keep_neighbours(self, article_id: str, revision: int, neighbours: Neighbours) -> None:
        """Keep what was made for a reader, unless the revision is not current any more."""
        ...

    def choose(self, article_id: str, pinned: Sequence[str], blocked: Sequence[str]) -> None:
        """Put an editor's choices in the place of the earlier ones. Raises NotFound, Gone."""
        ...

    def bearings(self, article_ids: Sequence[str]) -> dict[str, Bearings]:
        """Of the live ones among the ids."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """Articles about one event; what it is called is for its oldest article to say."""

    id: str
    articles: int
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryPlace:
    """A place in the order of stories: newest first, ties by id."""

    last_seen: datetime
    id: str


class Stories(Protocol):
    """Events and the articles about them."""

    def story(self, story_id: str) -> Story:
        """The story it went into, if it did. Raises NotFound, and Gone once it is empty."""
        ...

    def stories(self, section: str | None, *, after: StoryPlace | None, limit: int) -> list[Story]:
        """Those with two articles or more, by when they were last heard of."""
        ...

    def timeline(self, story_ids: Sequence[str]) -> dict[str, list[Entry]]:
        """The articles of each story, oldest first."""
        ...

    def story_of(self, article_id: str) -> str | None: ...


# --- the queue and the workers --------------------------------------------------------------------


class Queue(Protocol):
    """A doorbell. A ring may be lost, late or doubled: the ledger knows what is due."""

    def ring(self, stage: Stage, lane: Lane, ids: Sequence[str] = ()) -> None:
        """The ids are hints for whoever reads along: work is done by what the ledger says."""
        ...


class Compute(Protocol):
    """Runs pure functions where they do not keep a reader waiting.

    The future raises WorkerDied if the process running it died, and OutOfTime past `seconds`.
    `function` is a module's own function; arguments and result can be pickled.
    """

    def submit(
        self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]: ...


# --- vectors and the index ------------------------------------------------------------------------


class EmbeddingBackend(StrEnum):
    """What runs a sentence-transformers model; the vectors are the same."""

    TORCH = "torch"
    ONNX = "onnx"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """An embedding model by name or folder, for any process to open."""

    name: str
    backend: EmbeddingBackend = EmbeddingBackend.TORCH
    threads: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelCard:
    """What must be equal for two vectors to be comparable.

    Below `floor`, a cosine of this model says nothing about meaning. Where `passages` is true an
    article may have several vectors, of which the nearest counts.
    """

    id: str
    dimension: int
    floor: float
    passages: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """What of an article is embedded; boilerplate is already gone from `text`."""

    title: str
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """An article as one vector, or as a row for each passage that its model can take at once.

    `spans` says where in `Passage.text` each row is from; it is empty where one vector is of all.
    """

    dense: Vector | Matrix
    spans: tuple[Span, ...] = ()


class Embedder(Protocol):
    """Text to meaning. Articles and queries are different verbs and never mixed up."""

    @property
    def model(self) -> ModelCard: ...

    def embed_articles(self, articles: Sequence[Passage]) -> list[Meaning]:
        """Nothing of them is cut: what is too long for the model becomes several rows."""
        ...

    def embed_query(self, text: str) -> Vector: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """A sparse vector over hashed terms: parallel tuples, no index twice."""

    indices: tuple[int, ...] = ()
    values: tuple[float, ...] = ()


class TermEncoder(Protocol):
    """Text to weighted terms, for BM25."""

    def encode_passage(self, passage: Passage) -> Terms: ...

    def encode_query(self, text: str, languages: Collection[str] = ()) -> Terms:
        """`languages` are those to try where the words do not tell theirs; none: all it knows."""
        ...

    def encode_demand(self, word: str) -> Terms:
        """The terms of which every article that has the word has one; none if there are no such."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexEntry:
    """One article as the index keeps it: its vectors and every field that can be filtered.

    `dense` has rows where the model has passages; `spans` are theirs in the article's text, and
    `coverage` is the share of it that they are of.
    """

    id: str
    revision: int
    dense: Vector | Matrix
    lexical: Terms
    sort_at: datetime
    copy_hash: str
    spans: tuple[Span, ...] = ()
    coverage: float = 1.0
    section: str | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    source: str | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Embedded:
    """What the vectors of an article are of: `coverage` of its text, in so many `passages`."""

    revision: int
    passages: int
    coverage: float


class Index(Protocol):
    """The index as its writers see it. Every write says for which revision it speaks."""

    def write(self, entries: Sequence[IndexEntry]) -> None:
        """Keep each entry unless a newer revision of it is there."""
        ...

    def remove(self, revisions: Mapping[str, int]) -> None:
        """Remove each id if what is there is of this revision or an older one."""
        ...

    def flush(self) -> None: ...

    def revisions(self) -> Iterator[tuple[str, int]]:
        """Every id in the index with its revision, in no order; read as it is asked for."""
        ...

    def revisions_of(self, article_ids: Sequence[str]) -> dict[str, int]:
        """The revision of each of the ids that is in the index."""
        ...


class Scored(NamedTuple):
    id: str
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Scores(Sequence[Scored]):
    """A list of articles with their scores, in arrays: a thousand are as quick as ten."""

    ids: Sequence[str] = ()
    values: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    @classmethod
    def ordered(cls, ids: Sequence[str], scores: Sequence[float]) -> Self:
        """Best first, ties by id."""
        values = np.array(scores, np.float64)
        place_of = list(zip((-values).tolist(), ids, strict=True))
        places = sorted(range(len(ids)), key=place_of.__getitem__)
        return cls([ids[place] for place in places], values[places])

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> Scored: ...

    @overload
    def __getitem__(self, place: slice) -> Self: ...

    def __getitem__(self, place: int | slice) -> Scored | Self:
        if isinstance(place, slice):
            return type(self)(self.ids[place], self.values[place])
        return Scored(self.ids[place], float(self.values[place]))

    def __iter__(self) -> Iterator[Scored]:
        return map(Scored, self.ids, self.values.tolist())


@dataclass(frozen=True, kw_only=True, slots=True)
class Demands:
    """What else an article must be like, beside passing the filters; nothing if all are empty.

    It has one of the terms of each of `words`, none of `without`, and no value of `unwanted`.
    """

    words: tuple[tuple[int, ...], ...] = ()
    without: tuple[int, ...] = ()
    unwanted: tuple[tuple[Facet, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.without or self.unwanted)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What both lists are asked: a vector, terms, or both, over the articles that pass."""

    dense: Vector | None = None
    lexical: Terms | None = None
    dense_limit: int = 200
    lexical_limit: int = 1_000
    floor: float = -1.0
    filters: Filters = field(default_factory=Filters)
    demands: Demands = field(default_factory=Demands)
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidates:
    """The two lists, best first, ties by id: nearest by meaning above the floor; by BM25."""

    dense: Scores = field(default_factory=Scores)
    lexical: Scores = field(default_factory=Scores)


@dataclass(frozen=True, kw_only=True, slots=True)
class MatchSet:
    """Exactly the articles that pass the filters, meet the demands, and contain a term or are among
    the nearest.

    With neither `terms` nor `nearest` (both None) it is all that pass the filters and the demands.
    """

    terms: tuple[int, ...] | None = None
    nearest: tuple[str, ...] | None = None
    filters: Filters = field(default_factory=Filters)
    demands: Demands = field(default_factory=Demands)
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """True counts of a match set; facet values with the most articles first, ties by value."""

    total: int
    facets: Mapping[Facet, tuple[tuple[str, int], ...]]


class SearchIndex(Protocol):
    """The index as its readers see it."""

    def candidates(self, question: Question) -> Candidates:
        """Both lists from the engine, in one batch."""
        ...

    def counts(self, matches: MatchSet, facets: Sequence[Facet]) -> Counts: ...

    def by_date(self, matches: MatchSet, *, newest_first: bool, limit: int) -> list[str]:
        """The ids of a match set by `sort_at`, ties by id."""
        ...

    def frequencies(self, terms: Sequence[int]) -> dict[int, int]:
        """In how many articles each of the terms is; those that are in none are left out."""
        ...

    def sort_times(self, article_ids: Sequence[str]) -> dict[str, datetime]:
        """The `sort_at` of each id that is in the index."""
        ...

    def vectors(self, article_ids: Sequence[str]) -> dict[str, tuple[Vector, Terms]]:
        """The dense and the lexical vector of each id that is in the index.

        Of an article with passages the dense one is the direction of their sum.
        """
        ...

    def nearest_passages(self, dense: Vector, article_ids: Sequence[str]) -> dict[str, Span]:
        """Where in the text of each the passage is that is nearest; only of those with passages."""
        ...

    def embedded(self, article_ids: Sequence[str]) -> dict[str, Embedded]:
        """What the vectors of each id that is in the index are of."""
        ...


# --- summaries ------------------------------------------------------------------------------------


class Summarizer(Protocol):
    """Text to summary. Spans refer to `text` as given, boilerplate included."""

    def summarize(
        self, title: str, text: str, boilerplate: Sequence[tuple[int, int]], language: str | None
    ) -> Summary: ...
