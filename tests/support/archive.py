"""A small archive in memory, and readers of it with real indexes and a toy idea of meaning."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from backstory_search.api import Reading
from backstory_search.browse import BrowseArticles
from backstory_search.cursors import Cursors
from backstory_search.embedded import ReadEmbedded
from backstory_search.folding import Unfolded
from backstory_search.orders import MemoryOrders
from backstory_search.proposals import Archive as ProposalArchive
from backstory_search.proposals import RelatedToTaste, RelatedToText
from backstory_search.related import RelatedArticles
from backstory_search.schemas import HighlightOut
from backstory_search.search import Collapse, Hit, SearchArticles
from backstory_search.stories import ReadStories
from backstory_search.summaries import ReadSummary, ReadSummaryHistory
from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.articles import Revision
from backstory_shared.errors import Gone, NotFound
from backstory_shared.ports import (
    Entry,
    Filters,
    IndexEntry,
    Meaning,
    ModelCard,
    Page,
    Passage,
    StoredSummary,
    SummaryAct,
    Terms,
    Vector,
)
from backstory_shared.relating.finding import FindNeighbours
from backstory_shared.relating.relevance import load_relevance
from backstory_shared.summaries import Summary, SummaryState
from support.clocks import START, FakeClock
from support.drafts import draft
from support.relations import MemoryRelations, MemoryStories


class WordEmbedder:
    """Texts with the same words mean the same: every word is a direction of its own."""

    model = ModelCard(id="words-64d", dimension=64, floor=0.2)

    def embed_articles(self, articles: Sequence[Passage]) -> list[Meaning]:
        return [Meaning(self.embed_query(f"{one.title} {one.text}")) for one in articles]

    def embed_query(self, text: str) -> Vector:
        vector = np.zeros(self.model.dimension, dtype=np.float32)
        for word in text.lower().split():
            vector[zlib.crc32(word.strip(".,").encode()) % self.model.dimension] += 1
        return vector / max(float(np.linalg.norm(vector)), 1e-9)


def entry_of(
    revision: int = 1, summary: Summary | None = None, days: float = 0, **fields: Any
) -> Entry:
    """An article in the archive, ready to be read; `days` is when it was published.

    Those that share the words of the example are no copies of each other for it.
    """
    if "text" not in fields:
        fields.setdefault("copy_hash", f"the words of {fields.get('id')}")
    fields.setdefault("published_at", START + timedelta(days=days))
    accepted = draft(**fields)
    return Entry(
        revision=Revision(
            article=accepted.article,
            revision=revision,
            content_hash=accepted.content_hash,
            copy_hash=accepted.copy_hash,
            boilerplate=accepted.boilerplate,
            first_accepted_at=START,
            accepted_at=START,
        ),
        summary=StoredSummary(
            revision=revision,
            state=SummaryState.PENDING if summary is None else SummaryState.READY,
            summary=summary,
        ),
    )


@dataclass
class Archive:
    """ArticleReader, Browser and Folds over a dictionary. What is deleted stays known as gone."""

    live: dict[str, Entry] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    dirty: set[str] = field(default_factory=set)
    acts: dict[str, list[SummaryAct]] = field(default_factory=dict)

    def put(self, entry: Entry) -> None:
        self.live[entry.revision.article.id] = entry

    def delete(self, article_id: str) -> None:
        del self.live[article_id]
        self.gone.add(article_id)
        self.dirty.add(article_id)

    def entry(self, article_id: str) -> Entry:
        if article_id in self.gone:
            raise Gone
        if article_id not in self.live:
            raise NotFound
        return self.live[article_id]

    def entries(self, article_ids: Sequence[str]) -> dict[str, Entry]:
        return {id_: self.live[id_] for id_ in article_ids if id_ in self.live}

    def texts(self, article_ids: Sequence[str]) -> dict[str, str]:
        found = (one.revision.article for one in self.entries(article_ids).values())
        return {one.id: f"{one.title}\n{one.text}" for one in found}

    def revisions(self, article_ids: Sequence[str]) -> dict[str, int]:
        return {id_: one.revision.revision for id_, one in self.entries(article_ids).items()}

    def id_of_url(self, canonical_url: str) -> str:
        for entry in self._newest_first(Filters()):
            if entry.revision.article.url == canonical_url:
                return entry.revision.article.id
        raise NotFound

    def unsettled(self) -> frozenset[str]:
        return frozenset(self.dirty)

    def browse(self, filters: Filters, *, after: Page | None, limit: int) -> list[Entry]:
        found = self._newest_first(filters)
        if after is not None:
            found = [one for one in found if place(one) < (after.sort_at, after.id)]
        return found[:limit]

    def adjacent(self, article_id: str) -> tuple[Entry | None, Entry | None]:
        ordered = self._newest_first(Filters())
        here = ordered.index(self.entry(article_id))
        return (
            ordered[here + 1] if here + 1 < len(ordered) else None,
            ordered[here - 1] if here else None,
        )

    def copies(self, article_id: str) -> list[Entry]:
        copy_hash = self.entry(article_id).revision.copy_hash
        return [
            one
            for one in self._newest_first(Filters())
            if one.revision.copy_hash == copy_hash and one.revision.article.id != article_id
        ]

    def together(self, article_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        groups: dict[str, list[str]] = {}
        for entry in reversed(self._newest_first(Filters())):
            groups.setdefault(entry.revision.copy_hash, []).append(entry.revision.article.id)
        asked = {entry.revision.copy_hash for entry in self.entries(article_ids).values()}
        return {id_: tuple(groups[of]) for of in asked for id_ in groups[of]}

    def history(self, article_id: str) -> list[SummaryAct]:
        self.entry(article_id)
        return self.acts.get(article_id, [])

    def _newest_first(self, filters: Filters) -> list[Entry]:
        found = [one for one in list(self.live.values()) if _passes(one, filters)]
        return sorted(found, key=place, reverse=True)


def place(entry: Entry) -> tuple[Any, str]:
    return entry.revision.sort_at, entry.revision.article.id


def _passes(entry: Entry, filters: Filters) -> bool:
    article = entry.revision.article
    single = {"section": article.section, "source": article.source, "language": article.language}
    many = {"tag": article.tags, "author": article.authors}
    return (
        all(value in (getattr(filters, name) or (value,)) for name, value in single.items())
        and all(
            not (asked := getattr(filters, name)) or set(asked) & set(values)
            for name, values in many.items()
        )
        and (filters.published_from is None or entry.revision.sort_at >= filters.published_from)
        and (filters.published_until is None or entry.revision.sort_at < filters.published_until)
    )


@dataclass(frozen=True, slots=True)
class Library:
    """An archive, the index of it, and what reads them."""

    archive: Archive
    index: EdgeIndex
    clock: FakeClock
    reading: Reading
    embedder: WordEmbedder
    terms: Bm25TermEncoder
    relations: MemoryRelations
    stories: MemoryStories

    def add(self, *entries: Entry) -> None:
        """Keep the articles and index them, as the stages would."""
        for entry in entries:
            self.archive.put(entry)
        self.index.write([self._indexed(entry.revision) for entry in entries])

    def _indexed(self, revision: Revision) -> IndexEntry:
        article = revision.article
        passage = Passage(title=article.title, text=article.text, language=article.language)
        return IndexEntry(
            id=article.id,
            revision=revision.revision,
            dense=self.embedder.embed_articles([passage])[0].dense,
            lexical=self.terms.encode_passage(passage),
            sort_at=revision.sort_at,
            copy_hash=revision.copy_hash,
            section=article.section,
            tags=article.tags,
            authors=article.authors,
            source=article.source,
            language=article.language,
        )


@contextmanager
def library(folder: Path, *, max_ids: int = 100_000) -> Iterator[Library]:
    archive, clock, embedder, terms = Archive(), FakeClock(), WordEmbedder(), Bm25TermEncoder()
    index = EdgeIndex.open(folder / "index", embedder.model)
    cursors = Cursors(b"a secret of at least 16 bytes", clock)
    stories = MemoryStories(archive)
    relations = MemoryRelations(archive, stories)
    relevance = load_relevance(BUNDLED)
    find = FindNeighbours(index, relations, lambda: relevance)
    looked_in = ProposalArchive(archive, archive, relations, relations, find, clock)
    reading = Reading(
        articles=archive,
        browser=archive,
        folds=archive,
        search=SearchArticles(
            archive,
            index,
            embedder,
            terms,
            MemoryOrders(clock, max_ids),
            cursors,
            {
                Collapse.NONE: Unfolded(),
                Collapse.DUPLICATES: archive,
                Collapse.STORY: stories,
            },
        ),
        related=RelatedArticles(
            articles=archive,
            browser=archive,
            folds=archive,
            profiles=relations,
            relations=relations,
            find=find,
            clock=clock,
        ),
        proposal=RelatedToText(looked_in, embedder, terms),
        taste=RelatedToTaste(looked_in),
        stories=ReadStories(stories, cursors),
        browse=BrowseArticles(archive, cursors),
        summary=ReadSummary(archive),
        summary_history=ReadSummaryHistory(archive),
        embedded=ReadEmbedded(archive, index, embedder),
        highlight=no_highlights,
        canonical_url=plain_url,
    )
    try:
        yield Library(archive, index, clock, reading, embedder, terms, relations, stories)
    finally:
        index.close()


def no_highlights(
    hits: Sequence[Hit], query: str, terms: Terms | None = None
) -> list[list[HighlightOut]]:
    return [[] for _ in hits]


def plain_url(url: str) -> str:
    if not url.startswith("http"):
        raise ValueError("not a web address")
    return url.partition("?")[0]


def corrected(entry: Entry, **fields: Any) -> Entry:
    """The next revision of an article, its summary not made yet."""
    revision = entry.revision
    return Entry(
        revision=replace(
            revision,
            article=replace(revision.article, **fields),
            revision=revision.revision + 1,
        ),
        summary=StoredSummary(
            revision=revision.revision + 1, state=SummaryState.STALE, summary=None
        ),
    )
