"""What the corpus is made of: the sample's paragraphs, with their names taken out."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from backstory_shared.text.boilerplate import boilerplate, story
from backstory_standalone.sample import articles_path, labels

_SHORTEST = 80
#: Two capitalised words in a sentence; German is left alone, where every noun would be a name.
_PERSON = re.compile(r"(?:(?<=\w )|(?<=\w, ))[A-Z][a-zé]{2,} [A-Z][a-zé]{3,}(?!\w)")
_TITLED = re.compile(r"(?:(?<=Mr )|(?<=Ms )|(?<=Mrs )|(?<=Dr ))[A-Z][a-z]{3,}(?!\w)")
_NOT_BEFORE_A_PERSON = re.compile(r"\b(?:the|on|at|in|The|St)\W+$")


class Kind(StrEnum):
    """What sort of name belongs into a slot."""

    PLACE = "place"
    ORGANISATION = "organisation"
    PERSON = "person"
    SURNAME = "surname"


class Slot(NamedTuple):
    """Where a name was; the same name gets the same other name throughout an article."""

    kind: Kind
    name: str


class Template(NamedTuple):
    """A text between whose pieces the names go; `words` is about how many there are."""

    pieces: tuple[str | Slot, ...]
    words: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """All there is in one language; sections with the most paragraphs first."""

    titles: Mapping[str, tuple[Template, ...]]
    paragraphs: Mapping[str, tuple[Template, ...]]
    everything: tuple[Template, ...]
    sections: tuple[str, ...]
    tags: tuple[str, ...]


def material() -> dict[str, Shelf]:
    """A shelf for each language, read from the sample archive; copies are left out."""
    said = _originals()
    known = _known_names(said)
    languages = sorted({article["language"] for article in said})
    return {
        language: _shelf([one for one in said if one["language"] == language], known)
        for language in languages
    }


def _originals() -> list[dict[str, Any]]:
    told = labels()
    copies = {copy for _, copy in (*told.copies, *told.near_copies)}
    lines = articles_path().read_text(encoding="utf-8").splitlines()
    by_id = {article["id"]: article for article in map(json.loads, lines)}
    return [article for id_, article in by_id.items() if id_ not in copies]


def _known_names(said: Iterable[Mapping[str, Any]]) -> dict[str, Kind]:
    """Places are where articles are from; the other capitalised English tags are organisations."""
    known: dict[str, Kind] = {}
    for article in said:
        names = article["tags"] if article["language"] == "en" else ()
        known |= {name: Kind.ORGANISATION for name in names if name[0].isupper()}
    places = {article["metadata"].get("place") for article in said} - {None}
    return known | dict.fromkeys(places, Kind.PLACE)


def _shelf(said: Sequence[Mapping[str, Any]], known: Mapping[str, Kind]) -> Shelf:
    titles: dict[str, list[Template]] = defaultdict(list)
    paragraphs: dict[str, list[Template]] = defaultdict(list)
    for article in said:
        titles[article["section"]].append(_template(article["title"], article["language"], known))
        paragraphs[article["section"]] += [
            _template(paragraph, article["language"], known) for paragraph in _paragraphs(article)
        ]
    return Shelf(
        titles={section: tuple(some) for section, some in titles.items()},
        paragraphs={section: tuple(some) for section, some in paragraphs.items()},
        everything=tuple(one for some in paragraphs.values() for one in some),
        sections=tuple(sorted(paragraphs, key=lambda section: -len(paragraphs[section]))),
        tags=tuple(sorted({tag for article in said for tag in article["tags"]} - set(known))),
    )


def _paragraphs(article: Mapping[str, Any]) -> Iterator[str]:
    text = story(article["text"], boilerplate(article["text"], article["title"]))
    for paragraph in text.split("\n\n"):
        if len(paragraph) >= _SHORTEST and "Correction" not in paragraph:
            yield paragraph


def _template(text: str, language: str, known: Mapping[str, Kind]) -> Template:
    pieces: list[str | Slot] = []
    position = 0
    for start, end, kind in _names(text, language, known):
        pieces += [text[position:start], Slot(kind, text[start:end])]
        position = end
    return Template((*pieces, text[position:]), len(text.split()))


def _names(text: str, language: str, known: Mapping[str, Kind]) -> list[tuple[int, int, Kind]]:
    """The spans of the names in order, none over another; known names go first."""
    found: list[tuple[int, int, Kind]] = []
    for start, end, kind in _candidates(text, language, known):
        if all(end <= taken or start >= over for taken, over, _ in found):
            found.append((start, end, kind))
    return sorted(found)


def _candidates(
    text: str, language: str, known: Mapping[str, Kind]
) -> Iterator[tuple[int, int, Kind]]:
    for name in sorted(known, key=len, reverse=True):
        for match in re.finditer(rf"\b{re.escape(name)}\b", text):
            yield *match.span(), known[name]
    if language == "de":
        return
    for match in _PERSON.finditer(text):
        if not _NOT_BEFORE_A_PERSON.search(text[: match.start()]):
            yield *match.span(), Kind.PERSON
    for match in _TITLED.finditer(text):
        yield *match.span(), Kind.SURNAME
