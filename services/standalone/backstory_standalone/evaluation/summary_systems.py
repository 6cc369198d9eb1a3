"""The systems whose summaries are compared: Backstory, the beginning of the article, and sumy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from backstory_shared.adapters.extractive_summarizer import ExtractiveSummarizer
from backstory_shared.articles import Span
from backstory_shared.summaries import Length
from backstory_shared.text.boilerplate import boilerplate
from backstory_shared.text.sentences import sentences

_LEAD_SENTENCES = 3


class Pair(NamedTuple):
    """One line of an evaluation set."""

    text: str
    summary: str


class System(Protocol):
    def __call__(self, text: str) -> list[str]:
        """The summary's sentences."""
        ...


@dataclass(frozen=True)
class Backstory:
    """What Backstory shows when nothing else is asked for."""

    summarizer: ExtractiveSummarizer
    length: Length = Length.MEDIUM

    def __call__(self, text: str) -> list[str]:
        made = self.summarizer.summarize("", text, boilerplate(text), "en")
        return said(text, made.of(self.length))


def lead3(text: str) -> list[str]:
    return said(text, sentences(text, "en")[:_LEAD_SENTENCES])


def lead_of_words(text: str, count: int) -> list[str]:
    """The beginning of the article, cut after exactly so many words."""
    taken: list[str] = []
    for sentence in said(text, sentences(text, "en")):
        words = sentence.split()[:count]
        if words:
            taken.append(" ".join(words))
        count -= len(words)
    return taken


def said(text: str, spans: Sequence[Span]) -> list[str]:
    return [text[start:end] for start, end in spans]


def sumy_systems() -> dict[str, System]:
    """LexRank and TextRank as sumy has them. Raises ImportError where it is not installed."""
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer

    return {"lexrank": _sumy(LexRankSummarizer()), "textrank": _sumy(TextRankSummarizer())}


def _sumy(summarize: Callable[..., Any]) -> System:
    from sumy.parsers.plaintext import PlaintextParser

    def system(text: str) -> list[str]:
        document = PlaintextParser.from_string(text, _Tokenizer()).document
        return [str(sentence) for sentence in summarize(document, _LEAD_SENTENCES)]

    return system


class _Tokenizer:
    """Our own splitter for sumy too: its own downloads its data, and cuts after "Mr."."""

    language = "english"

    def to_sentences(self, text: str) -> tuple[str, ...]:
        return tuple(said(text, sentences(text, "en")))

    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(word for word in text.lower().split() if word.isalpha())
