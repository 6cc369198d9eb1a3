"""Articles on a shelf: in an index and profiled, ready to be related, without a ledger."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
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
from backstory_shared.relating.relevance import Relevance
from backstory_shared.text.copies import Wording, copy_print
from backstory_shared.text.names import mentions_of, name_words

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
    groups: dict[str, str] = field(default_factory=dict)
    counted: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.counted = Counter(
            word for profile in self.profiles.values() for word in name_words(profile.names)
        )

    def keep_profiles(self, profiles: Sequence[Profile]) -> None:
        raise NotImplementedError

    def known(self, article_ids: Sequence[str]) -> dict[str, Known]:
        return {
            id_: Known(
                profile=self.profiles[id_],
                sort_at=LONG_AGO,
                section=None,
                source=None,
                authors=(),
                copies=self.groups.get(id_),
                story=None,
            )
            for id_ in article_ids
            if id_ in self.profiles
        }

    def rarity(self, names: Sequence[str]) -> Rarity:
        return Rarity(
            articles=len(self.profiles), of_name={name: self.counted[name] for name in names}
        )

    def naming(self, names: Sequence[str], *, limit: int) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {name: set() for name in names}
        for id_, profile in self.profiles.items():
            for word in name_words(profile.names).keys() & found.keys():
                found[word].add(id_)
        return {name: ids for name, ids in found.items() if 1 < len(ids) <= limit}


def profile_of(told: Told) -> Profile:
    found = mentions_of(told.text)
    return Profile(
        id=told.id, revision=1, language=told.language, names=found.names, figures=found.figures
    )


@dataclass(frozen=True)
class Shelf:
    """Articles in an index and in an archive, ready to be asked about."""

    index: EdgeIndex
    archive: Archive

    def finder(self, relevance: Relevance, considered: int = CONSIDERED) -> FindNeighbours:
        return FindNeighbours(self.index, self.archive, relevance, considered)

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
def shelved(told: Sequence[Told], embedder: Embedder) -> Iterator[Shelf]:
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
        yield Shelf(index, Archive({one.id: profile_of(one) for one in told}, copy_groups(told)))


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
