"""A teaser: as much of a sentence as a headline would say, cut where a clause ends."""

import re

from backstory_shared.articles import Span

MAX_TEASER = 90
_SHORTEST = 30
#: A comma before what can be left out; also a dash and a semicolon.
_CLAUSE_ENDS = re.compile(r"(?=[,;:]\s|\s[–—-]{1,2}\s|[，；、،])")
_BLANK = re.compile(r"(?=\s)")
_LEFT_OPEN = re.compile(
    r"[\s,;:–—(-]+(?:(?:a|an|the|and|or|but|of|to|in|on|at|for|by|with|from|as|that|which|who|"
    r"el|la|los|las|un|una|y|o|de|del|en|por|para|con|que|a|der|die|das|den|dem|ein|eine|und|oder|"
    r"von|zu|in|im|am|mit|für|auf|le|les|une|et|ou|du|des|à|au|aux|pour|par|avec|sur|os|as|um|uma|"
    r"e|do|da|dos|das|em|no|na|com|il|lo|gli|uno|di|del|della|nel|nella|per|che|al|alla)\b)?$",
    re.IGNORECASE,
)


def teaser(text: str, sentence: Span) -> Span:
    """The beginning of the sentence, or all of it where it is short enough."""
    if sentence.end - sentence.start <= MAX_TEASER:
        return sentence
    window = text[sentence.start : sentence.start + MAX_TEASER]
    for ends in (_CLAUSE_ENDS, _BLANK):
        cuts = [cut.start() for cut in ends.finditer(window) if cut.start() >= _SHORTEST]
        for cut in reversed(cuts):
            piece = _LEFT_OPEN.sub("", window[:cut])
            if len(piece) >= _SHORTEST and _closed(piece):
                return Span(sentence.start, sentence.start + len(piece))
    return Span(sentence.start, sentence.start + MAX_TEASER)


def _closed(piece: str) -> bool:
    return piece.count("(") == piece.count(")") and piece.count("“") == piece.count("”")
