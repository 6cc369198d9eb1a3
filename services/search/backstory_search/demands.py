"""What a query demands of every article, as the index and the texts can tell."""

from collections.abc import Iterable, Iterator, Sequence
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
MOST_READ = 2_000
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
    for phrase in query.without:
        if is_phrase(phrase):
            out |= set(reader.having(phrase, tuple(_words(phrase, terms))))
    return replace(demanded, excluded=demanded.excluded | out)


class _Texts:
    """Who of those that the question is about has a phrase."""

    def __init__(self, question: Question, articles: ArticleReader, index: SearchIndex) -> None:
        self._question = question
        self._articles = articles
        self._index = index

    def lacking(self, phrases: Iterable[str]) -> Iterator[str]:
        wanted = tuple(phrases)
        for id_, text in self._read(self._question.demands):
            if not all(contains(text, phrase) for phrase in wanted):
                yield id_

    def having(self, phrase: str, words: tuple[tuple[int, ...], ...]) -> Iterator[str]:
        demands = self._question.demands
        for id_, text in self._read(replace(demands, words=(*demands.words, *words))):
            if contains(text, phrase):
                yield id_

    def _read(self, demands: Demands) -> Iterator[tuple[str, str]]:
        matches = MatchSet(
            filters=self._question.filters, demands=demands, excluded=self._question.excluded
        )
        ids = iter(self._index.by_date(matches, newest_first=True, limit=MOST_READ))
        while some := list(islice(ids, _AT_ONCE)):
            for id_, entry in self._articles.entries(some).items():
                article = entry.revision.article
                yield id_, f"{article.title}\n{article.text}"


def _words(phrase: str, terms: TermEncoder) -> Sequence[tuple[int, ...]]:
    """The terms of each word that the index has of every article; of stop words if all are such.

    Of those it has only the titles'.
    """
    words = words_of(phrase)
    demanded = [terms.encode_demand(word).indices for word in words]
    return list(filter(None, demanded)) or [terms.encode_query(word).indices for word in words]
