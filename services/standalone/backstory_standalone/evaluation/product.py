"""Backstory itself as a system under test: its index, its fusion, its order, nothing rebuilt."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from backstory_search.cursors import Cursors
from backstory_search.folding import Unfolded
from backstory_search.orders import MAX_ORDER, MemoryOrders
from backstory_search.search import Collapse, Mode, Search, SearchArticles
from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.articles import Article, Revision
from backstory_shared.errors import NotFound
from backstory_shared.ports import Embedder, Entry, Filters, IndexEntry, Passage, StoredSummary
from backstory_shared.summaries import SummaryState
from backstory_shared.text.languages import LanguageDetector
from backstory_standalone.evaluation.dataset import Dataset, Document

#: No measure looks further down than recall@100.
DEPTH = 100
_BATCH = 64
_DAY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shelf:
    """An ArticleReader over the documents of a dataset: all live, none changed."""

    kept: dict[str, Entry]

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


@contextmanager
def searching(data: Dataset, embedder: Embedder) -> Iterator[SearchArticles]:
    """The use case behind `GET /v1/search`, over an index of the dataset."""
    languages, terms = LanguageDetector(), Bm25TermEncoder()
    documents = [_with_language(document, languages) for document in data.documents]
    with (
        TemporaryDirectory() as folder,
        closing(EdgeIndex.open(Path(folder) / "index", embedder.model)) as index,
    ):
        for batch in _batches(documents):
            index.write(_index_entries(batch, embedder, terms))
        yield SearchArticles(
            articles=Shelf({document.id: shelved(document) for document in documents}),
            index=index,
            embedder=embedder,
            terms=terms,
            orders=MemoryOrders(_now),
            cursors=Cursors(b"evaluation", _now),
            folds={Collapse.NONE: Unfolded()},
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
    documents: Sequence[Document], embedder: Embedder, terms: Bm25TermEncoder
) -> list[IndexEntry]:
    passages = [Passage(title=one.title, text=one.text, language=one.language) for one in documents]
    return [
        IndexEntry(
            id=document.id,
            revision=1,
            dense=meaning.dense,
            spans=meaning.spans,
            lexical=terms.encode_passage(passage),
            sort_at=_DAY,
            copy_hash="",
            language=document.language,
        )
        for document, passage, meaning in zip(
            documents, passages, embedder.embed_articles(passages), strict=True
        )
    ]


def shelved(document: Document) -> Entry:
    article = Article(
        id=document.id, title=document.title, text=document.text, language=document.language
    )
    revision = Revision(
        article=article,
        revision=1,
        content_hash="",
        copy_hash="",
        boilerplate=(),
        first_accepted_at=_DAY,
        accepted_at=_DAY,
    )
    return Entry(
        revision=revision,
        summary=StoredSummary(revision=1, state=SummaryState.PENDING, summary=None),
    )


def _batches(documents: Sequence[Document]) -> Iterator[list[Document]]:
    rest = iter(documents)
    while batch := list(islice(rest, _BATCH)):
        yield batch
