"""What is related and which stories there are, kept in dictionaries over an archive in memory."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backstory_shared.errors import Gone, NotFound
from backstory_shared.ports import (
    Bearings,
    Entry,
    Known,
    Link,
    Neighbour,
    Neighbourhood,
    Neighbours,
    Profile,
    Rarity,
    Story,
    StoryPlace,
)
from backstory_shared.relating.profiles import profile_of_revision
from backstory_shared.relating.relevance import spoken_of
from backstory_shared.text.names import name_words
from backstory_shared.text.occasions import Occasion

if TYPE_CHECKING:
    from support.archive import Archive


@dataclass
class MemoryRelations:
    """Implements Profiles and Relations; every article of the archive is profiled."""

    archive: "Archive"
    stories: "MemoryStories"
    kept: dict[str, tuple[int, Neighbours]] = field(default_factory=dict)
    pinned: dict[str, tuple[str, ...]] = field(default_factory=dict)
    blocked: dict[str, frozenset[str]] = field(default_factory=dict)

    def keep_profiles(self, profiles: Sequence[Profile]) -> None:
        """They are made when they are asked for."""

    def known(self, article_ids: Sequence[str]) -> dict[str, Known]:
        entries = self.archive.entries(article_ids)
        return {id_: known_of(entry) for id_, entry in entries.items()}

    def names(self, article_ids: Sequence[str]) -> dict[str, Mapping[str, int]]:
        entries = self.archive.entries(article_ids)
        return {id_: profile_of(entry).names for id_, entry in entries.items()}

    def occasions(self, article_ids: Sequence[str]) -> dict[str, Occasion]:
        found = {
            id_: profile_of(e).occasion for id_, e in self.archive.entries(article_ids).items()
        }
        return {id_: occasion for id_, occasion in found.items() if occasion}

    def rarity(self, names: Sequence[str]) -> Rarity:
        profiles = [profile_of(entry) for entry in self.archive.live.values()]
        counted = Counter(word for profile in profiles for word in name_words(profile.names))
        return Rarity(articles=len(profiles), of_name={name: counted[name] for name in names})

    def sharing(self, names: Sequence[str], *, limit: int) -> list[str]:
        shared = {
            id_: len(name_words(profile_of(entry).names).keys() & set(names))
            for id_, entry in self.archive.live.items()
        }
        found = [id_ for id_, count in shared.items() if count > 1]
        return sorted(found, key=lambda id_: (-shared[id_], id_))[:limit]

    def neighbourhood(self, article_id: str) -> Neighbourhood:
        entry = self.archive.entry(article_id)
        of, neighbours = self.kept.get(article_id, (0, Neighbours(links=())))
        return Neighbourhood(
            revision=entry.revision.revision,
            bearings=self._bearings(entry),
            made=of == entry.revision.revision,
            near=tuple(self._near(neighbours.links)),
            pinned=self.pinned.get(article_id, ()),
            blocked=self.blocked.get(article_id, frozenset()),
        )

    def bearings(self, article_ids: Sequence[str]) -> dict[str, Bearings]:
        entries = self.archive.entries(article_ids)
        return {id_: self._bearings(entry) for id_, entry in entries.items()}

    def keep_neighbours(self, article_id: str, revision: int, neighbours: Neighbours) -> None:
        self.kept[article_id] = (revision, neighbours)

    def choose(self, article_id: str, pinned: Sequence[str], blocked: Sequence[str]) -> None:
        self.archive.entry(article_id)
        self.pinned[article_id] = tuple(pinned)
        self.blocked[article_id] = frozenset(blocked)

    def _near(self, links: Sequence[Link]) -> Iterator[Neighbour]:
        entries = self.archive.entries([link.id for link in links])
        for link in links:
            entry = entries.get(link.id)
            if entry and entry.revision.revision == link.revision:
                yield Neighbour(link, self._bearings(entry))

    def _bearings(self, entry: Entry) -> Bearings:
        article = entry.revision.article
        return Bearings(
            language=article.language,
            sort_at=entry.revision.sort_at,
            section=article.section,
            authors=article.authors,
            copies=entry.revision.copy_hash,
            story=self.stories.story_of(article.id),
            leading=frozenset(profile_of(entry).names),
        )


@dataclass
class MemoryStories:
    """Implements Stories and Folds; `told` are the ids of each story."""

    archive: "Archive"
    told: dict[str, list[str]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)

    def story(self, story_id: str) -> Story:
        story_id = self.merged.get(story_id, story_id)
        if story_id not in self.told:
            raise NotFound
        entries = self.timeline([story_id])[story_id]
        if not entries:
            raise Gone
        return Story(
            id=story_id,
            articles=len(entries),
            first_seen=entries[0].revision.sort_at,
            last_seen=entries[-1].revision.sort_at,
        )

    def stories(self, section: str | None, *, after: StoryPlace | None, limit: int) -> list[Story]:
        found = [self.story(id_) for id_ in self.told if self._is_listed(id_, section)]
        found.sort(key=lambda one: (one.last_seen, one.id), reverse=True)
        if after is not None:
            found = [one for one in found if (one.last_seen, one.id) < (after.last_seen, after.id)]
        return found[:limit]

    def timeline(self, story_ids: Sequence[str]) -> dict[str, list[Entry]]:
        return {id_: self._entries(id_) for id_ in story_ids}

    def story_of(self, article_id: str) -> str | None:
        return next((id_ for id_, ids in self.told.items() if article_id in ids), None)

    def together(self, article_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        stories = {story for id_ in article_ids if (story := self.story_of(id_))}
        return {id_: tuple(self.told[story]) for story in stories for id_ in self.told[story]}

    def _entries(self, story_id: str) -> list[Entry]:
        entries = self.archive.entries(self.told.get(story_id, [])).values()
        return sorted(entries, key=lambda one: (one.revision.sort_at, one.revision.article.id))

    def _is_listed(self, story_id: str, section: str | None) -> bool:
        entries = self._entries(story_id)
        sections = {one.revision.article.section for one in entries}
        return len(entries) > 1 and (section is None or section in sections)


def profile_of(entry: Entry) -> Profile:
    return profile_of_revision(entry.revision)


def known_of(entry: Entry) -> Known:
    profile = profile_of(entry)
    return Known(
        id=profile.id,
        revision=profile.revision,
        language=profile.language,
        spoken=(spoken := spoken_of(profile.names)),
        weight=sum(spoken.values()),
        figures=profile.figures,
        copies=entry.revision.copy_hash,
    )
