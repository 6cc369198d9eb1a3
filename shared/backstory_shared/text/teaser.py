"""A teaser: as much of a sentence as a headline would say, cut where a clause ends."""

import re

from backstory_shared.articles import Span
from backstory_shared.text.words import Words

MAX_TEASER = 90
_SHORTEST = 30
#: A clause of fewer letters is seldom one.
_SAYS_SOMETHING = 45
_COMMA = re.compile(r"[,，،]\s")
#: A comma before what can be left out; also a dash and a semicolon.
_CLAUSE_ENDS = re.compile(r"(?=[,;:]\s|\s[–—-]{1,2}\s|[，；、،])")
_BLANK = re.compile(r"(?=\s)")
_SEAM = r"[\s,;:–—(-]"
#: Words with which no headline ends.
_JOINTS = (
    "a|an|the|and|or|but|of|to|in|on|at|for|by|with|from|as|that|which|who|its|his|her|their|this|"
    "more|than|into|over|after|before|when|until|while|he|she|it|they|is|are|was|were|has|have|had|be|been|"
    "el|la|los|las|un|una|y|o|de|del|en|por|para|con|que|su|sus|der|die|das|den|dem|ein|eine|und|"
    "oder|von|zu|in|im|am|mit|für|auf|seine|ihre|le|les|une|et|ou|du|des|à|au|aux|pour|par|avec|"
    "sur|son|sa|ses|os|as|um|uma|e|do|da|dos|das|em|no|na|com|seu|sua|il|lo|gli|uno|di|della|nel|"
    "nella|per|che|al|alla|suo"
)
_LEFT_OPEN = re.compile(rf"(?:{_SEAM}+(?:{_JOINTS})\b)*{_SEAM}*$", re.IGNORECASE)


def teaser(text: str, sentence: Span, words: Words) -> Span:
    """All of the sentence where it is short, or its first clause, or as much of it as fits."""
    return _clause(text, sentence, words) or _beginning(text, sentence)


def _clause(text: str, sentence: Span, words: Words) -> Span | None:
    """The sentence up to where a clause ends, if it has said something by then."""
    if sentence.end - sentence.start <= MAX_TEASER:
        return sentence
    window = text[sentence.start : sentence.start + MAX_TEASER + 1]
    if window.partition(" ")[0].lower() in words.before_subject | words.no_subject:
        return None
    pieces = (window[: cut.start()] for cut in _CLAUSE_ENDS.finditer(window))
    said = [piece for piece in pieces if len(piece) >= _SAYS_SOMETHING and _closed(piece)]
    # "Ann Poe, the mayor" is all before the verb: a comma closes what another one has opened.
    said = [piece for piece in said if _COMMA.search(piece) is None]
    return Span(sentence.start, sentence.start + len(said[-1])) if said else None


def _beginning(text: str, sentence: Span) -> Span:
    window = text[sentence.start : sentence.start + MAX_TEASER + 1]
    for cut in reversed([found.start() for found in _BLANK.finditer(window)]):
        piece = _LEFT_OPEN.sub("", window[:cut])
        if len(piece) >= _SHORTEST and _closed(piece):
            return Span(sentence.start, sentence.start + len(piece))
    return Span(sentence.start, min(sentence.start + MAX_TEASER, sentence.end))


def _closed(piece: str) -> bool:
    pairs = (("(", ")"), ("“", "”"), ("„", "“"), ("«", "»"), ("‘", "’"))
    return piece.count('"') % 2 == 0 and all(
        piece.count(opens) <= piece.count(closes) for opens, closes in pairs
    )
