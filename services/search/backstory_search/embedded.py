"""ReadEmbedded: what of an article can be found by its meaning."""

from dataclasses import dataclass

from backstory_shared.ports import ArticleReader, Embedded, Embedder, SearchIndex


@dataclass(frozen=True, slots=True)
class EmbeddedView:
    """Of the current revision; `vectors` is None until it is in the index."""

    id: str
    revision: int
    model: str
    vectors: Embedded | None


@dataclass(frozen=True)
class ReadEmbedded:
    articles: ArticleReader
    index: SearchIndex
    embedder: Embedder

    def __call__(self, article_id: str) -> EmbeddedView:
        """Raises NotFound, Gone."""
        revision = self.articles.entry(article_id).revision.revision
        there = self.index.embedded([article_id]).get(article_id)
        current = there if there is not None and there.revision == revision else None
        return EmbeddedView(article_id, revision, self.embedder.model.id, current)
