"""ReadSummary: what there is of a summary, whatever state it is in."""

from dataclasses import dataclass

from backstory_shared.articles import Span
from backstory_shared.ports import ArticleReader, Entry
from backstory_shared.summaries import Length, SummaryState


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the article, and where in its text it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SummaryView:
    """An article's summary as a reader gets it: without text while there is none to show."""

    id: str
    revision: int
    state: SummaryState
    sentences: tuple[Sentence, ...]
    method: str | None
    coverage: float | None

    @property
    def text(self) -> str | None:
        return " ".join(sentence.text for sentence in self.sentences) or None


@dataclass(frozen=True, slots=True)
class ReadSummary:
    articles: ArticleReader

    def __call__(self, article_id: str, length: Length) -> SummaryView:
        """Raises NotFound, Gone."""
        return view(self.articles.entry(article_id), length)


def view(entry: Entry, length: Length) -> SummaryView:
    """Spans are places in the text of their own revision: those of an older one show nothing."""
    stored, revision = entry.summary, entry.revision
    summary = stored.summary if stored.revision == revision.revision else None
    return SummaryView(
        id=revision.article.id,
        revision=revision.revision,
        state=stored.state,
        sentences=_sentences(revision.article.text, summary.of(length) if summary else ()),
        method=summary.method if summary else None,
        coverage=summary.coverage if summary else None,
    )


def _sentences(text: str, spans: tuple[Span, ...]) -> tuple[Sentence, ...]:
    return tuple(Sentence(text[start:end], start, end) for start, end in spans)
