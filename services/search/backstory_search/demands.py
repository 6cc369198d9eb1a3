"""What a query demands of every article, as the index and the texts can tell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import islice

from backstory_search.query import Query, contains, is_phrase, words_of
from backstory_shared.ports import (
    ArticleReader,
    Demands,
    MatchSet,
    Question,
    SearchIndex,
    TermEncoder,
)

#: So many articles are read to see in what order they have their words; the newest of them. In more
#: than that the words of a phrase are not rare, and having them all is taken for having the phrase.
MOST_READ = 10_000
_AT_ONCE = 200


def demanding(
    question: Question,
    query: Query,
    articles: ArticleReader,
    index: SearchIndex,
    terms: TermEncoder,
) -> Question:
    """The question with what the query demands.

    The index knows who has which words. In what order only the texts know, so those that have the
    words of a phrase are read, and left out where they do not have the phrase.
    """
    words = [group for phrase in query.exact for group in _words(phrase, terms)]
    single = [word for word in query.without if not is_phrase(word)]
    demanded = replace(
        question,
        demands=Demands(
            words=tuple(words),
            without=tuple(term for word in single for term in terms.encode_query(word).indices),
            unwanted=query.unwanted_values,
        ),
    )
    reader = _Texts(demanded, articles, index)
    out = set(reader.lacking(query.exact)) if query.exact else set()
    unwanted = [phrase for phrase in query.without if is_phrase(phrase)]
    if unwanted:
        out |= reader.having({phrase: _rare(phrase, terms) for phrase in unwanted})
    return replace(demanded, excluded=demanded.excluded | out)


class _Texts:
    """Who of those that the question is about has a phrase."""

    def __init__(self, question: Question, articles: ArticleReader, index: SearchIndex) -> None:
        self._question = question
        self._articles = articles
        self._index = index

    def lacking(self, phrases: Iterable[str]) -> Iterator[str]:
        wanted = tuple(phrases)
        for id_, text in self._read(self._newest(None, self._question.demands)):
            if not all(contains(text, phrase) for phrase in wanted):
                yield id_

    def having(self, phrases: Mapping[str, Sequence[tuple[int, ...]]]) -> set[str]:
        """Only of what would be found: that is less than all that have the words of the phrases."""
        lexical, dense, demands = (
            self._question.lexical,
            self._question.dense,
            self._question.demands,
        )
        out: set[str] = set()
        if lexical is not None or dense is None:
            for phrase, words in phrases.items():
                terms = None if lexical is None else lexical.indices
                ids = self._newest(terms, replace(demands, words=(*demands.words, *words)))
                out |= {id_ for id_, text in self._read(ids) if contains(text, phrase)}
        return out | self._near(phrases, out) if dense is not None else out

    def _near(self, phrases: Iterable[str], out: Set[str]) -> set[str]:
        """In the place of those that are left out others are the nearest, until none has any."""
        wanted, left, seen = tuple(phrases), set(out), set(out)
        while True:
            asked = replace(self._question, lexical=None, excluded=self._question.excluded | left)
            ids = [id_ for id_ in self._index.candidates(asked).dense.ids if id_ not in seen]
            having = {
                id_
                for id_, text in self._read(ids)
                if any(contains(text, phrase) for phrase in wanted)
            }
            seen.update(ids)
            left |= having
            if not having or len(seen) > MOST_READ:
                return left

    def _newest(self, terms: Sequence[int] | None, demands: Demands) -> Sequence[str]:
        matches = MatchSet(
            terms=None if terms is None else tuple(terms),
            filters=self._question.filters,
            demands=demands,
            excluded=self._question.excluded,
        )
        return self._index.by_date(matches, newest_first=True, limit=MOST_READ)

    def _read(self, article_ids: Iterable[str]) -> Iterator[tuple[str, str]]:
        ids = iter(article_ids)
        while some := list(islice(ids, _AT_ONCE)):
            yield from self._articles.texts(some).items()


def _rare(phrase: str, terms: TermEncoder) -> Sequence[tuple[int, ...]]:
    """The terms of each word that every article which has it has in the index: of no little one."""
    demanded = [terms.encode_demand(word).indices for word in words_of(phrase)]
    return list(filter(None, demanded))


def _words(phrase: str, terms: TermEncoder) -> Sequence[tuple[int, ...]]:
    """The terms of each word that the index has of every article; of stop words if all are such.

    Of those it has only the titles'.
    """
    return _rare(phrase, terms) or [terms.encode_query(word).indices for word in words_of(phrase)]
