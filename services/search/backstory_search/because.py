"""What two articles have in common, in words a reader can check: names both use. Pure."""

import re
from collections import Counter
from collections.abc import Iterator

from backstory_shared.ports import Entry

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


def shared_names(one: Entry, other: Entry) -> tuple[str, ...]:
    """All of them, the ones used most in both first; a name within a longer one is left out."""
    ours, theirs = Counter(_names(one)), Counter(_names(other))
    both = {name: min(ours[name], theirs[name]) for name in ours if name in theirs}
    ordered = sorted(both, key=lambda name: (-both[name] * (1 + name.count(" ")), name))
    chosen: list[str] = []
    for name in ordered:
        if not any(name in longer or longer in name for longer in chosen):
            chosen.append(name)
    return tuple(chosen)


def _names(entry: Entry) -> Iterator[str]:
    """Capitalised words within a sentence: at its beginning a capital says nothing.

    Nor does it in German, but for several in a row.
    """
    article = entry.revision.article
    for match in _NAME.finditer(article.text):
        before = article.text[max(0, match.start() - 6) : match.start()]
        name = match.group()
        if _AFTER_A_STOP.search(before):
            _, _, name = name.partition(" ")
        telling = " " in name if article.language == "de" else len(name) > 2
        if telling and name not in _CALENDAR:
            yield name
