"""Which days a text speaks of, seen from the day it was published. Pure.

A weekday is the last such day, as newspapers use the word, unless the words before it say that it
is still to come. A date without a year is the nearest one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain

from backstory_shared.text.language_tables import MONTHS, WEEKDAYS

#: Those that are spoken of first say when it was; a long text tells of many more.
MOST_DAYS = 12

#: What is spoken of as "today" and the like: how many days later that is.
_NEARBY = {
    word: days
    for days, words in {
        -1: "yesterday gestern hier ayer ieri ontem",
        0: "today tonight heute aujourd'hui aujourd’hui hoy oggi hoje",
        1: "tomorrow demain mañana domani amanhã",
    }.items()
    for word in words.split()
}
#: Shortly before a weekday these put it into the days to come.
_TO_COME = re.compile(
    r"\b(?:will|next|until|due|should|wird|werden|soll|sollen|bis|nächsten|kommenden|sera|seront|"
    r"jusqu|prochain|será|serán|hasta|próximo|sarà|fino|prossimo|até)\b",
    re.IGNORECASE,
)
_LOOKED_BACK = 40


def _numbered(tables: Mapping[str, Sequence[str]], count: int) -> dict[str, int]:
    return {name: place % count for names in tables.values() for place, name in enumerate(names)}


_WEEKDAY = _numbered({code: names[:7] for code, names in WEEKDAYS.items()}, 7)
_MONTH = {name: place + 1 for name, place in _numbered(MONTHS, 12).items()}
_YEAR = r"(?:\.?,? (?:de )?(?P<year>(?:19|20)\d\d)\b)?"
_DAY_FIRST = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?: of| de)? (?P<month>[^\W\d_]+)\b{_YEAR}"
)
_MONTH_FIRST = re.compile(rf"\b(?P<month>[^\W\d_]+)\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}")
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_WORD = re.compile(r"[^\W\d_]{3,}(?:['’-][^\W\d_]+)?")


def days_of(text: str, published: date) -> frozenset[date]:
    found = dict.fromkeys([*_dates(text, published), *_words(text, published)])
    return frozenset([*found][:MOST_DAYS])


def is_calendar(word: str) -> bool:
    """Whether a word in lower case is the name of a month or a weekday."""
    return word in _MONTH or word in _WEEKDAY


def _dates(text: str, published: date) -> Iterator[date]:
    for match in chain(_DAY_FIRST.finditer(text), _MONTH_FIRST.finditer(text)):
        if month := _MONTH.get(match["month"].lower()):
            years = [int(match["year"])] if match["year"] else _years_around(published)
            possible = [one for year in years if (one := _date(year, month, int(match["day"])))]
            if possible:
                yield min(possible, key=lambda one: abs(one - published))
    for match in _ISO.finditer(text):
        if exact := _date(*map(int, match.groups())):
            yield exact


def _words(text: str, published: date) -> Iterator[date]:
    for match in _WORD.finditer(text):
        word = match.group().lower()
        distance = _NEARBY.get(word)
        if word in _WEEKDAY:
            distance = -((published.weekday() - _WEEKDAY[word]) % 7)
            before = text[max(0, match.start() - _LOOKED_BACK) : match.start()]
            if distance and _TO_COME.search(before.rpartition(". ")[2]):
                distance += 7
        if distance is not None and (day := _shifted(published, distance)):
            yield day


def _years_around(published: date) -> list[int]:
    return [published.year - 1, published.year, published.year + 1]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _shifted(day: date, days: int) -> date | None:
    """The calendar has a first and a last day, and anything may be said to be published then."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None
