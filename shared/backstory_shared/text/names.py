"""What an article speaks of, in words a reader can check: its names and figures. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from backstory_shared.articles import Span
from backstory_shared.text.boilerplate import story

MOST_NAMES = 60
MOST_FIGURES = 40

_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][\w’'-]*\w"
_NAME = re.compile(rf"{_CAPITAL}(?: (?:(?:of|de|del|der|den|du|la|van|von) )?{_CAPITAL})*")
#: Capitalised in English, and in every other article.
_CALENDAR = frozenset(
    [
        *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ]
)
_AFTER_A_STOP = re.compile(r"(?:^|[.!?:…\n][\"”»’)\]]*\s*)[\"“„«‘(\[]*$")
_FIGURE = re.compile(r"\d(?:[\d.,]*\d)?")
_SHORTEST = 3
#: The same names come again and again.
_REMEMBERED = 4_000


@dataclass(frozen=True, slots=True)
class Mentions:
    """`names` with how often each is used, most used first; `figures` as they are written."""

    names: Mapping[str, int]
    figures: frozenset[str]


def mentions_of(text: str, boilerplate: Sequence[Span] = ()) -> Mentions:
    said = story(text, boilerplate)
    names = Counter(_names(said))
    figures = dict.fromkeys(_FIGURE.findall(said))
    return Mentions(dict(names.most_common(MOST_NAMES)), frozenset([*figures][:MOST_FIGURES]))


def shared_names(
    ours: Mapping[str, int], theirs: Mapping[str, int], *, german: bool = False
) -> tuple[str, ...]:
    """All of them, the ones used most in both first; a name within a longer one is left out.

    In German any noun has a capital: only several in a row are surely a name.
    """
    both = {
        name: min(ours[name], theirs[name])
        for name in ours
        if name in theirs and (" " in name or not german)
    }
    ordered = sorted(both, key=lambda name: (-both[name] * (1 + name.count(" ")), name))
    chosen: list[str] = []
    for name in ordered:
        if not any(name in longer or longer in name for longer in chosen):
            chosen.append(name)
    return tuple(chosen)


def name_words(names: Mapping[str, int]) -> dict[str, int]:
    """The words that names are made of, as they are compared: without case and accents."""
    counted: Counter[str] = Counter()
    for name, count in names.items():
        for word in name.split():
            if word[0].isupper() and len(word) >= _SHORTEST:
                counted[_plain(word)] += count
    return dict(counted)


@lru_cache(_REMEMBERED)
def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.removesuffix("’s").removesuffix("'s")).casefold()
    return "".join(c for c in folded if not unicodedata.combining(c))


def _names(text: str) -> Iterator[str]:
    """Capitalised words within a sentence: at its beginning a capital says nothing."""
    for match in _NAME.finditer(text):
        before = text[max(0, match.start() - 6) : match.start()]
        name = match.group()
        if _AFTER_A_STOP.search(before):
            _, _, name = name.partition(" ")
        if len(name) >= _SHORTEST and name not in _CALENDAR:
            yield name
