"""The pages of stories: all of them, newest first, and one from its beginning."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from backstory_search.pages.addresses import article_href
from backstory_search.pages.cards import card
from backstory_search.pages.views import (
    Box,
    Moment,
    StoriesView,
    StoryLine,
    StoryView,
    Timeline,
)
from backstory_search.pages.wording import day
from backstory_search.stories import ReadStories, Told

PAGE = 20
#: On the page of an article a long story is cut to what is nearest to it.
_AROUND = 8


@dataclass(frozen=True, slots=True)
class StoryPages:
    stories: ReadStories

    def all(self, section: str | None, cursor: str | None) -> StoriesView:
        found = self.stories.newest(section, limit=PAGE, cursor=cursor)
        return StoriesView(
            box=Box(),
            section=section,
            stories=tuple(map(_line, found.stories)),
            first_page=_stories_href(section) if cursor else None,
            next_page=_stories_href(section, found.next_cursor) if found.next_cursor else None,
        )

    def one(self, told: Told) -> StoryView:
        return StoryView(
            box=Box(), line=_line(told), articles=tuple(card(one) for one in told.timeline)
        )

    def around(self, article_id: str) -> Timeline | None:
        """The story as the page of one of its articles tells it."""
        told = self.stories.of_article(article_id)
        if told is None or len(told.timeline) < 2:
            return None
        moments = [_moment(told, place, article_id) for place in range(len(told.timeline))]
        return Timeline(
            headline=told.headline,
            href=story_href(told.story.id),
            articles=len(moments),
            moments=_nearest(moments),
        )


def story_href(story_id: str) -> str:
    return f"/stories/{quote(story_id, safe='')}"


def _stories_href(section: str | None, cursor: str | None = None) -> str:
    asked = [(name, v) for name, v in (("section", section), ("cursor", cursor)) if v]
    return f"/stories?{urlencode(asked)}" if asked else "/stories"


def _line(told: Told) -> StoryLine:
    first, last = told.timeline[0].revision, told.timeline[-1].revision
    return StoryLine(
        headline=told.headline,
        href=story_href(told.story.id),
        articles=len(told.timeline),
        first=day(first.sort_at),
        last=day(last.sort_at),
        sources=told.sources,
        newest=card(told.timeline[-1]),
    )


def _moment(told: Told, place: int, here: str) -> Moment:
    revision = told.timeline[place].revision
    return Moment(
        title=revision.article.title,
        href=article_href(revision.article.id),
        language=revision.article.language,
        source=revision.article.source,
        when=day(revision.sort_at),
        here=revision.article.id == here,
    )


def _nearest(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    here = next((place for place, one in enumerate(moments) if one.here), 0)
    first = max(0, min(here - _AROUND // 2, len(moments) - _AROUND))
    return tuple(moments[first : first + _AROUND])
