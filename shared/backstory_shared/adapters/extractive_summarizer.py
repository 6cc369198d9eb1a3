"""ExtractiveSummarizer: the article's own sentences, ranked and chosen; nothing is made up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice

from backstory_shared.adapters.ranker_file import bundled_weights
from backstory_shared.articles import Span
from backstory_shared.summaries import (
    MAX_SENTENCES,
    MAX_WORDS,
    Outline,
    Summary,
    Unit,
)
from backstory_shared.text.boilerplate import complement
from backstory_shared.text.choosing import Window, choose
from backstory_shared.text.headings import headed
from backstory_shared.text.leaning import comments, introductions, leans, opens_leaning, unnamed
from backstory_shared.text.ranker import Sentence, Weights, rank, sentence
from backstory_shared.text.readable import (
    begins_small,
    is_whole,
    notices,
    spoken_on,
    within_quotations,
    without_dateline,
    without_place,
)
from backstory_shared.text.selection import Budget, Group, groups, introduced, select
from backstory_shared.text.sentences import sentences
from backstory_shared.text.teaser import teaser
from backstory_shared.text.words import NO_WORDS, WORDS, Words

METHOD = "extractive-6"
MODEL = "backstory-ranker"

SHORT = Budget(sentences=1, words=32, most=1.25)
MEDIUM = Window(fewest=50, most=60, least=42, sentences=5)
LONG = Budget(sentences=6, words=150, fewest=4, parts=4, part_worth=1.0)
KEY_POINTS = Budget(sentences=3, words=90, fewest=3, parts=3, part_worth=0.3, repetition=1.0)
ORDER = Budget(sentences=MAX_SENTENCES + 4, words=MAX_WORDS, least=1.0, most=1.3)

#: What a sentence pays for being a comment on the one before it, even beside it.
COMMENT = 3.0
#: What it pays, in a summary that is not looked for among all sets, for somebody not introduced.
STRANGER = 1.0
#: Of how many words the one sentence of a short summary is, where there is any such.
SHORT_WORDS = range(10, 41)
#: Beyond this many sentences a summary gains nothing, and ranking would take a reader's second.
MOST_SENTENCES = 4_000
#: What stands in for a sentence where a text has none that can be read.
_OPENING = 280


@dataclass(frozen=True, slots=True)
class Rules:
    """What a sentence must be to be shown; each can be left out to see what it costs."""

    whole: bool = True
    outside_quotations: bool = True
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """The sentences of a story, and what may be taken of them."""

    spans: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    candidates: tuple[Group, ...]
    comments: frozenset[int]
    #: Of each sentence, those that introduce the people it speaks of.
    needed: tuple[frozenset[int], ...]
    #: The tables of its language.
    words: Words


@dataclass(frozen=True, slots=True)
class ExtractiveSummarizer:
    """Implements Summarizer. The same text always gives the same summary."""

    weights: Weights = field(default_factory=bundled_weights)
    rules: Rules = Rules()

    def summarize(
        self, title: str, text: str, boilerplate: Sequence[tuple[int, int]], language: str | None
    ) -> Summary:
        """Spans of `text`; every one is a sentence of the story, without its dateline.

        Headings at the beginning of the text are taken for a title.

        A language without tables is ranked by place and centrality alone, and `method` says so.
        """
        words = WORDS.get(language or "", NO_WORDS)
        whole = complement([Span(*span) for span in boilerplate], len(text))
        headings, parts = headed(text, whole)
        found, begins = in_story(text, parts, language)
        story = read(text, found[:MOST_SENTENCES], begins, words, self.rules)
        method = METHOD if words is not NO_WORDS else f"{METHOD}/position"
        coverage = _coverage(parts, found)
        if not story.candidates:
            return _opening(text, found, parts, method, coverage)
        about = " ".join([title, *(text[start:end] for start, end in headings)])
        title_words = sentence(0, about, words).content
        scored = rank(story.sentences, title_words, words, self.weights)
        for index in story.comments:
            scored[index] -= COMMENT
        made = _summary(text, story, scored, method, coverage)
        return replace(made, model=MODEL, version=self.weights.version)


def read(
    text: str, found: Sequence[Span], begins: Sequence[bool], words: Words, rules: Rules
) -> Story:
    """What the ranker sees of a story, and the groups that the reader rules leave."""
    spans = [without_dateline(text, span) for span in found]
    said = [text[start:end] for start, end in spans]
    begins = begins[: len(said)]
    spoken = spoken_on(said, begins)
    if said and not spoken:
        spans[0] = without_place(text, spans[0])
        said[0] = text[slice(*spans[0])]
    seen = tuple(sentence(place, each, words) for place, each in enumerate(said))
    whole = _whole(seen, begins, rules, small=text.islower())
    leaning = [
        rules.alone and good and (leans if place else opens_leaning)(each, words)
        for place, (each, good) in enumerate(zip(said, whole, strict=True))
    ]
    if spoken and rules.alone:
        leaning = [leans or goes_on for leans, goes_on in zip(leaning, spoken, strict=True)]
    alone = [
        good and not lost for good, lost in zip(whole, unnamed(seen, leaning, words), strict=True)
    ]
    candidates = groups(leaning, alone) or groups([False] * len(said), whole)
    asides = (i for i, each in enumerate(said) if leaning[i] and comments(each, words))
    return Story(
        spans=tuple(spans),
        sentences=seen,
        candidates=tuple(candidates),
        comments=frozenset(asides),
        needed=tuple(introductions(seen, words)),
        words=words,
    )


def _whole(
    seen: Sequence[Sentence], begins: Sequence[bool], rules: Rules, *, small: bool
) -> list[bool]:
    """`small` is a text without capitals: there a sentence that begins small is no fragment."""
    said = [each.text for each in seen]
    whole = [True] * len(said)
    if rules.whole:
        aside = notices(said, begins)
        whole = [
            not notice
            and is_whole(each.text, each.length)
            and (small or not begins_small(each.text))
            for each, notice in zip(seen, aside, strict=True)
        ]
    if rules.outside_quotations:
        inside = within_quotations(said, begins)
        whole = [good and not within for good, within in zip(whole, inside, strict=True)]
    return whole


def _summary(
    text: str, story: Story, scored: Sequence[float], method: str, coverage: float
) -> Summary:
    alone: Sequence[Group] = [group for group in story.candidates if len(group) == 1]
    alone = alone or story.candidates
    known = introduced(story.candidates, story.needed)
    named, single = (_less_strangers(story, scored, each) for each in (known, alone))
    order = select(story.sentences, named, known, ORDER)
    short = _spans(story, select(story.sentences, scored, _for_one(story, alone), SHORT)[:1])
    medium = _spans(story, [_medium(story, scored)])
    return Summary(
        short=short or medium[:1],
        medium=medium,
        long=_spans(story, select(story.sentences, named, known, LONG)),
        method=method,
        coverage=coverage,
        outline=Outline(
            order=tuple(_unit(story, group) for group in order),
            key_points=_spans(story, select(story.sentences, single, alone, KEY_POINTS)),
            teaser=teaser(text, (short or medium)[0], story.words),
        ),
    )


def _medium(story: Story, scored: Sequence[float]) -> list[int]:
    return choose(story.sentences, scored, story.candidates, story.needed, MEDIUM)


def _less_strangers(
    story: Story, scored: Sequence[float], known: Sequence[Group]
) -> Sequence[float]:
    """A sentence pays for people whom nobody introduces, not even in the group that it ends."""
    less = list(scored)
    for group in known:
        if not story.needed[group[-1]] <= set(group):
            less[group[-1]] -= STRANGER
    return less


def _for_one(story: Story, alone: Sequence[Group]) -> Sequence[Group]:
    """What can stand for the whole story: neither too short nor too long, and of known people."""
    fitting = [group for group in alone if story.sentences[group[0]].length in SHORT_WORDS]
    return [group for group in fitting if not story.needed[group[0]]] or fitting or alone


def _spans(story: Story, chosen: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple(story.spans[index] for index in sorted(i for group in chosen for i in group))


def _unit(story: Story, group: Group) -> Unit:
    return Unit(
        tuple(story.spans[index] for index in group),
        sum(story.sentences[index].length for index in group),
    )


def in_story(
    text: str, parts: Sequence[Span], language: str | None
) -> tuple[list[Span], list[bool]]:
    """The sentences of the story, and of each whether a paragraph begins with it."""
    spans: list[Span] = []
    begins: list[bool] = []
    for part in parts:
        end = part.start
        for found in sentences(text[part.start : part.end], language):
            span = Span(part.start + found.start, part.start + found.end)
            begins.append(not spans or "\n" in text[end : span.start] or end == part.start)
            spans.append(span)
            end = span.end
    return spans, begins


def _opening(
    text: str, found: Sequence[Span], parts: Sequence[Span], method: str, coverage: float
) -> Summary:
    """Nothing reads like a sentence (a table, a poem, a list): then its opening has to do."""
    spans = tuple(islice(_openings(text, found, parts), LONG.sentences))
    units = tuple(Unit((span,), len(text[slice(*span)].split())) for span in spans)
    words = list(accumulate(unit.words for unit in units))
    medium = tuple(span for span, so_far in zip(spans, words, strict=True) if so_far <= MEDIUM.most)
    return Summary(
        short=spans[:1],
        medium=medium or spans[:1],
        long=spans,
        method=method,
        coverage=coverage,
        outline=Outline(
            order=units,
            key_points=spans[: KEY_POINTS.sentences],
            teaser=teaser(text, spans[0], NO_WORDS) if spans else None,
        ),
    )


def _openings(text: str, found: Sequence[Span], parts: Sequence[Span]) -> Iterator[Span]:
    """The lines of a text, or what there is of it; of a very long one only the beginning."""
    for span in found or parts[:1]:
        said = text[span.start : span.end]
        if len(said) > _OPENING:
            said = said[:_OPENING].rpartition(" ")[0] or said[:_OPENING]
        if said.strip():
            lead = len(said) - len(said.lstrip())
            yield Span(span.start + lead, span.start + len(said.rstrip()))


def _coverage(parts: Sequence[Span], found: Sequence[Span]) -> float:
    if len(found) <= MOST_SENTENCES:
        return 1.0
    total = sum(end - start for start, end in parts)
    beyond = sum(end - start for start, end in found[MOST_SENTENCES:])
    return round(1 - beyond / total, 4)
