"""Backstory itself as a system under test: its index, its fusion, its order, nothing rebuilt."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from backstory_search.cursors import Cursors
from backstory_search.folding import Unfolded
from backstory_search.orders import MAX_ORDER, MemoryOrders
from backstory_search.query import Query
from backstory_search.search import Collapse, Mode, Search, SearchArticles
from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.articles import Article, Revision
from backstory_shared.errors import NotFound
from backstory_shared.ports import Embedder, Entry, Filters, IndexEntry, StoredSummary
from backstory_shared.summaries import SummaryState
from backstory_shared.text.boilerplate import boilerplate
from backstory_shared.text.languages import LanguageDetector
from backstory_shared.text.prose import clean_line, clean_text
from backstory_standalone.evaluation.dataset import Dataset, Document
from backstory_standalone.evaluation.watching import Watch, unwatched
from backstory_summarize.compute import Story

#: No measure looks further down than recall@100.
DEPTH = 100
_BATCH = 64
_DAY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shelf:
    """An ArticleReader over the documents of a dataset: all live, none changed."""

    kept: Mapping[str, Entry]

    def entry(self, article_id: str) -> Entry:
        if article_id not in self.kept:
            raise NotFound
        return self.kept[article_id]

    def entries(self, article_ids: Sequence[str]) -> dict[str, Entry]:
        return {id_: self.kept[id_] for id_ in article_ids if id_ in self.kept}

    def texts(self, article_ids: Sequence[str]) -> dict[str, str]:
        found = (one.revision.article for one in self.entries(article_ids).values())
        return {one.id: f"{one.title}\n{one.text}" for one in found}

    def revisions(self, article_ids: Sequence[str]) -> dict[str, int]:
        return {id_: 1 for id_ in article_ids if id_ in self.kept}

    def id_of_url(self, canonical_url: str) -> str:  # noqa: ARG002 - none has an address
        raise NotFound

    def unsettled(self) -> frozenset[str]:
        return frozenset()


def as_words(text: str) -> Query:
    """All of it: somebody else's questions quote and hyphenate without meaning our syntax."""
    return Query(clean_line(text))


@contextmanager
def searching(
    data: Dataset,
    embedder: Embedder,
    read: Callable[[str], Query] = as_words,
    watch: Watch = unwatched,
) -> Iterator[SearchArticles]:
    """The use case behind `GET /v1/search`, over an index of the dataset.

    `read` says what a question asks for; peers know nothing but words.
    """
    languages, terms, kept = LanguageDetector(), Bm25TermEncoder(), dict[str, Entry]()
    with (
        TemporaryDirectory() as folder,
        closing(EdgeIndex.open(Path(folder) / "index", embedder.model)) as index,
    ):
        for documents in _batches(watch("Indexing", data.documents)):
            entries = [shelved(_with_language(one, languages)) for one in documents]
            index.write(_index_entries([one.revision for one in entries], embedder, terms))
            kept |= {one.revision.article.id: one for one in entries}
        yield SearchArticles(
            articles=Shelf(kept),
            index=index,
            embedder=embedder,
            terms=terms,
            orders=MemoryOrders(_now),
            cursors=Cursors(b"evaluation", _now),
            folds={Collapse.NONE: Unfolded()},
            read=read,
        )


def order(search: SearchArticles, text: str, mode: Mode, depth: int = DEPTH) -> list[str]:
    """The first ids of the answer."""
    asked = Search(
        text=text,
        mode=mode,
        filters=Filters(),
        collapse=Collapse.NONE,
        limit=min(depth, MAX_ORDER),
    )
    return [hit.entry.revision.article.id for hit in search(asked).hits]


def _now() -> datetime:
    return datetime.now(UTC)


def _with_language(document: Document, languages: LanguageDetector) -> Document:
    """As on the way in: what the publisher did not say is detected."""
    language = document.language or languages.detect(document.text)
    return Document(document.id, document.title, document.text, language)


def _index_entries(
    revisions: Sequence[Revision], embedder: Embedder, terms: Bm25TermEncoder
) -> list[IndexEntry]:
    passages = [Story.of(one).passage() for one in revisions]
    return [
        IndexEntry(
            id=one.article.id,
            revision=1,
            dense=meaning.dense,
            spans=meaning.spans,
            lexical=terms.encode_passage(passage),
            sort_at=_DAY,
            copy_hash="",
            language=one.article.language,
        )
        for one, passage, meaning in zip(
            revisions, passages, embedder.embed_articles(passages), strict=True
        )
    ]


def shelved(document: Document) -> Entry:
    """As an archive keeps it."""
    title, text = clean_line(document.title), clean_text(document.text)
    article = Article(id=document.id, title=title, text=text, language=document.language)
    revision = Revision(
        article=article,
        revision=1,
        content_hash="",
        copy_hash="",
        boilerplate=boilerplate(text, title),
        first_accepted_at=_DAY,
        accepted_at=_DAY,
    )
    return Entry(
        revision=revision,
        summary=StoredSummary(revision=1, state=SummaryState.PENDING, summary=None),
    )


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    rest = iter(documents)
    while batch := list(islice(rest, _BATCH)):
        yield batch
