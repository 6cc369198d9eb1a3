"""ReadStories: events, newest first, and one event from its beginning."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from backstory_search.cursors import Cursors, fingerprint
from backstory_shared.errors import Gone
from backstory_shared.ports import Entry, Stories, Story, StoryPlace


@dataclass(frozen=True, slots=True)
class Told:
    """A story with its articles, oldest first."""

    story: Story
    timeline: tuple[Entry, ...]

    @property
    def headline(self) -> str:
        """What the first article in the language of most of them is called: it names the event."""
        languages = Counter(one.revision.article.language for one in self.timeline)
        (most, _), *_ = languages.most_common(1)
        return next(
            one.revision.article.title
            for one in self.timeline
            if one.revision.article.language == most
        )

    @property
    def sources(self) -> tuple[str, ...]:
        said = (one.revision.article.source for one in self.timeline)
        return tuple(dict.fromkeys(source for source in said if source))

    @property
    def sections(self) -> tuple[str, ...]:
        said = (one.revision.article.section for one in self.timeline)
        return tuple(dict.fromkeys(section for section in said if section))


@dataclass(frozen=True, slots=True)
class StoryPage:
    stories: tuple[Told, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class ReadStories:
    """A cursor is a place in the order, so it never expires."""

    stories: Stories
    cursors: Cursors

    def one(self, story_id: str) -> Told:
        """Under another id if the story went into another. Raises NotFound, Gone."""
        story = self.stories.story(story_id)
        timeline = self.stories.timeline([story.id]).get(story.id, ())
        if not timeline:
            raise Gone("No article is about this any more.")
        return Told(story, tuple(timeline))

    def of_article(self, article_id: str) -> Told | None:
        story_id = self.stories.story_of(article_id)
        try:
            return None if story_id is None else self.one(story_id)
        except Gone:
            return None

    def newest(self, section: str | None, *, limit: int, cursor: str | None) -> StoryPage:
        asked = fingerprint("stories", section)
        after = None if cursor is None else _place_of(self.cursors.read(cursor, asked))
        found = self.stories.stories(section, after=after, limit=limit + 1)
        shown = found[:limit]
        timelines = self.stories.timeline([story.id for story in shown])
        told = tuple(
            Told(story, tuple(timeline))
            for story in shown
            if len(timeline := timelines.get(story.id, [])) > 1
        )
        if len(found) <= limit:
            return StoryPage(told, None)
        return StoryPage(told, self.cursors.issue(asked, _place(shown[-1])))


def _place(story: Story) -> list[str]:
    return [story.last_seen.isoformat(), story.id]


def _place_of(place: list[str]) -> StoryPlace:
    last_seen, story_id = place
    return StoryPlace(last_seen=datetime.fromisoformat(last_seen), id=story_id)
