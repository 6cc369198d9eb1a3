"""Leaning: whether a sentence hangs in the air without the one before it.

A sentence leans if it begins with a word that points back ("He", "But", "The move", "As a result"),
says "also", or names a speaker by a pronoun only. The rules look at words, not at grammar: a few
sentences that stand alone are taken for leaning, which costs a summary little, rather than the
other way round, which costs the reader the sense.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import compress

from backstory_shared.text.ranker import Sentence
from backstory_shared.text.words import Words

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_QUOTED = re.compile(r"[“\"„«][^”\"“»]{0,400}[”\"“»]")
_AFTER_QUOTATION = re.compile(r"[”“\"»’'][,.]?\s*")
_HEAD = 160
_BEFORE_PRONOUN = 5
_BEFORE_OBJECT = 6
#: Of how many words the first ones are looked through for a pronoun that comes before any name.
_SOON = 8


def leans(sentence: str, words: Words) -> bool:
    """Whether the sentence needs the one before it, by the tables of its language."""
    found = _WORD.findall(sentence[:_HEAD])
    if not found:
        return False
    folded = list(map(str.lower, found))
    if _begins(folded, words.stands):
        return _adds(sentence, words) or _then_a_pronoun(folded, words)
    return (
        folded[0] in words.openers
        or (folded[0] in words.before_comma and sentence[len(found[0]) :][:1] == ",")
        or _begins(folded, words.phrases)
        or _adds(sentence, words)
        or _stands_in(folded, words)
        or _pronoun_before_subject(sentence, found, folded, words)
        or _pronoun_before_anybody(sentence, found, folded, words, words.somebody | words.several)
        or _of_somebody(found, folded, words)
        or _done_to_somebody(sentence, folded, words)
        or _done_by_a_pronoun(sentence, folded, words)
        or _said_by_a_pronoun(sentence, words)
        or not _WORD.search(_QUOTED.sub(" ", sentence))  # nobody says it
    )


def opens_leaning(sentence: str, words: Words) -> bool:
    """Whether even the first sentence of a story hangs in the air: 'He may win, but ...'.

    There "The move" and "also" are explained by what follows.
    """
    found = list(map(str.lower, _WORD.findall(sentence[:_HEAD])))
    if not found or _begins(found, words.stands):
        return False
    return found[0] in words.openers or points_to_somebody(sentence, words)


def comments(sentence: str, words: Words) -> bool:
    """Whether a leaning sentence comments on the one before ("The move ...") and tells no news.

    "The suspect ..." does tell some.
    """
    folded = list(map(str.lower, _WORD.findall(sentence[:_HEAD])))
    return (
        len(folded) > 1
        and folded[0] in words.pointers
        and folded[1] in words.stand_ins
        and folded[1] not in words.people
    )


def points_to_somebody(sentence: str, words: Words) -> bool:
    """Whether it speaks of somebody whom only the sentence before can name: 'He left.'"""
    found = _WORD.findall(sentence[:_HEAD])
    folded = list(map(str.lower, found))
    return (
        _then_a_pronoun(folded, words)
        or _pronoun_before_subject(sentence, found, folded, words)
        or _pronoun_before_anybody(sentence, found, folded, words, words.somebody)
        or _done_by_a_pronoun(sentence, folded, words)
        or _said_by_a_pronoun(sentence, words)
    )


def unnamed(sentences: Sequence[Sentence], leaning: Sequence[bool], words: Words) -> Iterator[bool]:
    """Of each sentence, whether it speaks of somebody whom the one before it does not name.

    "He left" after "He was tired" has a name where "He was tired" has one.
    """
    known = frozenset().union(*(one.names for one in sentences))
    named = False  # whether the sentence before names somebody, or has him named by one before it
    for one, leans_on in zip(sentences, leaning, strict=True):
        points = leans_on and points_to_somebody(one.text, words)
        lost = points and not named
        yield lost
        named = not lost and (points or words.capital_nouns or _names(one, known, words))


def introductions(sentences: Sequence[Sentence], words: Words) -> Iterator[frozenset[int]]:
    """Of each sentence, those that give first names to whom it calls by a surname alone.

    "Poe left" after "Ann Poe came"; alone, nobody knows who Poe is.
    """
    first: dict[str, int] = {}
    for index, one in enumerate(sentences):
        if words.capital_nouns or not (one.names or first.keys() & one.words[:1]):
            yield frozenset()
            continue
        capital = [word[0].isupper() for word in one.words]
        named = list(compress(zip(one.words, ("", *one.words), strict=False), capital))
        alone = (word for word, before in named if not before[:1].isupper())
        yield frozenset(first[word] for word in alone if word in first)
        for word, before in named:
            if _first_name(before, words):
                first.setdefault(word, index)


def _first_name(before: str, words: Words) -> bool:
    small = before.lower()
    return before[:1].isupper() and small not in words.stop and small not in words.calendar


def _names(one: Sentence, known: frozenset[str], words: Words) -> bool:
    """A capital at the beginning is a name only if it is one elsewhere, or two of them follow."""
    if one.names - words.calendar:
        return True
    first = [word for word in one.words[:2] if word[0].isupper()]
    if len(first) == 2 and first[1].lower() not in words.calendar:
        return True
    return bool(first) and first[0].lower() in known


def _begins(folded: Sequence[str], phrases: Sequence[str]) -> bool:
    beginning = " ".join(folded[:5])
    # The first look is quick; only where it finds something must the phrase end with a word.
    return beginning.startswith(tuple(phrases)) and any(
        f"{beginning} ".startswith(f"{phrase} ") for phrase in phrases
    )


def _then_a_pronoun(folded: Sequence[str], words: Words) -> bool:
    """'This week she left': the beginning stands, and yet nobody knows who she is."""
    return any(
        word in words.somebody and _begins(folded[:place], words.stands)
        for place, word in enumerate(folded[:4])
    )


def _adds(sentence: str, words: Words) -> bool:
    """Whether it says "also" of the whole: not "who also" or "but also", and not in quotes."""
    said = sentence.lower()
    if not any(map(said.__contains__, words.additions)):
        return False
    before = ""
    for word in _WORD.findall(_QUOTED.sub(" ", said)):
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
            return not _named_after_the_comma(sentence)
        if word[0].isupper():
            return False
    return False


def _named_after_the_comma(sentence: str) -> bool:
    """'In his speech, Ray Poe ...': the pronoun points forward."""
    _, _, rest = sentence.partition(", ")
    return rest[:1].isupper()


def _pronoun_before_anybody(
    sentence: str,
    found: Sequence[str],
    folded: Sequence[str],
    words: Words,
    pronouns: frozenset[str],
) -> bool:
    """'Fortunately, he had left'; not 'Ann Poe lost her boat' or 'A man fell from his roof'."""
    for place, (word, small) in enumerate(zip(found[:_SOON], folded, strict=False)):
        if small in pronouns:
            return not _named_after_the_comma(sentence)
        light = small in words.stop or small.isdigit() or small.endswith(words.adverbs)
        if not light or (place and word[0].isupper()):
            return False
    return False


def _of_somebody(found: Sequence[str], folded: Sequence[str], words: Words) -> bool:
    """'The extent of her injuries is not known.'; not 'The mother of Ann Poe and her sons ...'."""
    for place, small in enumerate(folded[:_BEFORE_OBJECT]):
        if place and found[place][0].isupper():
            return False
        if small in words.somebody | words.several and folded[place - 1] in words.of:
            return place > 0
    return False


def _done_to_somebody(sentence: str, folded: Sequence[str], words: Words) -> bool:
    """'Police shot him at noon.'; not 'When two men ran off, police shot them.'"""
    if words.objects.isdisjoint(folded[1:_BEFORE_OBJECT]):
        return False
    beginning, _, _ = sentence.partition(",")
    return not words.objects.isdisjoint(_WORD.findall(beginning)[1:_BEFORE_OBJECT])


def _done_by_a_pronoun(sentence: str, folded: Sequence[str], words: Words) -> bool:
    """'Without a hint of irony, he promised ...'; not 'With Ann Poe away, she ...'."""
    if folded[0] not in words.no_subject:
        return False
    beginning, _, rest = sentence[:_HEAD].partition(", ")
    subject = _WORD.match(rest)
    if not subject or subject[0] not in words.somebody | words.several:
        return False
    names = (word for word in _WORD.findall(beginning)[1:] if word[0].isupper())
    return all(name.lower() in words.calendar for name in names)


def _said_by_a_pronoun(sentence: str, words: Words) -> bool:
    """'“We won,” he said.' names nobody, wherever in the sentence that stands."""
    return any(
        sentence[match.end() :].lower().startswith(words.attributions)
        for match in _AFTER_QUOTATION.finditer(sentence, 1)
    )
