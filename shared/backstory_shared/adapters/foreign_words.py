"""Words of other languages as the English words they mean: `foreign.npz.xz` of a model folder.

The model has rows for English. A Spanish or German word counts as the rows of one to five English
words; a word that only holds a sentence together ("der", "que") counts as nothing. So articles in
these languages lie where English ones about the same lie, and nothing of English changes.
"""

import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from io import BytesIO
from itertools import cycle, islice, takewhile
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

FILE = "foreign.npz.xz"

#: In so many English words a word is said, in more only a compound.
MOST = 5

#: What English cannot do without and the other languages do not have.
ENGLISH = frozenset(
    ("the", "of", "and", "to", "that", "for", "it", "with", "by", "be", "are", "this", "not")
)
#: A text is taken for English from this share of such words on; English has one in four.
ENGLISH_SHARE = 0.05
#: A text with fewer words of another language may only name Buenos Aires.
FOREIGN_WORDS = 3

Ids = tuple[int, ...]


class Says(Enum):
    """What a word says about the language of its text."""

    FOREIGN = auto()
    #: Names and loan words: "casas", "die".
    EITHER = auto()
    ENGLISH = auto()


class Reading(Enum):
    """How the words of a text are read."""

    #: As they are.
    ENGLISH = auto()
    #: As what they mean, unless English has them too.
    LIKELY_FOREIGN = auto()
    #: As what they mean.
    FOREIGN = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Meanings(Mapping[str, Ids]):
    """A dict in two sorted arrays: a few megabytes in every process instead of thirty."""

    words: NDArray[np.bytes_]
    #: A row for each, filled up with NONE.
    ids: NDArray[np.int32]

    NONE = -1

    @classmethod
    def of(cls, said: Mapping[str, Ids]) -> Self:
        lines = sorted((word.encode(), ids) for word, ids in said.items())
        longest = max((len(ids) for _, ids in lines), default=0)
        rows = [ids + (cls.NONE,) * (longest - len(ids)) for _, ids in lines]
        return cls(
            np.array([word for word, _ in lines], np.bytes_),
            np.array(rows, np.int32).reshape(len(rows), longest),
        )

    def __getitem__(self, word: str) -> Ids:
        place = self._place(word)
        if not (place < len(self) and self.words[place] == word.encode()):
            raise KeyError(word)
        return self._at(place)

    def __iter__(self) -> Iterator[str]:
        return (word.decode() for word in self.words.tolist())

    def __len__(self) -> int:
        return len(self.ids)

    def beside(self, word: str) -> Iterator[tuple[str, Ids]]:
        """What stands before and after it in the alphabet, if it is not here."""
        place = self._place(word)
        for near in range(max(place - 1, 0), min(place + 1, len(self))):
            yield self.words[near].decode(), self._at(near)

    def _place(self, word: str) -> int:
        sought = word.encode()[: self.words.itemsize]
        return int(np.searchsorted(self.words, np.array(sought, self.words.dtype)))

    def _at(self, place: int) -> Ids:
        return tuple(id_ for id_ in self.ids[place].tolist() if id_ != self.NONE)


@dataclass(frozen=True, slots=True)
class ForeignWords:
    """What the file says, looked up by lower-case words without accents.

    Some mean nothing by themselves ("der", "que"). What is said of a word for which the model has a
    row too ("die", "guerra") is doubtful: it counts only in texts that are surely not English.
    """

    meanings: Meanings = field(default_factory=lambda: Meanings.of({}))
    doubtful: Meanings = field(default_factory=lambda: Meanings.of({}))

    #: What two forms of a word may differ in at their ends, and what they must share.
    ENDING = 4
    STEM = 5
    #: The shortest part of a compound, and the shortest compound.
    PART = 4
    COMPOUND = 8
    #: No compound is longer: what is longer is not a word.
    LONGEST = 40
    #: What may stand between the parts of a compound.
    JOINTS = ("s", "n", "es", "en", "er", "e")

    @classmethod
    def of(cls, said: Mapping[str, Ids]) -> Self:
        """`said` has a question mark after the doubtful ones."""
        return cls(
            Meanings.of({word: ids for word, ids in said.items() if word[-1] != "?"}),
            Meanings.of({word[:-1]: ids for word, ids in said.items() if word[-1] == "?"}),
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Those of a model folder, if it has any."""
        file = folder / FILE
        if not file.exists():
            return cls()
        with np.load(BytesIO(lzma.decompress(file.read_bytes()))) as arrays:
            return cls(
                Meanings(arrays["words"], arrays["ids"]),
                Meanings(arrays["doubtful_words"], arrays["doubtful_ids"]),
            )

    def write(self, folder: Path) -> None:
        content = BytesIO()
        np.savez(
            content,
            words=self.meanings.words,
            ids=self.meanings.ids,
            doubtful_words=self.doubtful.words,
            doubtful_ids=self.doubtful.ids,
        )
        packed = lzma.compress(content.getvalue(), preset=9 | lzma.PRESET_EXTREME)
        (folder / FILE).write_bytes(packed)

    def is_english(self, words: Sequence[str]) -> bool:
        """Whether a text is English beyond doubt: then no word of it is looked up."""
        if not self.meanings:
            return True
        held = sum(word.lower() in ENGLISH for word in words)
        return held >= ENGLISH_SHARE * max(len(words), 1)

    def says(self, part: str, is_token: bool) -> Says | None:
        """Nothing of a word that neither is known here nor has a row."""
        if part in self.meanings:
            return Says.FOREIGN
        if part in self.doubtful:
            return Says.EITHER
        return Says.ENGLISH if is_token and len(part) > 2 else None

    def reading(self, says: Sequence[Says | None]) -> Reading:
        foreign, either, english = (says.count(one) for one in Says)
        if foreign and foreign + either >= max(FOREIGN_WORDS, 2 * english):
            return Reading.FOREIGN
        if foreign > english or english == 0:
            return Reading.LIKELY_FOREIGN
        return Reading.ENGLISH

    def meaning(self, word: str, reading: Reading) -> Ids | None:
        """None if it is not known; of a word that means nothing by itself, no words."""
        found = self.meanings.get(word)
        if found is None and reading is Reading.FOREIGN:
            found = self.doubtful.get(word)
        return None if found is None else _full(found)

    def likely_meaning(self, word: str) -> Ids | None:
        """Of a word that is neither known here nor English."""
        found = self._parts(word) or self._relative(word)
        return _full(found) if found else None

    def _relative(self, word: str) -> Ids | None:
        """Of another form of the word: what is next to it in the alphabet begins alike."""
        near = max(
            self.meanings.beside(word), key=lambda one: _shared(word, one[0]), default=("", ())
        )
        enough = max(self.STEM, len(word) - self.ENDING, len(near[0]) - self.ENDING)
        return (near[1] or None) if _shared(word, near[0]) >= enough else None

    def _parts(self, word: str) -> Ids | None:
        """Of a compound, of which the first part is as long as can be: Hoch|wasser."""
        if not self.COMPOUND <= len(word) <= self.LONGEST:
            return None
        for end in range(len(word) - self.PART, self.PART - 1, -1):
            last = self._known(word[end:])
            first = last and self._first(word[:end])
            if first and last:
                return first + last
        return None

    def _first(self, part: str) -> Ids | None:
        """Also with a joint: Arbeit|s|markt."""
        ways = (part, *(part.removesuffix(joint) for joint in self.JOINTS if part.endswith(joint)))
        return next(filter(None, (self._known(way) for way in ways if len(way) >= self.PART)), None)

    def _known(self, part: str) -> Ids | None:
        return self.meanings.get(part) or self.doubtful.get(part)


def _full(ids: Ids) -> Ids:
    """Repeated, so that all words count alike in however many others they are said."""
    return tuple(islice(cycle(ids), max(MOST, len(ids)) if ids else 0))


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
