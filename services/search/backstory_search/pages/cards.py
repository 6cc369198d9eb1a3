"""Entries of the archive as cards in a list."""

from collections.abc import Sequence
from dataclasses import replace

from backstory_search.pages.addresses import article_href, filter_href
from backstory_search.pages.views import Card, Link, Passage, Piece
from backstory_search.pages.wording import day
from backstory_search.related import Relation
from backstory_search.schemas import HighlightOut
from backstory_shared.ports import Entry
from backstory_shared.summaries import Length, SummaryState
from backstory_shared.summary_view import view

_EXPECTED = (SummaryState.PENDING, SummaryState.STALE)


def card(entry: Entry) -> Card:
    article, summary = entry.revision.article, view(entry, Length.SHORT)
    return Card(
        title=article.title,
        href=article_href(article.id),
        language=article.language,
        section=section_link(article.section),
        source=article.source,
        published=day(article.published_at) if article.published_at else None,
        summary=summary.text,
        summary_expected=summary.text is None and summary.state in _EXPECTED,
    )


def found_card(entry: Entry, highlights: Sequence[HighlightOut], copies: int) -> Card:
    """Where the summary is the passage found, it is shown once: with its marks.

    A passage without marks was found by its meaning; where the summary has it, that is enough.
    """
    made = replace(card(entry), copies=copies)
    shown = [each for each in highlights if each.matches or each.text not in (made.summary or "")]
    summary = None if made.summary in {each.text for each in shown} else made.summary
    return replace(made, summary=summary, passages=tuple(map(_passage, shown)))


def related_card(relation: Relation) -> Card:
    return replace(
        card(relation.entry),
        because=relation.because,
        when=_when(relation),
        copies=len(relation.folded),
    )


def _when(relation: Relation) -> str | None:
    """How an article of the same story stands to this one."""
    if relation.pinned:
        return "Chosen by the editors"
    if not relation.same_story or relation.days is None:
        return None
    days = abs(relation.days)
    if days == 0:
        return "Same story, the same day"
    span = "a day" if days == 1 else f"{days} days"
    return f"Same story, {span} {'later' if relation.days > 0 else 'earlier'}"


def section_link(section: str | None) -> Link | None:
    return Link(section, filter_href("section", section)) if section else None


def _passage(highlight: HighlightOut) -> Passage:
    pieces, position = [Piece("… " if highlight.cut_before else "", marked=False)], 0
    for match in highlight.matches:
        pieces.append(Piece(highlight.text[position : match.start], marked=False))
        pieces.append(Piece(highlight.text[match.start : match.end], marked=True))
        position = match.end
    pieces.append(Piece(highlight.text[position:], marked=False))
    pieces.append(Piece(" …" if highlight.cut_after else "", marked=False))
    return tuple(piece for piece in pieces if piece.text)
