"""Makes the tables of words that others keep: `python -m training.language_tables [OUT]`.

Stop words are those of the package stop-words (BSD-3-Clause), without what is no plain word. The
names of months and days, and how they are shortened, are CLDR's (Unicode License v3), as Babel has
them. English stop words are not taken: that list has "bill", "case" and a thousand more which news
are made of; ours are Snowball's, in `text/words.py`.
"""

import argparse
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel import Locale
from stop_words import get_stop_words

from backstory_shared.text import language_tables

LANGUAGES = ("en", "es", "de", "fr", "pt", "it")
WITHOUT_STOP_WORDS = ("en",)
HEAD = (
    '"""Tables of words that others keep well, made by training/language_tables.py. Do not edit.\n'
)
ORIGIN = """
Stop words: the package stop-words {stop_words}, BSD-3-Clause, by Alireza Savand and others. Months
and days: the Unicode CLDR as Babel {babel} has it, Unicode License v3. Both licences: NOTICE.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=Path(language_tables.__file__))
    parser.parse_args().out.write_text(_module(), encoding="utf-8")


def _module() -> str:
    from importlib.metadata import version

    stop = {c: _stop_words(c) for c in LANGUAGES if c not in WITHOUT_STOP_WORDS}
    months = {c: set(_names(Locale(c).months)) for c in LANGUAGES}
    days = {c: set(_names(Locale(c).days)) for c in LANGUAGES}
    short = {c: months[c] - set(Locale(c).months["format"]["wide"].values()) for c in LANGUAGES}
    calendar = {c: {word.lower() for word in months[c] | days[c]} for c in LANGUAGES}
    in_order = {c: _in_order(Locale(c).months) for c in LANGUAGES}
    weekdays = {c: _in_order(Locale(c).days)[:7] for c in LANGUAGES}
    origin = ORIGIN.format(stop_words=version("stop-words"), babel=version("babel"))
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
        ]
    )


def _stop_words(language: str) -> Iterable[str]:
    return {word for word in get_stop_words(language) if word.isalpha()}


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
