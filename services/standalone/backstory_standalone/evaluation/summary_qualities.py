"""What ROUGE does not see of a summary: whether it covers, repeats itself, and reads alone.

None of this asks the ranker's own rules: who writes the rule must not be the one who counts.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

_WORD = re.compile(r"[^\W\d_]{4,}")
_FIRST = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_KEYWORDS = 20
#: Connectives that relate a sentence to one before it (after the Penn Discourse Treebank's list).
_CONNECTIVES = """
accordingly additionally afterwards also alternatively and besides but consequently conversely else
finally further furthermore hence however indeed instead later likewise meantime meanwhile moreover
nevertheless next nonetheless nor otherwise overall plus previously rather regardless similarly so
specifically still then thereafter thereby therefore thus yet
"""
_PRONOUNS = """
he she it they him her them his hers its their theirs this that these those such
"""
#: Beginnings that only look as if they pointed back.
_TIME = re.compile(
    r"(?:Earlier |Later |Just |Only )?[Tt]h(?:is|ese) (?:past )?"
    r"(?:week|weekend|month|year|season|morning|afternoon|evening|summer|winter|spring|fall)\b"
    r"|So far\b"
)
_CONNECTIVE = frozenset(_CONNECTIVES.split())
_PRONOUN = frozenset(_PRONOUNS.split())


def coverage(text: str, summary: Sequence[str]) -> float:
    """The share of the article's most frequent words that the summary says, in percent."""
    counted = Counter(word.lower() for word in _WORD.findall(text))
    top = {word for word, _ in counted.most_common(_KEYWORDS)}
    said = {word.lower() for sentence in summary for word in _WORD.findall(sentence)}
    return 100 * len(top & said) / (len(top) or 1)


def redundancy(summary: Sequence[str]) -> float:
    """How much of its words two sentences of the summary share, in percent, on average."""
    bags = [{word.lower() for word in _WORD.findall(sentence)} for sentence in summary]
    pairs = list(combinations(bags, 2))
    shares = [len(a & b) / (len(a | b) or 1) for a, b in pairs]
    return 100 * sum(shares) / (len(shares) or 1)


def danglers(text: str, summary: Sequence[str]) -> int:
    """Sentences that relate to one before them which the summary does not show."""
    return sum(
        _points_back(sentence, text) and not _follows(text, summary, place)
        for place, sentence in enumerate(summary)
    )


def _points_back(sentence: str, text: str) -> bool:
    """A connective, or a pronoun that comes before any name it could be for."""
    words = _FIRST.findall(sentence)
    if not words or _TIME.match(sentence):
        return False
    if words[0].lower() in _CONNECTIVE:
        return True
    for place, word in enumerate(words[:6]):
        if word.lower().partition("'")[0].partition("’")[0] in _PRONOUN:
            return True
        if word[0].isupper() and (place or _is_name(word, text)):
            return False
        if place and len(word) > 6:  # a noun or a verb: the subject has been named
            return False
    return False


def _is_name(word: str, text: str) -> bool:
    """Whether it has its capital within a sentence too."""
    return re.search(rf"[a-z,] {re.escape(word)}\b", text) is not None


def _follows(text: str, summary: Sequence[str], place: int) -> bool:
    """Whether the sentence before it in the article is the one before it in the summary."""
    start = text.find(summary[place])
    before = text[:start].rstrip()
    if place == 0:
        return not any(map(str.islower, before))  # the article's own first, after its dateline
    return before.endswith(summary[place - 1])
