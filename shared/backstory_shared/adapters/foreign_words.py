"""Words of other languages as the English words they mean: `foreign.txt` of a model folder.

The model has rows for English. A Spanish or German word counts as the rows of one to three English
words; a word that only holds a sentence together ("der", "que") counts as nothing. So articles in
these languages lie where English ones about the same lie, and nothing of English changes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

FILE = "foreign.txt"

#: What English cannot do without and the other languages do not have.
ENGLISH = frozenset(
    ("the", "of", "and", "to", "that", "for", "it", "with", "by", "be", "are", "this", "not")
)
#: A text is taken for English from this share of such words on; English has one in four.
ENGLISH_SHARE = 0.05
#: A text is surely foreign if this share of its words only hold other languages together.
FOREIGN_SHARE = 0.15
#: A headline with fewer may only name Buenos Aires.
FOREIGN_WORDS = 3

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ForeignWords:
    """What the file says, looked up by lower-case words without accents.

    A line is a word and the English words that it means. Lines with a word alone are about words
    that mean nothing by themselves; where such a word is English too ("die"), a question mark
    follows it, and it means nothing only in texts that are surely not English.
    """

    meanings: dict[str, Ids] = field(default_factory=dict)
    unless_english: frozenset[str] = frozenset()

    #: Endings that may be cut off an unknown word, and what must be left of it.
    CUT = 4
    STEM = 6
    #: The shortest part of a compound, and the shortest compound.
    PART = 4
    COMPOUND = 9
    #: No compound is longer: what is longer is not a word.
    LONGEST = 40
    #: What may stand between the parts of a compound.
    JOINTS = ("s", "n")

    @classmethod
    def read(cls, folder: Path, token: Callable[[str], int]) -> Self:
        """Those of a model folder, if it has any; `token` numbers an English word."""
        file = folder / FILE
        if not file.exists():
            return cls()
        lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
        return cls(
            {word: tuple(map(token, english)) for word, *english in lines if word[-1] != "?"},
            frozenset(word[:-1] for word, *_ in lines if word[-1] == "?"),
        )

    def write(self, folder: Path, word_of: Callable[[int], str | None]) -> None:
        """The file again; `word_of` is the other way round."""
        known = [
            " ".join((one, *(word_of(id_) or "" for id_ in ids)))
            for one, ids in self.meanings.items()
        ]
        lines = sorted([*known, *(f"{one}?" for one in self.unless_english)])
        (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def is_english(self, words: Sequence[str]) -> bool:
        """Whether a text is left as it is: then no word of it is looked up."""
        if not self.meanings:
            return True
        return _share(words, ENGLISH.__contains__) >= ENGLISH_SHARE

    def is_foreign(self, words: Sequence[str]) -> bool:
        holding = sum(self.meanings.get(word.lower()) == () for word in words)
        return holding >= max(FOREIGN_WORDS, FOREIGN_SHARE * len(words))

    def may_be_foreign(self, words: Sequence[str], is_english: Callable[[str], bool]) -> bool:
        """Whether more words of a headline or a query are known here than in English, or none."""
        long = [word for word in words if len(word) > 2]
        found = sum(word in self.meanings for word in long)
        english = sum(is_english(word) for word in long if word not in self.meanings)
        return found > english or english == 0

    def meaning(self, word: str) -> Ids | None:
        """None if it is not known; of a word that means nothing by itself, no words."""
        return self.meanings.get(word)

    def likely_meaning(self, word: str) -> Ids | None:
        """Of a word that is neither known here nor English."""
        return self._stem(word) or self._parts(word)

    def _stem(self, word: str) -> Ids | None:
        stems = (word[:end] for end in range(len(word) - 1, len(word) - self.CUT - 1, -1))
        long = (stem for stem in stems if len(stem) >= self.STEM)
        return next(filter(None, map(self.meanings.get, long)), None)

    def _parts(self, word: str) -> Ids | None:
        """Of a compound, of which the first part is as long as can be: Hoch|wasser."""
        if not self.COMPOUND <= len(word) <= self.LONGEST:
            return None
        for end in range(len(word) - self.PART, self.PART - 1, -1):
            last = self.meanings.get(word[end:])
            first = last and self._first(word[:end])
            if first and last:
                return first + last
        return None

    def _first(self, part: str) -> Ids | None:
        """Also with a joint: Arbeit|s|markt."""
        found = self.meanings.get(part)
        if not found and part.endswith(self.JOINTS) and len(part) > self.PART + 1:
            found = self.meanings.get(part[:-1])
        return found


def _share(words: Sequence[str], counts: Callable[[str], bool]) -> float:
    return sum(counts(word.lower()) for word in words) / max(len(words), 1)
