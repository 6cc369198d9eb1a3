"""Articles whose stories are known, among a crowd that has other stories."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.ports import IndexEntry, Known, Passage, Profile, Rarity
from backstory_shared.relating.finding import FindNeighbours, Subject
from backstory_shared.relating.relevance import Relevance
from backstory_shared.text.boilerplate import boilerplate, story
from backstory_shared.text.names import mentions_of, name_words
from backstory_standalone.sample import articles_path, labels

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


def sample() -> list[Told]:
    """The sample archive without its copies, oldest first; boilerplate is left out."""
    said = labels()
    copies = {copy for _, copy in (*said.copies, *said.near_copies)}
    story_of = {id_: slug for slug, one in said.storylines.items() for id_ in one.articles}
    lines = map(json.loads, articles_path().read_text(encoding="utf-8").splitlines())
    latest = {line["id"]: line for line in lines if line["id"] not in copies}
    return sorted(
        (
            Told(
                id=line["id"],
                title=line["title"],
                text=story(line["text"], boilerplate(line["text"], line["title"])),
                language=line["language"],
                published_at=datetime.fromisoformat(line["published_at"]),
                story=story_of.get(line["id"]),
            )
            for line in latest.values()
        ),
        key=lambda told: (told.published_at, told.id),
    )


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

    def finder(self, relevance: Relevance) -> FindNeighbours:
        return FindNeighbours(self.index, self.archive, relevance)

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
def shelved(told: Sequence[Told], embedder: StaticEmbedder) -> Iterator[Shelf]:
    terms = Bm25TermEncoder()
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(EdgeIndex.open(Path(folder) / "index", embedder.model)) as index,
    ):
        dense = embedder.embed_passages([one.passage for one in told])
        index.write(
            [
                IndexEntry(
                    id=one.id,
                    revision=1,
                    dense=vector,
                    lexical=terms.encode_passage(one.passage),
                    sort_at=one.published_at,
                    copy_hash=one.id,
                    language=one.language,
                )
                for one, vector in zip(told, dense, strict=True)
            ]
        )
        yield Shelf(index, Archive({one.id: profile_of(one) for one in told}))
