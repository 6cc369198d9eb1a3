"""Summarizing a text that nobody keeps. Runs in a worker process."""

import functools
from dataclasses import dataclass

from backstory_shared.adapters.extractive_summarizer import ExtractiveSummarizer
from backstory_shared.articles import Span
from backstory_shared.summaries import Summary, Wanted
from backstory_shared.text.boilerplate import boilerplate


@dataclass(frozen=True, kw_only=True, slots=True)
class Summarized:
    """A summary, and the spans of it that were wanted."""

    text: str
    language: str | None
    spans: tuple[Span, ...]
    summary: Summary


def summarize(title: str, text: str, language: str | None, wanted: Wanted) -> Summarized:
    made = _summarizer().summarize(title, text, boilerplate(text, title), language)
    return Summarized(text=text, language=language, spans=made.of(wanted), summary=made)


@functools.cache
def _summarizer() -> ExtractiveSummarizer:
    return ExtractiveSummarizer()
