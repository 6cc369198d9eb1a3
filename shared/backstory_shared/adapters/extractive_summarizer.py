"""ExtractiveSummarizer: the article's own sentences, ranked and chosen; nothing is made up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backstory_shared.articles import Span
from backstory_shared.summaries import Summary
from backstory_shared.text.boilerplate import complement
from backstory_shared.text.ranker import Budget, Sentence, scores, select, sentence
from backstory_shared.text.readable import dangles, is_whole, without_dateline
from backstory_shared.text.sentences import sentences
from backstory_shared.text.words import NO_WORDS, WORDS, Words

METHOD = "extractive-1"

#: In a short text a sentence that leans on another is worth its place only where nothing else is.
SHORT = Budget(sentences=1, words=30, leaning=9.0)
MEDIUM = Budget(sentences=3, words=52, leaning=9.0)
LONG = Budget(sentences=6, words=130, leaning=0.3)

#: Beyond this many sentences a summary gains nothing, and ranking would take a reader's second.
MAX_SENTENCES = 4_000
#: What stands in for a sentence where a text has none that can be read.
_OPENING = 280


@dataclass(frozen=True, slots=True)
class _Candidate:
    span: Span
    sentence: Sentence


class ExtractiveSummarizer:
    """Implements Summarizer. The same text always gives the same summary."""

    def summarize(
        self, title: str, text: str, boilerplate: Sequence[tuple[int, int]], language: str | None
    ) -> Summary:
        """Spans of `text`; every one is a sentence of the story, without its dateline.

        A language without tables is ranked by place and centrality alone, and `method` says so.
        """
        words = WORDS.get(language or "", NO_WORDS)
        story = complement([Span(*span) for span in boilerplate], len(text))
        found = _in_story(text, story, language)
        read = found[:MAX_SENTENCES]
        whole = list(_candidates(text, read, words))
        candidates = _standing(whole, words) or list(_fallback(text, read, story))
        chosen = _chosen(title, candidates, words) if candidates else {}
        return Summary(
            short=chosen.get("short", ()),
            medium=chosen.get("medium", ()),
            long=chosen.get("long", ()),
            method=METHOD if words is not NO_WORDS else f"{METHOD}/position",
            coverage=_coverage(story, found, read),
        )


def _chosen(
    title: str, candidates: Sequence[_Candidate], words: Words
) -> dict[str, tuple[Span, ...]]:
    ranked = [candidate.sentence for candidate in candidates]
    scored = scores(ranked, sentence(0, title, words).content, words is not NO_WORDS)
    leaning = frozenset(i for i, one in enumerate(ranked) if i and dangles(one.text, words))
    return {
        name: tuple(
            candidates[index].span for index in select(ranked, scored, leaning, budget) or [0]
        )
        for name, budget in (("short", SHORT), ("medium", MEDIUM), ("long", LONG))
    }


def _in_story(text: str, story: Sequence[Span], language: str | None) -> list[Span]:
    return [
        Span(part.start + found.start, part.start + found.end)
        for part in story
        for found in sentences(text[part.start : part.end], language)
    ]


def _candidates(text: str, found: Sequence[Span], words: Words) -> Iterator[_Candidate]:
    for place, span in enumerate(found):
        trimmed = without_dateline(text, span)
        said = text[trimmed.start : trimmed.end]
        one = sentence(place, said, words)
        if is_whole(said, _length(one, said)):
            yield _Candidate(trimmed, one)


def _length(one: Sentence, said: str) -> int:
    """Words; where a script does not part them, two characters count for one."""
    return max(len(one.words), len(said) // 2 if len(one.words) * 12 < len(said) else 0)


def _fallback(text: str, found: Sequence[Span], story: Sequence[Span]) -> Iterator[_Candidate]:
    """Nothing reads like a sentence (a table, a poem, a list): then its opening has to do."""
    for span in found[:1] or story[:1]:
        end = min(span.end, span.start + _OPENING)
        said = text[span.start : end]
        lead = len(said) - len(said.lstrip())
        if said.strip():
            opening = Span(span.start + lead, span.start + len(said.rstrip()))
            yield _Candidate(opening, sentence(0, said.strip(), NO_WORDS))


def _standing(candidates: Sequence[_Candidate], words: Words) -> list[_Candidate]:
    """Without those that lean on a sentence that cannot be shown."""
    places = {candidate.sentence.place for candidate in candidates}
    kept = [
        candidate
        for candidate in candidates
        if candidate.sentence.place == 0
        or candidate.sentence.place - 1 in places
        or not dangles(candidate.sentence.text, words)
    ]
    return kept or list(candidates)


def _coverage(story: Sequence[Span], found: Sequence[Span], read: Sequence[Span]) -> float:
    if len(read) == len(found):
        return 1.0
    total = sum(end - start for start, end in story)
    beyond = sum(end - start for start, end in found[len(read) :])
    return round(1 - beyond / total, 4)
