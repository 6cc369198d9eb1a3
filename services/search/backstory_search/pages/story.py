"""An article's text as paragraphs, with the summary's sentences where they stand. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain, groupby, pairwise

from backstory_search.pages.views import Fragment, Paragraph
from backstory_shared.articles import Span
from backstory_shared.text.sentences import blocks


def paragraphs(
    text: str, boilerplate: Sequence[Span], sentences: Sequence[Span]
) -> tuple[Paragraph, ...]:
    """Boilerplate is left out; a fragment never crosses the edge of a paragraph or a sentence."""
    spans = [Span(*block) for block in blocks(text)]
    stretches = _stretches(spans, boilerplate, sentences)
    found = (
        tuple(_fragment(text, stretch, sentences) for stretch in group)
        for _, group in groupby(stretches, key=lambda stretch: _owner(spans, stretch))
    )
    return tuple(paragraph for paragraph in found if _visible(paragraph))


def _stretches(
    spans: Sequence[Span], boilerplate: Sequence[Span], sentences: Sequence[Span]
) -> Iterable[Span]:
    edges = {edge for span in chain(spans, boilerplate, sentences) for edge in span}
    skipped = sorted(boilerplate)
    for stretch in map(Span._make, pairwise(sorted(edges))):
        if _owner(spans, stretch) is not None and _owner(skipped, stretch) is None:
            yield stretch


def _owner(spans: Sequence[Span], stretch: Span) -> int | None:
    """Which of the spans, in order and apart from each other, the stretch lies in."""
    at = bisect_right(spans, stretch.start, key=lambda span: span.start) - 1
    return at if at >= 0 and stretch.start < spans[at].end else None


def _fragment(text: str, stretch: Span, sentences: Sequence[Span]) -> Fragment:
    words = text[stretch.start : stretch.end]
    for number, sentence in enumerate(sentences, 1):
        if sentence.start <= stretch.start < sentence.end:
            begins, ends = stretch.start == sentence.start, stretch.end == sentence.end
            return Fragment(words, number, begins, ends)
    return Fragment(words)


def _visible(paragraph: Paragraph) -> bool:
    return any(fragment.text.strip() for fragment in paragraph)
