"""What the templates show: values that are ready to be printed, and nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class When:
    """A moment: for machines in ISO 8601, and in words."""

    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage; `marked` where a word of the query stands."""

    text: str
    marked: bool


Passage = tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """An article in a list. `passages` are what was found in it, `because` why it is related.

    `when` says how it stands to the article it is related to; `copies` are folded into it.
    """

    title: str
    href: str
    language: str | None
    section: Link | None
    source: str | None
    published: When | None
    summary: str | None
    summary_expected: bool
    passages: tuple[Passage, ...] = ()
    because: tuple[str, ...] = ()
    when: str | None = None
    copies: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """The search box; `kept` are the choices that the next search keeps."""

    query: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    autofocus: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A link that switches something; its text says what, `chosen` whether it is on."""

    text: str
    href: str
    chosen: bool
    count: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FacetView:
    """One facet: the values with the most articles, and the others behind a fold."""

    label: str
    first: tuple[Choice, ...]
    others: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """The form that limits results to a span of days."""

    first: str
    last: str
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontView:
    """`/` before anything is asked."""

    box: Box
    newest: tuple[Card, ...]
    examples: tuple[Link, ...]
    sections: tuple[Link, ...]
    older: str | None
    first_article: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListView:
    """`/` with a question: what was found, or what is in a section.

    `meant` are the words that words of the query were taken for.
    """

    box: Box
    heading: str
    query: str | None
    continued: bool
    meant: tuple[str, ...]
    cards: tuple[Card, ...]
    chips: tuple[Chip, ...]
    facets: tuple[FacetView, ...]
    sorts: tuple[Choice, ...]
    modes: tuple[Choice, ...]
    dates: Dates
    first_page: str | None
    next_page: str | None
    without_filters: str | None


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch of the story.

    `sentence` is the number of the summary's sentence it belongs to; `begins` and `ends` say
    whether that sentence does so here.
    """

    text: str
    sentence: int | None = None
    begins: bool = False
    ends: bool = False


Paragraph = tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A sentence of the summary; `place` is its number where the story has it word for word."""

    text: str
    place: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SummaryBlock:
    """The summary behind its fold. `notice` says in one plain sentence what is to be known of it:
    why there is none, or that the article has changed since."""

    sentences: tuple[SummaryLine, ...]
    notice: str | None
    made: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """An article on a timeline; `here` is the one that is being read."""

    title: str
    href: str
    language: str | None
    source: str | None
    when: When
    here: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """The story an article is part of; of a long one, the moments around the article."""

    headline: str
    href: str
    articles: int
    moments: tuple[Moment, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryLine:
    """A story in a list of stories."""

    headline: str
    href: str
    articles: int
    first: When
    last: When
    sources: tuple[str, ...]
    newest: Card


@dataclass(frozen=True, kw_only=True, slots=True)
class StoriesView:
    """`/stories`."""

    box: Box
    section: str | None
    stories: tuple[StoryLine, ...]
    first_page: str | None
    next_page: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryView:
    """`/stories/{id}`: an event from its first article to its newest."""

    box: Box
    line: StoryLine
    articles: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleView:
    """`/articles/{id}`."""

    box: Box
    title: str
    language: str | None
    description: str | None
    authors: tuple[str, ...]
    section: Link | None
    source: str | None
    source_url: str | None
    published: When
    published_label: str
    updated: When | None
    reading_time: str
    image_url: str | None
    tags: tuple[Link, ...]
    summary: SummaryBlock
    paragraphs: tuple[Paragraph, ...]
    copies: tuple[Card, ...]
    timeline: Timeline | None
    related: tuple[Card, ...]
    related_notice: str | None
    previous: Card | None
    following: Card | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorView:
    """A page that says what went wrong, and where to go from here."""

    box: Box
    status: int
    heading: str
    detail: str
    fields: tuple[tuple[str, str], ...]
    way_out: Link
