"""Makes the tables of words that others keep: `python -m training.language_tables SEGMENTS [OUT]`.

Stop words are those of the package stop-words (BSD-3-Clause), without what is no plain word. The
names of months and days, and how they are shortened, are CLDR's (Unicode License v3), as Babel has
them. So are abbreviations after which no sentence ends: Babel leaves those out, so SEGMENTS is the
unpacked npm package cldr-segments-full (`npm pack cldr-segments-full`). English stop words are not
taken: that list has "bill", "case" and a thousand more which news are made of; ours are Snowball's,
in `text/words.py`.
"""

import argparse
import json
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel import Locale
from stop_words import get_stop_words

from backstory_shared.text import language_tables
from backstory_shared.text.words import WORDS

LANGUAGES = ("en", "es", "de", "fr", "pt", "it")
WITHOUT_STOP_WORDS = ("en",)
SEGMENTED = (*LANGUAGES, "ru")
#: Among CLDR's abbreviations there are words that are more often words, and names.
WORDS_ALL_THE_SAME = """
AA AB AD Act All Alt Ant Bed Ben Best Bien Card Chin Comm Cont DC Desc Do Em Gb Go Hat Hz Id Int
Jam Job Joe Kb Kit Link Liv Long Mart Max Mb Mi Min Mo Mod OK Ok PC PIN PP Port Pro RAM Rel Rol SA
Seg So Sol Test Trans Up VS col end esp long mar may mer rementente sam sol ven ver
"""
HEAD = (
    '"""Tables of words that others keep well, made by training/language_tables.py. Do not edit.\n'
)
ORIGIN = """
Stop words: the package stop-words {stop_words}, BSD-3-Clause, by Alireza Savand and others. Months
and days: the Unicode CLDR as Babel {babel} has it; abbreviations: the CLDR {cldr}; Unicode License
v3. Both licences: NOTICE.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("segments", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=Path(language_tables.__file__))
    arguments = parser.parse_args()
    arguments.out.write_text(_module(arguments.segments), encoding="utf-8")


def _module(segments: Path) -> str:
    from importlib.metadata import version

    cldr = json.loads((segments / "package.json").read_text(encoding="utf-8"))["cldrVersion"]
    stop = {c: _stop_words(c) for c in LANGUAGES if c not in WITHOUT_STOP_WORDS}
    months = {c: set(_names(Locale(c).months)) for c in LANGUAGES}
    days = {c: set(_names(Locale(c).days)) for c in LANGUAGES}
    short = {c: months[c] - set(Locale(c).months["format"]["wide"].values()) for c in LANGUAGES}
    calendar = {c: {word.lower() for word in months[c] | days[c]} for c in LANGUAGES}
    in_order = {c: _in_order(Locale(c).months) for c in LANGUAGES}
    weekdays = {c: _in_order(Locale(c).days)[:7] for c in LANGUAGES}
    origin = ORIGIN.format(stop_words=version("stop-words"), babel=version("babel"), cldr=cldr)
    abbreviations = {c: set(_abbreviations(segments, c)) for c in SEGMENTED}
    return "\n".join(
        [
            f'{HEAD}{origin}"""',
            "",
            "from collections.abc import Mapping",
            "",
            _table("STOP_WORDS", "", stop),
            _table("CALENDAR", "#: Months and days, also shortened, in lower case.", calendar),
            _table("SHORT_MONTHS", "#: Without the full stop that may follow.", short),
            _ordered("MONTHS", "#: From January on; then the same shortened.", in_order),
            _ordered("WEEKDAYS", "#: From Monday on.", weekdays),
            _table("ABBREVIATIONS", "#: Without the last full stop.", abbreviations),
        ]
    )


def _stop_words(language: str) -> Iterable[str]:
    return {word for word in get_stop_words(language) if word.isalpha()}


def _abbreviations(segments: Path, language: str) -> Iterator[str]:
    """Of "n. Chr." the last part; what is a stop word ends a sentence more often than not."""
    file = segments / "segments" / language / "suppressions.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    for each in kept["segments"]["segmentations"]["SentenceBreak"]["standard"]:
        word = each["suppression"].split()[-1].rstrip(".")
        stop = language in WORDS and word.lower() in WORDS[language].stop
        if len(word) > 1 and not stop and word not in WORDS_ALL_THE_SAME.split():
            yield word


def _names(names: Any) -> Iterator[str]:
    for width in ("wide", "abbreviated"):
        yield from (name.rstrip(".") for name in names["format"][width].values())


def _in_order(names: Any) -> list[str]:
    """By their numbers, Monday being the first of the days; the shortened ones come last."""
    widths = (sorted(names["format"][width].items()) for width in ("wide", "abbreviated"))
    return [name.rstrip(".").lower() for named in widths for _, name in named]


def _ordered(name: str, comment: str, words: dict[str, list[str]]) -> str:
    rows = [comment, f"{name}: Mapping[str, tuple[str, ...]] = {{"]
    for language, some in words.items():
        rows.append(f'    "{language}": tuple(')
        rows.append('        """')
        rows.extend(textwrap.wrap(" ".join(some), 92, break_on_hyphens=False))
        rows.extend(['""".split()', "    ),"])
    return "\n".join([*rows, "}", ""])


def _table(name: str, comment: str, words: dict[str, Iterable[str]]) -> str:
    rows = [comment] if comment else []
    rows.append(f"{name}: Mapping[str, frozenset[str]] = {{")
    for language, some in words.items():
        rows.append(f'    "{language}": frozenset(')
        rows.append('        """')
        rows.extend(textwrap.wrap(" ".join(sorted(some)), 92))
        rows.extend(['""".split()', "    ),"])
    return "\n".join([*rows, "}", ""])


if __name__ == "__main__":
    main()
