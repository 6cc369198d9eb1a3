"""What an article speaks of, in words a reader can check: its names and figures. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, groupby

from backstory_shared.text.ordinary import ordinary_words
from backstory_shared.text.words import NO_WORDS, WORDS, Words

MOST_NAMES = 60
MOST_FIGURES = 40

_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][\w’'-]*\w"
_NAME = re.compile(rf"{_CAPITAL}(?: (?:(?:of|de|del|der|den|du|la|van|von) )?{_CAPITAL})*")
_AFTER_A_STOP = re.compile(r"(?:^|[.!?:…\n][\"”»’)\]]*\s*)[\"“„«‘(\[]*$")
#: Where any noun has a capital, what is counted or measured is no name.
_COUNTED = re.compile(r"\d (?:Millionen|Milliarden|Mio\.|Mrd\.)?\s?$")
_MEASURE = re.compile(
    r"(?:Million|Millionen|Milliarden?|Euro|Dollar|Franken|Prozent|(?:Quadrat|Kubik|Kilo)?[Mm]eter|"
    r"Hektar|Liter|Tonnen?|Grad|Jahren?|Monaten?|Wochen?|Tagen?|Stunden?|Minuten?)\b"
)
_POSSESSIVE = re.compile(r"['’]s(?: |$)")
_FIGURE = re.compile(r"\d(?:[\d.,]*\d)?")
_SHORTEST = 3
#: Where there are fewer for each small letter, not even sentences begin with one.
_FEW_CAPITALS = 0.005
_BEGINNING = 2_000
_ROW = re.compile(r"[^\W\d_][\w’'-]*\w(?: [^\W\d_][\w’'-]*\w)*")
#: The same names come again and again.
_REMEMBERED = 4_000


@dataclass(frozen=True, slots=True)
class Mentions:
    """`names` with how often each is used, most used first; `figures` as they are written."""

    names: Mapping[str, int]
    figures: frozenset[str]


def mentions_of(text: str, language: str | None = None) -> Mentions:
    words = WORDS.get(language or "", NO_WORDS)
    if _says_nothing_by_capitals(text):
        names = Counter(_unusual(text, words, ordinary_words(language)))
    else:
        names = Counter(_names(text, words))
    figures = dict.fromkeys(_FIGURE.findall(text))
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


def _says_nothing_by_capitals(text: str) -> bool:
    """All in small letters as some wires send it, or all in capitals."""
    beginning = text[:_BEGINNING]
    capitals = sum(map(str.isupper, beginning))
    small = sum(map(str.islower, beginning))
    return capitals < _FEW_CAPITALS * small or small < capitals


def _unusual(text: str, words: Words, ordinary: Collection[str]) -> Iterator[str]:
    """Without capitals what is no ordinary word is a name, and so are several in a row."""
    if not ordinary:
        return
    for run in _ROW.findall(text):
        for unusual, row in groupby(run.lower().split(), lambda w: _is_unusual(w, words, ordinary)):
            if unusual:
                yield " ".join(row).title()


def _is_unusual(word: str, words: Words, ordinary: Collection[str]) -> bool:
    plain = word.removesuffix("’s").removesuffix("'s")
    known = plain in ordinary or plain in words.stop or plain in words.calendar
    return len(plain) >= _SHORTEST and not known


def _names(text: str, words: Words) -> Iterator[str]:
    found = [
        (match, bool(_AFTER_A_STOP.search(text, max(0, match.start() - 6), match.start())))
        for match in _NAME.finditer(text)
    ]
    inside = {word for match, begins in found for word in _bare(match.group(), begins)}
    for match, begins in found:
        name = match.group()
        first, _, _ = name.partition(" ")
        if (begins and not _is_name(first, inside, words)) or (
            words.capital_nouns and first.lower() in words.calendar
        ):
            name = _rest(name)
        if words.capital_nouns and _is_counted(text, match.start(), name):
            continue
        for part in _POSSESSIVE.split(name):
            if len(part) >= _SHORTEST and part.lower() not in words.calendar:
                yield part


def _rest(name: str) -> str:
    """Without its first word and what joins it to the next: "All of Ellery" is Ellery."""
    return " ".join(dropwhile(str.islower, name.split()[1:]))


def _bare(name: str, begins: bool) -> list[str]:
    """Its words that have a capital within a sentence: at its beginning one says nothing."""
    return [word.removesuffix("’s").removesuffix("'s") for word in name.split()[begins:]]


def _is_name(first: str, inside: Collection[str], words: Words) -> bool:
    """What begins a sentence is known for a name by its capital elsewhere in the text."""
    bare, *_ = _bare(first, begins=False)
    return bare in inside and bare.lower() not in words.stop


def _is_counted(text: str, start: int, name: str) -> bool:
    return bool(_MEASURE.match(name) or _COUNTED.search(text, max(0, start - 12), start))
