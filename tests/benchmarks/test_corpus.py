"""The corpus for measuring: the same for everybody, varied enough to mean something."""

import json
from collections import Counter
from itertools import islice
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from backstory_ingest.schemas import parse_article
from backstory_shared.text.boilerplate import boilerplate
from backstory_shared.text.copies import copy_hash
from benchmarks.corpus import articles, main, queries
from benchmarks.names import person, place


@pytest.fixture(scope="module")
def made() -> list[dict[str, Any]]:
    return list(articles(1_000, seed=1))


def test_the_same_seed_gives_the_same_corpus(made: list[dict[str, Any]]) -> None:
    assert list(articles(1_000, seed=1)) == made


def test_another_seed_gives_another_corpus(made: list[dict[str, Any]]) -> None:
    other = {article["text"] for article in articles(200, seed=2)}

    assert not other & {article["text"] for article in made}


def test_a_larger_corpus_begins_with_the_smaller(made: list[dict[str, Any]]) -> None:
    assert list(articles(10, seed=1)) == made[:10]
    assert list(islice(articles(10**12, seed=1), 10)) == made[:10]


def test_every_article_would_be_accepted(made: list[dict[str, Any]]) -> None:
    for article in made[:200]:
        assert parse_article(json.dumps(article).encode()).text == article["text"]


def test_ids_addresses_and_stories_are_unique(made: list[dict[str, Any]]) -> None:
    stories = {copy_hash(one["text"], boilerplate(one["text"], one["title"])) for one in made}

    assert len({article["id"] for article in made}) == len(made)
    assert len({article["url"] for article in made}) == len(made)
    assert len(stories) == len(made)


def test_articles_have_about_five_hundred_words(made: list[dict[str, Any]]) -> None:
    lengths = [len(article["text"].split()) for article in made]

    assert 480 <= mean(lengths) <= 520
    assert min(lengths) >= 250
    assert max(lengths) <= 1_000


def test_no_paragraph_comes_twice_in_an_article(made: list[dict[str, Any]]) -> None:
    for article in made:
        paragraphs = article["text"].split("\n\n")
        assert len(set(paragraphs)) == len(paragraphs)


def test_an_article_keeps_to_its_language(made: list[dict[str, Any]]) -> None:
    telling = {"en": " the ", "de": " und ", "es": " que ", "fr": " les "}

    for article in made:
        assert (
            max(telling, key=lambda one: article["text"].count(telling[one]))
            == (article["language"])
        )


def test_few_values_are_common_and_many_are_rare(made: list[dict[str, Any]]) -> None:
    authors = Counter(name for article in made for name in article["authors"])
    sections = Counter(article["section"] for article in made)

    assert authors.most_common(1)[0][1] > 20
    assert sum(count == 1 for count in authors.values()) > 100
    assert sections.most_common(1)[0][1] > 3 * min(sections.values())


def test_dates_span_several_years(made: list[dict[str, Any]]) -> None:
    assert len({article["published_at"][:4] for article in made}) >= 5


def test_no_two_names_are_alike() -> None:
    numbers = range(50_000)

    assert len({person(number) for number in numbers}) == len(numbers)
    assert len({place(number) for number in numbers}) > 0.99 * len(numbers)


def test_queries_are_a_few_words_and_the_same_for_a_seed() -> None:
    asked = list(queries(300, seed=3))

    assert asked == list(queries(300, seed=3))
    assert all(2 <= len(query.split()) <= 6 for query in asked)
    assert len(set(asked)) > 250


def test_most_queries_have_a_word_in_the_corpus(made: list[dict[str, Any]]) -> None:
    known = {word.strip(".,").lower() for one in made for word in one["text"].split()}

    found = [any(word.lower() in known for word in query.split()) for query in queries(200)]

    assert mean(found) > 0.9


def test_a_folder_of_texts_and_lines_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Headline\n\nBody of it.", encoding="utf-8")
    line = {"id": "mine", "title": "Other", "text": "Something else."}
    (tmp_path / "b.jsonl").write_text(json.dumps(line) + "\n\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text("Headline again\n\nBody of it.", encoding="utf-8")

    found = list(articles(10, folder=tmp_path))

    assert found == [{"id": "a", "title": "Headline", "text": "Body of it."}, line]


def test_a_folder_gives_no_more_than_asked(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(f"Title\nText {number}", encoding="utf-8")

    assert [one["id"] for one in articles(2, folder=tmp_path)] == ["0", "1"]


def test_the_command_writes_lines(tmp_path: Path, made: list[dict[str, Any]]) -> None:
    out = tmp_path / "corpus.jsonl"

    main(["3", "--seed", "1", "--out", str(out)])

    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == made[:3]
