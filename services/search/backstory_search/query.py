"""What a reader's words ask for: text, "exact words", -unwanted, field:value. Pure.

Whatever does not follow the syntax is words: a reader is never told to mend a query. Nor is it
syntax in a text of many words: somebody pasted that, and what it quotes is no wish.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from backstory_shared.ports import Facet, Filters
from backstory_shared.text.scripts import UNSPACED

#: A minus, a field and either words in quotation marks or all up to the next space; "-5" is a
#: number, and within a word a minus is a hyphen.
_PART = re.compile(
    r'(?P<minus>(?:-(?!\d))?)(?:(?P<field>\w+):)?(?:"(?P<exact>[^"]*)"|(?P<word>\S+))'
)
_QUOTES = str.maketrans("“”„‟«»＂「」『』〝〞〟《》‹›", '"' * 18)
#: Where a single one begins before a word and ends behind one; within a word it is an apostrophe.
_SINGLE = re.compile(r"(?<!\w)([‘‚‛])((?:[^‘’‚‛]|(?<=\w)[’‘](?=\w))+)[’‘](?!\w)")
_APOSTROPHES = str.maketrans("’‘‛ʼ＇", "'" * 5)
#: A hyphen that only says where a word may be parted at the end of a line.
_SOFT_HYPHEN = "\u00ad"
#: What readers leave out: that, and accents.
_UNHEARD = re.compile(f"[\u0300-\u036f{_SOFT_HYPHEN}]+")
#: So many words are typed; more are pasted.
TYPED = 12
_FIELDS = frozenset(facet.value for facet in Facet)
_SAYS = re.compile(r"\w")
_WORD = re.compile(r"\w+")
#: No value is empty, so that this one has no article.
_NOTHING = ("",)


@dataclass(frozen=True, slots=True)
class Query:
    """`text` is searched for as a whole; of the rest every part must hold."""

    text: str
    exact: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    fields: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    unwanted: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)

    @property
    def silent(self) -> bool:
        """Whether it has no word at all: signs alone ask for nothing, not for what is near them."""
        more = self.without or self.fields or self.unwanted
        return not more and not _SAYS.search(self.text)

    @property
    def named(self) -> tuple[Facet, ...]:
        """The fields of which it names values."""
        return tuple(facet for facet in Facet if facet in self.fields or facet in self.unwanted)

    def spelled(self, known: Mapping[Facet, Iterable[str]]) -> "Query":
        """With each value as the archive writes it, of which it has the `known` ones."""
        return replace(
            self, fields=_spelled(self.fields, known), unwanted=_spelled(self.unwanted, known)
        )

    def within(self, filters: Filters) -> Filters:
        """The filters that also hold for the fields: in one field, what both allow."""
        both: dict[str, Any] = {
            facet.value: _both(values, getattr(filters, facet.value))
            for facet, values in self.fields.items()
        }
        return replace(filters, **both)

    @property
    def unwanted_values(self) -> tuple[tuple[Facet, str], ...]:
        return tuple((facet, value) for facet, values in self.unwanted.items() for value in values)


def _spelled(
    typed: Mapping[Facet, tuple[str, ...]], known: Mapping[Facet, Iterable[str]]
) -> dict[Facet, tuple[str, ...]]:
    """Readers care little for capitals and accents. A value that nobody has stays what it is."""
    found: dict[Facet, tuple[str, ...]] = {}
    for facet, values in typed.items():
        meant = set(map(_plain, values))
        written = tuple(value for value in known.get(facet, ()) if _plain(value) in meant)
        found[facet] = tuple(dict.fromkeys((*written, *values)))
    return found


def _plain(value: str) -> str:
    return " ".join(folded(value.translate(_APOSTROPHES)).split())


def _both(values: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    if not given:
        return values
    typed = set(map(_plain, values))
    return tuple(value for value in given if _plain(value) in typed) or _NOTHING


@dataclass(frozen=True, slots=True)
class _Part:
    words: str
    minus: bool = False
    quoted: bool = False
    facet: Facet | None = None


def parse(text: str) -> Query:
    """Signs beside what is demanded say nothing; where they are all there is, they stay."""
    text = unicodedata.normalize("NFC", text.replace(_SOFT_HYPHEN, ""))
    if len(text.split()) > TYPED:
        return Query(text)
    quoted = _SINGLE.sub(r'"\2"', text).translate(_QUOTES)
    parts = [_part(match) for match in _PART.finditer(quoted)]
    wanted = [part for part in parts if not part.minus and part.facet is None]
    says = any(_SAYS.search(part.words) for part in wanted)
    return Query(
        text=" ".join(part.words for part in wanted if says or len(wanted) == len(parts)),
        exact=_words(part for part in wanted if part.quoted),
        without=_words(part for part in parts if part.minus and part.facet is None),
        fields=_by_facet(part for part in parts if not part.minus),
        unwanted=_by_facet(part for part in parts if part.minus),
    )


def _part(match: re.Match[str]) -> _Part:
    """A name that is no field belongs to the words, as a minus before no word does."""
    minus, name, exact, word = match.group("minus", "field", "exact", "word")
    quoted = exact is not None
    words = " ".join(exact.split()) if quoted else word
    if not _SAYS.search(words):
        return _Part(match[0])
    if name is None:
        return _Part(words, minus=bool(minus), quoted=quoted)
    if name.lower() in _FIELDS:
        return _Part(words, minus=bool(minus), facet=Facet(name.lower()))
    return _Part(f"{name}:{words}", minus=bool(minus))


def _words(parts: Iterable[_Part]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.words for part in parts if _SAYS.search(part.words)))


def _by_facet(parts: Iterable[_Part]) -> dict[Facet, tuple[str, ...]]:
    found: dict[Facet, tuple[str, ...]] = {}
    for part in parts:
        if part.facet is not None:
            found[part.facet] = (*found.get(part.facet, ()), part.words)
    return found


def contains(text: str, words: str) -> bool:
    """Whether the words stand in the text one after the other, whatever their case and accents."""
    return bool(_pattern(folded(words)).search(folded(text)))


def words_of(phrase: str) -> list[str]:
    return _WORD.findall(phrase)


def is_phrase(words: str) -> bool:
    """Whether only the text can tell who has it: several words, or a script without spaces."""
    return len(words_of(words)) > 1 or bool(UNSPACED.search(words))


def folded(text: str) -> str:
    text = text.casefold()
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text)
    if _may_have_marks(plain):
        plain = _UNHEARD.sub("", plain)
    return unicodedata.normalize("NFC", plain)


def _may_have_marks(text: str) -> bool:
    """To look for the first bytes of all of them takes a tenth of the time of looking for them."""
    encoded = text.encode(errors="replace")
    return b"\xcc" in encoded or b"\xcd" in encoded or _SOFT_HYPHEN in text


@lru_cache(100)
def _pattern(words: str) -> re.Pattern[str]:
    """Where a script puts no spaces between words, one may begin and end anywhere.

    That no word goes on before it is asked behind the first one: a pattern that begins with letters
    is looked for several times as quickly.
    """
    each = words_of(words) or [""]
    before = "" if UNSPACED.match(each[0][:1]) else rf"(?<!\w{re.escape(each[0])})"
    after = "" if UNSPACED.match(each[-1][-1:]) else r"(?!\w)"
    first, *others = map(re.escape, each)
    return re.compile(r"\W+".join([first + before, *others]) + after)
