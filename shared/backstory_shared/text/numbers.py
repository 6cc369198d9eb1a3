"""Large numbers, in which writers part the thousands or do not: "1,500", "1.500", "1 500", 1500."""

import re

#: Spaces part them too, but between words of a query they part numbers.
_TYPED = re.compile(r"(?<![\w.,])\d{1,3}(?:([.,'’\u00a0\u202f])\d{3})(?:\1\d{3})*(?!\w)")
_PRINTED = re.compile(r"(?<![\w.,])\d{1,3}(?:([.,'’\u00a0\u202f ])\d{3})(?:\1\d{3})*(?!\w)")


def joined(query: str) -> str:
    """Each such number without what parts its thousands."""
    return _TYPED.sub(lambda found: _digits(found[0]), query)


def with_joined(text: str) -> str:
    """Each such number both ways, for whoever looks for it either way."""
    return _PRINTED.sub(lambda found: f"{found[0]} {_digits(found[0])}", text)


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
