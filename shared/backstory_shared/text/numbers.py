"""Large numbers, in which writers part the thousands or do not: "1,500", "1.500", "1 500", 1500."""

import re

from backstory_shared.text.compounds import compounds

#: Spaces part them too, but between words of a query they part numbers.
_TYPED = re.compile(r"(?<![\w.,])\d{1,3}(?:([.,'’\u00a0\u202f])\d{3})(?:\1\d{3})*(?!\w)")
_PRINTED = re.compile(r"(?<![\w.,])\d{1,3}(?:([.,'’\u00a0\u202f ])\d{3})(?:\1\d{3})*(?!\w)")


def joined(query: str) -> str:
    """Each such number without what parts its thousands."""
    return _TYPED.sub(lambda found: _digits(found[0]), query)


def with_joined(text: str) -> str:
    """Each such number both ways, for whoever looks for it either way; and what else is joined.

    That comes last, so that what follows each other in the text still does.
    """
    both = _PRINTED.sub(lambda found: f"{found[0]} {_digits(found[0])}", text)
    others = [one for match, one in compounds(both) if not _PRINTED.fullmatch(match[0])]
    return "\n".join([both, " ".join(others)]) if others else both


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
