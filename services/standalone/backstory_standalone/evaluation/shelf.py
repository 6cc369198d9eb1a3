"""Articles on a shelf: in an index and profiled, ready to be related, without a ledger."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.ports import (
    Embedder,
    IndexEntry,
    Known,
    Passage,
    Profile,
    Rarity,
)
from backstory_shared.relating.finding import CONSIDERED, FindNeighbours, Subject
from backstory_shared.relating.profiles import profile_of
from backstory_shared.relating.relevance import Naming, Relevance, spoken_of
from backstory_shared.text.copies import Wording, copy_print
from backstory_shared.text.names import name_words
from backstory_shared.text.occasions import Occasion

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Told:
    """An article, and the story it is part of if anybody has said so."""

    id: str
    title: str
    text: str
    language: str = "en"
    published_at: datetime = LONG_AGO
    story: str | None = None

    @property
    def passage(self) -> Passage:
        return Passage(title=self.title, text=self.text, language=self.language)


@dataclass
class Archive:
    """Implements Profiles, in memory; `groups` are the copy groups that are known."""

    profiles: dict[str, Profile]
    naming: Naming
    groups: dict[str, str] = field(default_factory=dict)
    counted: Counter[str] = field(init=False)
    _known: dict[str, Known] = field(init=False)

    def __post_init__(self) -> None:
        self.counted = Counter(
            word for profile in self.profiles.values() for word in name_words(profile.names)
        )
        self.profiles = {id_: self._weighed(profile) for id_, profile in self.profiles.items()}
        self._known = {id_: self._seen(profile) for id_, profile in self.profiles.items()}

    def keep_profiles(self, profiles: Sequence[Profile]) -> None:
        raise NotImplementedError

    def known(self, article_ids: Sequence[str]) -> dict[str, Known]:
        return {id_: self._known[id_] for id_ in article_ids if id_ in self._known}

    def names(self, article_ids: Sequence[str]) -> dict[str, Mapping[str, int]]:
        return {id_: self.profiles[id_].names for id_ in article_ids}

    def occasions(self, article_ids: Sequence[str]) -> dict[str, Occasion]:
        found = {id_: self.profiles[id_].occasion for id_ in article_ids}
        return {id_: occasion for id_, occasion in found.items() if occasion}

    def rarity(self, names: Sequence[str]) -> Rarity:
        return Rarity(
            articles=len(self.profiles), of_name={name: self.counted[name] for name in names}
        )

    def sharing(self, names: Sequence[str], *, limit: int) -> list[str]:
        wanted = set(names)
        shared = {id_: len(wanted & one.spoken.keys()) for id_, one in self._known.items()}
        found = [id_ for id_, count in shared.items() if count > 1]
        return sorted(found, key=lambda id_: (-shared[id_], id_))[:limit]

    def _weighed(self, profile: Profile) -> Profile:
        spoken = spoken_of(profile.names)
        telling = self.naming.telling(self.rarity(list(spoken)))
        return replace(profile, weight=self.naming.weight(spoken, telling))

    def _seen(self, profile: Profile) -> Known:
        return Known(
            id=profile.id,
            revision=profile.revision,
            language=profile.language,
            spoken=spoken_of(profile.names),
            weight=profile.weight,
            figures=profile.figures,
            copies=self.groups.get(profile.id),
        )


@dataclass(frozen=True)
class Shelf:
    """Articles in an index and in an archive, ready to be asked about."""

    index: EdgeIndex
    archive: Archive

    def finder(self, relevance: Relevance, considered: int = CONSIDERED) -> FindNeighbours:
        return FindNeighbours(self.index, self.archive, lambda: relevance, considered)

    def subjects(self, told: Iterable[Told]) -> list[Subject]:
        ids = [one.id for one in told]
        vectors = self.index.vectors(ids)
        return [
            Subject(
                profile=self.archive.profiles[id_], dense=vectors[id_][0], lexical=vectors[id_][1]
            )
            for id_ in ids
        ]


@contextmanager
def shelved(told: Sequence[Told], embedder: Embedder, naming: Naming) -> Iterator[Shelf]:
    terms = Bm25TermEncoder()
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(EdgeIndex.open(Path(folder) / "index", embedder.model)) as index,
    ):
        meanings = embedder.embed_articles([one.passage for one in told])
        index.write(
            [
                IndexEntry(
                    id=one.id,
                    revision=1,
                    dense=meaning.dense,
                    spans=meaning.spans,
                    lexical=terms.encode_passage(one.passage),
                    sort_at=one.published_at,
                    copy_hash=one.id,
                    language=one.language,
                )
                for one, meaning in zip(told, meanings, strict=True)
            ]
        )
        profiles = {
            one.id: profile_of(one.id, 1, one.passage, one.published_at.date()) for one in told
        }
        yield Shelf(index, Archive(profiles, naming, copy_groups(told)))


def copy_groups(told: Sequence[Told]) -> dict[str, str]:
    """The group of each article that is a copy of another, named after its first."""
    by_key: dict[int, list[Told]] = {}
    groups: dict[str, str] = {}
    for one in told:
        keys = copy_print(one.text, ()).keys
        candidates = {other.id: other for key in keys for other in by_key.get(key, ())}
        mine = Wording.of(one.text, ())
        for other in candidates.values():
            if mine.is_copy_of(Wording.of(other.text, ())):
                groups[one.id] = groups.setdefault(other.id, other.id)
                break
        for key in keys:
            by_key.setdefault(key, []).append(one)
    return groups
