"""Articles and queries without end, for measuring; the same seed gives the same ones.

    python -m benchmarks.corpus 10000 --seed 1 > corpus.jsonl

An article is about 500 words: paragraphs of the sample archive, recombined within a language and
mostly within a section, with invented people, places and organisations in place of its own. Each
ends with its own number, so that no two are copies.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO, TypeVar

from benchmarks import names
from benchmarks.folders import read_folder
from benchmarks.material import Kind, Shelf, Slot, Template, material

T = TypeVar("T")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORDS = 500
_FEWEST, _MOST = 320, 780
_OWN_SECTION = 0.7
_FIRST_DAY = datetime(2021, 1, 1, 5, tzinfo=UTC)
_MINUTES = 6 * 365 * 24 * 60
_LANGUAGES = ("en", "de", "es", "fr")
_SHARES = (91, 3, 3, 3)
_SOURCES = 24

_NEAR = 9
_MARKS = ".,;:!?\"«»“”()'"
_SAYS_LITTLE = _set(
    "about after again among because been before being between could does each every first "
    "from have having into just last many more most much nobody only other over same said "
    "says should since some somebody such than that their them then there these they this "
    "those through under until upon very were what when where which while will with without "
    "would your avec cette dans dont elle leur mais pour plus sans sont aber auch dass eine "
    "einem einen einer haben hatte nach nicht noch sein sich sind über unter wird como cuando "
    "desde entre hasta para pero sobre tiene"
)


def articles(count: int, seed: int = 0, folder: Path | None = None) -> Iterator[dict[str, Any]]:
    """That many articles as they are posted, one after another; of a folder, no more than it has.

    No two have the same id or the same text.
    """
    if folder is not None:
        yield from read_folder(folder, count)
        return
    shelves = material()
    chance = random.Random(seed)  # one stream: the first hundred of 10,000 are the hundred of 100
    for number in range(count):
        yield _article(number, seed, chance, shelves)


def queries(count: int, seed: int = 0) -> Iterator[str]:
    """What readers might type: 2-6 words of a sentence, of a headline, or with a name."""
    shelves = material()
    chance = random.Random(f"queries {seed}")
    while count > 0:
        query = _query(chance, shelves)
        if 2 <= len(query.split()) <= 6:
            count -= 1
            yield query


@dataclass(slots=True)
class _Cast:
    """Who plays whom in one article."""

    chance: random.Random
    roles: dict[str, str] = field(default_factory=dict)

    def plays(self, slot: Slot) -> str:
        name = slot.name.split()[-1] if slot.kind is Kind.SURNAME else slot.name
        if name not in self.roles:
            self._cast(slot, name)
        return self.roles[name]

    def _cast(self, slot: Slot, name: str) -> None:
        number = names.rank(self.chance)
        if slot.kind is Kind.PERSON:
            self.roles[name.split()[-1]] = names.surname(number)
        self.roles[name] = _MAKERS[slot.kind](number)


_MAKERS = {
    Kind.PLACE: names.place,
    Kind.ORGANISATION: names.organisation,
    Kind.PERSON: names.person,
    Kind.SURNAME: names.surname,
}


def _article(
    number: int, seed: int, chance: random.Random, shelves: Mapping[str, Shelf]
) -> dict[str, Any]:
    language = chance.choices(_LANGUAGES, _SHARES)[0]
    shelf = shelves[language]
    section = _zipf(chance, shelf.sections)
    cast = _Cast(chance)
    published = _FIRST_DAY + timedelta(minutes=chance.randrange(_MINUTES))
    source = _zipf(chance, range(_SOURCES))
    town = names.place(names.rank(chance))
    return {
        "id": f"made-{seed}-{number:07}",
        "url": f"https://www.paper-{source}.example/{section}/{published:%Y/%m}/{seed}-{number}",
        "title": f"{town}: {_told(chance.choice(shelf.titles[section]), cast)}",
        "text": f"{_text(chance, shelf, section, cast)} ({published:%Y}/{seed}-{number})",
        "published_at": published.isoformat(),
        "authors": [names.person(names.rank(chance)) for _ in range(chance.choice((1, 1, 1, 2)))],
        "section": section,
        "tags": sorted({town, *(_zipf(chance, shelf.tags) for _ in range(chance.randint(1, 4)))}),
        "language": language,
        "source": f"{names.place(source)} Gazette",
        "metadata": {"made": True},
    }


def _text(chance: random.Random, shelf: Shelf, section: str, cast: _Cast) -> str:
    wanted = min(max(int(chance.gauss(_WORDS, 90)), _FEWEST), _MOST)
    chosen: dict[Template, None] = {}
    words = 0
    for template in _picks(chance, shelf, section):
        if template not in chosen:
            chosen[template] = None
            words += template.words
        if words + 25 > wanted:  # half a paragraph: as often a little over as a little under
            break
    return "\n\n".join(_told(template, cast) for template in chosen)


def _picks(chance: random.Random, shelf: Shelf, section: str) -> Iterator[Template]:
    while True:
        own = chance.random() < _OWN_SECTION
        yield chance.choice(shelf.paragraphs[section] if own else shelf.everything)


def _told(template: Template, cast: _Cast) -> str:
    return "".join(
        [piece if isinstance(piece, str) else cast.plays(piece) for piece in template.pieces]
    )


def _zipf(chance: random.Random, values: Sequence[T]) -> T:
    """One of the values, the first the likeliest."""
    return values[min(int(chance.paretovariate(0.7) - 1), len(values) * 10) % len(values)]


def _query(chance: random.Random, shelves: Mapping[str, Shelf]) -> str:
    shelf = shelves[chance.choices(_LANGUAGES, _SHARES)[0]]
    section = _zipf(chance, shelf.sections)
    cast = _Cast(chance)
    match chance.choices(("words", "headline", "person", "place"), (50, 20, 15, 15))[0]:
        case "words":
            text = _told(chance.choice(shelf.paragraphs[section]), cast)
            return " ".join(_some_words(chance, text, chance.randint(2, 5)))
        case "headline":
            words = _told(chance.choice(shelf.titles[section]), cast).split()
            start = chance.randrange(max(len(words) - 3, 1))
            return " ".join(words[start : start + chance.randint(3, 6)])
        case "person":
            return names.person(names.rank(chance))
        case _:
            text = _told(chance.choice(shelf.paragraphs[section]), cast)
            words = _some_words(chance, text, chance.randint(1, 2))
            return " ".join([names.place(names.rank(chance)), *words])


def _some_words(chance: random.Random, text: str, count: int) -> list[str]:
    """A few of a text's telling words that stand near each other, in their order."""
    words = [word for raw in text.split() if (word := raw.strip(_MARKS))]
    start = chance.randrange(max(len(words) - _NEAR, 1))
    near = [word for word in words[start : start + _NEAR] if _tells(word)]
    kept = sorted(chance.sample(range(len(near)), min(count, len(near))))
    return [near[index].lower() for index in kept]


def _tells(word: str) -> bool:
    return len(word) > 3 and word.isalpha() and word.lower() not in _SAYS_LITTLE


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Write made articles as JSON lines.")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="read .txt and .jsonl files from there instead")
    parser.add_argument("--out", type=Path, help="a file instead of standard output")
    options = parser.parse_args(arguments)
    with ExitStack() as open_files:
        out: TextIO = sys.stdout
        if options.out is not None:
            out = open_files.enter_context(options.out.open("w", encoding="utf-8"))
        for article in articles(options.count, options.seed, options.folder):
            out.write(json.dumps(article, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
