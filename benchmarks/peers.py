"""What one would use instead, on the same articles in the same run."""

import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

from backstory_standalone.evaluation.transformer import MINILM, place
from benchmarks.measures import Measure, percentile

Article = dict[str, Any]


def peers(articles: Sequence[Article], queries: Sequence[str]) -> list[Measure]:
    """The peers that are installed; one that is not is named on stderr and left out."""
    found: list[Measure] = []
    for module, measure in (("txtai", _txtai), ("sumy", _sumy)):
        if find_spec(module) is None:
            sys.stderr.write(f"{module} is not installed and is left out.\n")
        else:
            found += measure(articles, queries)
    return found


def _txtai(articles: Sequence[Article], queries: Sequence[str]) -> list[Measure]:
    """txtai with hybrid search and content, over all-MiniLM-L6-v2."""
    from txtai import Embeddings

    embeddings = Embeddings(path=place(MINILM), hybrid=True, content=True)
    began = time.perf_counter()
    embeddings.index((a["id"], f"{a['title']}\n{a['text']}", None) for a in articles)
    seconds = time.perf_counter() - began
    times = [_milliseconds(lambda query=query: embeddings.search(query, 10)) for query in queries]
    return [
        Measure(name="txtai: index", value=len(articles) / seconds, unit="articles/s"),
        Measure(name="txtai: search p95", value=percentile(times, 0.95), unit="ms"),
    ]


def _sumy(articles: Sequence[Article], queries: Sequence[str]) -> list[Measure]:  # noqa: ARG001 - as all have them
    """sumy's LexRank, three sentences."""
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer

    summarize = LexRankSummarizer()
    began = time.perf_counter()
    for article in articles:
        summarize(PlaintextParser.from_string(article["text"], _Words()).document, 3)
    seconds = time.perf_counter() - began
    return [
        Measure(name="sumy LexRank: summarize", value=len(articles) / seconds, unit="articles/s")
    ]


class _Words:
    """sumy's own tokenizer downloads its data; this one is quicker and needs none."""

    language = "english"

    def to_sentences(self, text: str) -> tuple[str, ...]:
        return tuple(part.strip() + "." for part in text.split(". ") if part.strip())

    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(word for word in text.lower().split() if word.isalpha())


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000
