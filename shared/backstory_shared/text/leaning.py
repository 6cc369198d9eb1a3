"""Leaning: whether a sentence hangs in the air without the one before it.

A sentence leans if it begins with a word that points back ("He", "But", "The move", "As a result"),
says "also", or names a speaker by a pronoun only. The rules look at words, not at grammar: a few
sentences that stand alone are taken for leaning, which costs a summary little, rather than the
other way round, which costs the reader the sense.
"""

import re
from collections.abc import Sequence

from backstory_shared.text.words import Words

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_AFTER_QUOTATION = re.compile(r"[”\"»’'][,.]?\s*")
_HEAD = 160
_BEFORE_ALSO = 9
_BEFORE_PRONOUN = 5


def leans(sentence: str, words: Words) -> bool:
    """Whether the sentence needs the one before it, by the tables of its language."""
    found = [match[0] for match in _WORD.finditer(sentence[:_HEAD])]
    if not found:
        return False
    folded = [word.lower() for word in found]
    if _begins(folded, words.stands):
        folded = folded[2:]
        return bool(words.additions.intersection(folded[:_BEFORE_ALSO]))
    return (
        folded[0] in words.openers
        or _begins(folded, words.phrases)
        or bool(words.additions.intersection(folded[:_BEFORE_ALSO]))
        or _adds_at_the_end(sentence, words)
        or _stands_in(folded, words)
        or _pronoun_before_subject(sentence, found, folded, words)
        or _said_by_a_pronoun(sentence, words)
    )


def _begins(folded: Sequence[str], phrases: Sequence[str]) -> bool:
    beginning = " ".join(folded[:5]) + " "
    return any(beginning.startswith(f"{phrase} ") for phrase in phrases)


def _adds_at_the_end(sentence: str, words: Words) -> bool:
    """"..., too." """
    last = _WORD.findall(sentence[-24:])[-1:]
    return bool(last) and last[0].lower() in words.additions


def _stands_in(folded: Sequence[str], words: Words) -> bool:
    """"The move", "Such plans", and with one word between them "The two men"."""
    return folded[0] in words.pointers and any(
        word in words.stand_ins for word in folded[1:2]
    )


def _pronoun_before_subject(
    sentence: str, found: Sequence[str], folded: Sequence[str], words: Words
) -> bool:
    """"In his remarks, the diplomat ..." — unless a name follows: "In his speech, Ray Poe ..."."""
    if folded[0] not in words.before_subject:
        return False
    for word, small in zip(found[1:_BEFORE_PRONOUN], folded[1:_BEFORE_PRONOUN], strict=False):
        if small in words.pronouns:
            _, _, rest = sentence.partition(", ")
            return not rest[:1].isupper()
        if word[0].isupper():
            return False
    return False


def _said_by_a_pronoun(sentence: str, words: Words) -> bool:
    """'“We won,” he said.' names nobody, wherever in the sentence that stands."""
    return any(
        sentence[match.end() :].lower().startswith(words.attributions)
        for match in _AFTER_QUOTATION.finditer(sentence, 1)
    )
