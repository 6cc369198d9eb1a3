"""The passages that show why an article was found."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from backstory_search.highlighting import HighlightHits
from backstory_search.ranking import Ranked
from backstory_search.search import Hit
from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.articles import Span
from backstory_shared.ports import Entry, Meaning, Passage, Vector
from support.archive import Archive, Library, WordEmbedder, entry_of
from support.indexes import IN_PASSAGES, direction, entry

TEXT = (
    "The council met on Monday. The storm closed the harbour. Nobody was hurt in the valley.\n\n"
    "The mayor spoke of a hard winter. She thanked the crews."
)


class Pointing:
    """What is asked has the direction of the second passage, whatever it is."""

    model = IN_PASSAGES

    def embed_articles(self, articles: Sequence[Passage]) -> list[Meaning]:
        raise NotImplementedError

    def embed_query(self, text: str) -> Vector:
        return direction(0, 1)


@pytest.fixture
def highlight(shelves: Library) -> HighlightHits:
    return HighlightHits(
        articles=shelves.archive,
        index=shelves.index,
        embedder=shelves.embedder,
        sentences=shelves.embedder,
        terms=shelves.terms,
    )


@pytest.fixture
def in_passages(tmp_path: Path) -> Iterator[HighlightHits]:
    with closing(EdgeIndex.open(tmp_path / "passages", IN_PASSAGES)) as index:
        yield HighlightHits(
            articles=Archive(),
            index=index,
            embedder=Pointing(),
            sentences=WordEmbedder(),
            terms=Bm25TermEncoder(),
        )


def shown(highlight: HighlightHits, query: str, *entries: Entry) -> list[list[str]]:
    hits = [Hit(one, Ranked(one.revision.article.id, 1.0)) for one in entries]
    return [[each.text for each in of_hit] for of_hit in highlight(hits, query)]


def test_the_words_of_the_query_are_marked(highlight: HighlightHits) -> None:
    hit = Hit(entry_of(text=TEXT, language="en"), Ranked("a", 1.0))

    ((found,),) = highlight([hit], "harbours")

    assert [found.text[one.start : one.end] for one in found.matches] == ["harbour"]


def test_what_was_meant_by_a_slip_is_marked(shelves: Library, highlight: HighlightHits) -> None:
    one = entry_of(id="a", text=TEXT, language="en")
    shelves.add(one)

    ((found,),) = highlight([Hit(one, Ranked("a", 1.0))], "harbuor")

    assert [found.text[one.start : one.end] for one in found.matches] == ["harbour"]


def test_terms_that_are_known_already_are_not_looked_for_again(
    shelves: Library, highlight: HighlightHits
) -> None:
    one = entry_of(id="a", text=TEXT, language="en")
    storm = shelves.terms.encode_query("storm")

    ((found,),) = highlight([Hit(one, Ranked("a", 1.0))], "harbour", storm)

    assert [found.text[one.start : one.end] for one in found.matches] == ["storm"]


def test_without_the_words_the_nearest_sentence_is_shown(highlight: HighlightHits) -> None:
    """Stop words are in no index of words, but mean as much as others to this embedder."""
    one = entry_of(text="The council met. We were there. It left.", language="en")

    assert shown(highlight, "zeppelins that were there", one) == [["We were there."]]


def test_of_a_long_article_the_passage_that_found_it_is_shown(in_passages: HighlightHits) -> None:
    second = TEXT.index("The mayor")
    spans = (Span(0, second - 2), Span(second, len(TEXT)))
    rows = [direction(1), direction(0, 1)]
    index = in_passages.index
    assert isinstance(index, EdgeIndex)
    index.write([entry("long", dense=np.stack(rows), spans=spans)])

    (found,) = shown(in_passages, "zeppelin", entry_of(id="long", text=TEXT, language="en"))

    assert found == ["The mayor spoke of a hard winter."]


def test_an_article_that_is_not_in_the_index_any_more_shows_its_opening(
    in_passages: HighlightHits,
) -> None:
    (found,) = shown(in_passages, "zeppelin", entry_of(id="gone", text=TEXT, language="en"))

    assert found == ["The council met on Monday."]


def test_each_hit_has_its_own_passages_in_the_order_of_the_hits(highlight: HighlightHits) -> None:
    one = entry_of(id="one", text="Nothing here.", language="en")
    other = entry_of(id="other", text="The storm came. It left.", language="en")

    assert shown(highlight, "storm", one, other) == [["Nothing here."], ["The storm came."]]
