"""What may stand in a summary: sentences that are whole, and that stand alone."""

import re

from backstory_shared.articles import Span
from backstory_shared.text.words import Words

#: "LONDON (AP) — ", "PORT ELLERY, Nov 2 – ", "Berlin (dpa) - ": a place, not part of the sentence.
_DATELINE = re.compile(
    r"(?:[A-ZÀ-Þ][\w.'’À-ÿ]*(?:[ ,/-]+[\w.'’À-ÿ]+){0,5}\s*\([\w /.-]{2,30}\)\s*[-–—:]{1,2}\s+"
    r"|[A-ZÀ-Þ][A-ZÀ-Þ.'’ ]{2,40}(?:, [\w. ]{2,25})?\s*[-–—]{1,2}\s+)"
)
_PAIRS = (("“", "”"), ("„", "“"), ("«", "»"), ("(", ")"))
_ENDS = (
    ".",
    "!",
    "…",
    "。",
    "！",
    "।",
    "۔",
    "؟",
    ".”",
    '."',
    "!”",
    ".»",
    ".)",
    ".’",
    ".'",
    "”.",
    '".',
    "».",
)
_LONGEST_WORDS = 60
_SHORTEST_WORDS = 6
_LOOK_AHEAD = 6
_LATIN_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
#: "The move", "Such plans": a pointer and a noun that stands for what was said before.
_ABSTRACT = frozenset(
    (
        "agreement",
        "announcement",
        "attack",
        "case",
        "change",
        "changes",
        "comments",
        "company",
        "deal",
        "decision",
        "development",
        "disclosure",
        "effect",
        "figure",
        "figures",
        "findings",
        "former",
        "group",
        "idea",
        "incident",
        "latter",
        "man",
        "measure",
        "measures",
        "meeting",
        "minister",
        "move",
        "news",
        "number",
        "numbers",
        "observation",
        "official",
        "officials",
        "pair",
        "plan",
        "plans",
        "policy",
        "program",
        "programme",
        "project",
        "proposal",
        "remarks",
        "report",
        "result",
        "results",
        "ruling",
        "scheme",
        "situation",
        "spokesman",
        "spokeswoman",
        "statement",
        "step",
        "study",
        "survey",
        "team",
        "three",
        "two",
        "vote",
        "woman",
    )
)


def without_dateline(text: str, span: Span) -> Span:
    """The sentence from where it really begins."""
    found = _DATELINE.match(text, span.start, span.end)
    return Span(found.end(), span.end) if found and found.end() < span.end else span


def is_whole(sentence: str, words: int) -> bool:
    """No fragment, no question, no half quotation, neither too short nor too long to read."""
    return (
        _SHORTEST_WORDS <= words <= _LONGEST_WORDS
        and sentence.endswith(_ENDS)
        and "?" not in sentence[-3:]
        and _balanced(sentence)
    )


def dangles(sentence: str, words: Words) -> bool:
    """Whether the sentence leans on the one before: "He", "But", "The move", "... also ..."."""
    found = [match[0].lower() for match in _LATIN_WORD.finditer(sentence[:160])]
    if not found:
        return False
    if found[0] in words.openers:
        return True
    if words.additions.intersection(found[:_LOOK_AHEAD]):
        return True
    return len(found) > 1 and found[0] in words.pointers and found[1] in _ABSTRACT


def _balanced(sentence: str) -> bool:
    return sentence.count('"') % 2 == 0 and all(
        sentence.count(opening) == sentence.count(closing)
        for opening, closing in _PAIRS
        if opening != "„" or opening in sentence
    )
