"""The sample archive keeps what its labels and the README promise of it."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest

from backstory_ingest.schemas import parse_article
from backstory_shared.adapters.extractive_summarizer import ExtractiveSummarizer
from backstory_shared.text.boilerplate import boilerplate, story
from backstory_shared.text.copies import copy_hash
from backstory_standalone.sample import Labels, articles_path, labels

Articles = dict[str, dict[str, Any]]
LONG = 60


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    return articles_path().read_bytes().splitlines()


@pytest.fixture(scope="module")
def revisions(lines: list[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def archive(revisions: list[dict[str, Any]]) -> Articles:
    return {article["id"]: article for article in revisions}


@pytest.fixture(scope="module")
def known() -> Labels:
    return labels()


def words(article: dict[str, Any]) -> int:
    return len(article["text"].split())


def long_sentences(text: str) -> set[str]:
    sentences = re.split(r"(?<=[.!?»”\"])\s+", text)
    return {sentence for sentence in sentences if len(sentence) >= LONG}


def copied(known: Labels) -> set[str]:
    return {copy for _, copy in (*known.copies, *known.near_copies)}


def unlabelled(archive: Articles, known: Labels) -> set[str]:
    return set(archive) - {id_ for one in known.storylines.values() for id_ in one.articles}


def story_of(article: dict[str, Any]) -> str:
    return story(article["text"], boilerplate(article["text"], article["title"]))


def hash_of(article: dict[str, Any]) -> str:
    return copy_hash(article["text"], boilerplate(article["text"], article["title"]))


def test_every_line_is_an_article_that_would_be_accepted(lines: list[bytes]) -> None:
    for line in lines:
        article = parse_article(line)

        assert article.id
        assert article.title
        assert article.text
        assert article.published_at
        assert article.section
        assert article.tags
        assert article.language
        assert article.source


def test_the_archive_is_as_large_as_promised(archive: Articles, known: Labels) -> None:
    assert len(archive) >= 90
    assert len(set(archive) - copied(known)) >= 84
    assert 12 <= len(known.storylines) <= 20
    assert len(unlabelled(archive, known)) >= 15
    assert len(known.queries) >= 25


def test_it_is_a_year_of_news_in_order(revisions: list[dict[str, Any]]) -> None:
    times = [article.get("modified_at", article["published_at"]) for article in revisions]
    months = {datetime.fromisoformat(time).strftime("%Y-%m") for time in times}

    assert times == sorted(times)
    assert months == {"2025-11", "2025-12"} | {f"2026-{month:02}" for month in range(1, 11)}


@pytest.mark.parametrize("language", ["es", "de", "fr"])
def test_other_languages_are_there(archive: Articles, language: str) -> None:
    assert sum(article["language"] == language for article in archive.values()) >= 6


def test_every_section_has_several_articles(archive: Articles) -> None:
    sections = Counter(article["section"] for article in archive.values())

    assert len(sections) >= 8
    assert min(sections.values()) >= 5


def test_three_or_four_publications_and_their_own_addresses(archive: Articles) -> None:
    hosts = defaultdict(set)
    for article in archive.values():
        hosts[article["source"]].add(article["url"].split("/")[2])

    assert 3 <= len(hosts) <= 4
    assert all(len(names) == 1 for names in hosts.values())
    assert all(host.endswith(".example") for names in hosts.values() for host in names)


def test_addresses_are_never_shared(archive: Articles) -> None:
    urls = Counter(article["url"] for article in archive.values())

    assert max(urls.values()) == 1


def test_lengths_are_those_of_a_newspaper(archive: Articles) -> None:
    lengths = [words(article) for article in archive.values()]

    assert sum(60 <= length <= 90 for length in lengths) >= 3
    assert sum(700 <= length <= 1_000 for length in lengths) == 2
    assert sum(170 <= length <= 470 for length in lengths) >= 85


def test_only_the_corrected_article_comes_twice(
    revisions: list[dict[str, Any]], known: Labels
) -> None:
    counts = Counter(article["id"] for article in revisions)

    assert {id_ for id_, count in counts.items() if count > 1} == set(known.corrected)
    for id_ in known.corrected:
        first, second = [article for article in revisions if article["id"] == id_]
        assert first["modified_at"] < second["modified_at"]
        assert "Correction" in second["text"]
        assert first["text"] != second["text"]


def test_labels_name_articles_that_exist(archive: Articles, known: Labels) -> None:
    named: list[Iterable[str]] = [one.articles for one in known.storylines.values()]
    named += [one.relevant for one in known.queries]
    named += [*known.copies, *known.near_copies, known.corrected]

    assert {id_ for ids in named for id_ in ids} <= set(archive)
    assert {slug for pair in known.look_alikes for slug in pair} <= set(known.storylines)


def test_a_storyline_has_several_articles_and_shares_none(known: Labels) -> None:
    told = Counter(id_ for one in known.storylines.values() for id_ in one.articles)

    assert all(3 <= len(one.articles) <= 8 for one in known.storylines.values())
    assert max(told.values()) == 1


def test_some_storylines_are_told_in_two_languages(archive: Articles, known: Labels) -> None:
    languages = [
        {archive[id_]["language"] for id_ in one.articles} for one in known.storylines.values()
    ]

    assert sum(len(spoken) > 1 for spoken in languages) >= 4


def test_every_golden_query_has_an_answer_and_is_asked_once(known: Labels) -> None:
    asked = Counter(one.query for one in known.queries)

    assert all(one.relevant for one in known.queries)
    assert max(asked.values()) == 1


def test_a_copy_of_a_relevant_article_is_relevant(known: Labels) -> None:
    for one in known.queries:
        for original, copy in (*known.copies, *known.near_copies):
            assert (original in one.relevant) == (copy in one.relevant)


def test_some_queries_share_no_word_with_an_article_they_mean(
    archive: Articles, known: Labels
) -> None:
    def shares_none(query: str, id_: str) -> bool:
        text = (archive[id_]["title"] + archive[id_]["text"]).casefold()
        return not any(word[:5] in text for word in query.casefold().split() if len(word) > 3)

    assert (
        sum(any(shares_none(one.query, id_) for id_ in one.relevant) for one in known.queries) > 3
    )


def test_a_copy_has_the_same_story_elsewhere(archive: Articles, known: Labels) -> None:
    assert len(known.copies) >= 3
    for original, copy in known.copies:
        assert hash_of(archive[original]) == hash_of(archive[copy])
        assert archive[original]["source"] != archive[copy]["source"]


def test_a_near_copy_shares_most_sentences_but_not_the_hash(
    archive: Articles, known: Labels
) -> None:
    assert len(known.near_copies) >= 3
    for original, copy in known.near_copies:
        before, after = (long_sentences(archive[id_]["text"]) for id_ in (original, copy))
        assert hash_of(archive[original]) != hash_of(archive[copy])
        assert len(before & after) > len(before | after) / 2
        assert archive[original]["title"] != archive[copy]["title"]


def test_different_articles_share_no_long_sentence(archive: Articles, known: Labels) -> None:
    seen: dict[str, str] = {}
    for id_ in set(archive) - copied(known):
        for sentence in long_sentences(story_of(archive[id_])):
            assert seen.setdefault(sentence, id_) == id_


def test_some_articles_carry_what_their_page_had_around_them(archive: Articles) -> None:
    carrying = [article for article in archive.values() if story_of(article) != article["text"]]

    assert {article["language"] for article in carrying} == {"en", "es", "de", "fr"}
    assert 8 <= len(carrying) <= 15


def test_every_story_of_some_length_has_a_medium_summary_of_fifty_to_sixty_words(
    archive: Articles,
) -> None:
    summarizer = ExtractiveSummarizer()
    for article in archive.values():
        title, text = article["title"], article["text"]
        if len(text.split()) >= 150:
            made = summarizer.summarize(title, text, boilerplate(text, title), article["language"])
            words = sum(len(text[start:end].split()) for start, end in made.medium)

            assert 50 <= words <= 60, article["id"]
            assert 4 <= len(made.long) <= 6, article["id"]
