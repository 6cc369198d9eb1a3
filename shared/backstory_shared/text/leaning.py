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
_QUOTED = re.compile(r"[“\"„«][^”\"“»]{0,400}[”\"“»]")
_AFTER_QUOTATION = re.compile(r"[”“\"»’'][,.]?\s*")
_HEAD = 160
_BEFORE_PRONOUN = 5


def leans(sentence: str, words: Words) -> bool:
    """Whether the sentence needs the one before it, by the tables of its language."""
    found = [match[0] for match in _WORD.finditer(sentence[:_HEAD])]
    if not found:
        return False
    folded = [word.lower() for word in found]
    if _begins(folded, words.stands):
        return _adds(sentence, words)
    return (
        folded[0] in words.openers
        or _begins(folded, words.phrases)
        or _adds(sentence, words)
        or _stands_in(folded, words)
        or _pronoun_before_subject(sentence, found, folded, words)
        or _said_by_a_pronoun(sentence, words)
        or not _WORD.search(_QUOTED.sub(" ", sentence))  # nobody says it
    )


def comments(sentence: str, words: Words) -> bool:
    """Whether a leaning sentence comments on the one before ("The move ...") and tells no news."""
    return _stands_in([match[0].lower() for match in _WORD.finditer(sentence[:_HEAD])], words)


def _begins(folded: Sequence[str], phrases: Sequence[str]) -> bool:
    beginning = " ".join(folded[:5])
    # The first look is quick; only where it finds something must the phrase end with a word.
    return beginning.startswith(tuple(phrases)) and any(
        f"{beginning} ".startswith(f"{phrase} ") for phrase in phrases
    )


def _adds(sentence: str, words: Words) -> bool:
    """Whether it says "also" of the whole: not "who also" or "but also", and not in quotes."""
    before = ""
    for match in _WORD.finditer(_QUOTED.sub(" ", sentence)):
        word = match[0].lower()
        if word in words.additions and before not in words.within:
            return True
        before = word
    return False


def _stands_in(folded: Sequence[str], words: Words) -> bool:
    """Whether it begins like 'The move' or 'Such plans'."""
    return len(folded) > 1 and folded[0] in words.pointers and _stand_in(folded[1], words)


def _stand_in(word: str, words: Words) -> bool:
    return word in words.stand_ins or word.endswith("-year-old")


def _pronoun_before_subject(
    sentence: str, found: Sequence[str], folded: Sequence[str], words: Words
) -> bool:
    """'In his remarks, the diplomat ...'; not 'In his speech, Ray Poe ...': a name follows."""
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
