"""SearchArticles: the match set, its order, and its pages."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from backstory_search.search import NEAREST, Collapse, Found, Mode, Search, Sort
from backstory_shared.errors import CursorExpired, InvalidCursor
from backstory_shared.ports import Entry, Facet, Filters
from support.archive import Library, corrected, entry_of, library

WORDS = ["storm", "harbour", "mayor", "ferry", "budget", "school", "bridge", "orchard", "tram"]


def search(shelves: Library, text: str, **asked: Any) -> Found:
    asked.setdefault("filters", Filters())
    return shelves.reading.search(Search(text=text, **asked))


def ids(found: Found) -> list[str]:
    return [hit.entry.revision.article.id for hit in found.hits]


def article(article_id: str, title: str, text: str = "Nothing else.", **fields: Any) -> Entry:
    """No copy of another, though most have the same text."""
    words = {"title": title, "text": text, "copy_hash": article_id}
    return entry_of(id=article_id, language="en", **words, **fields)


@pytest.fixture
def stocked(shelves: Library) -> Library:
    shelves.add(
        article("storm", "Storm closes the harbour", section="news", days=1),
        article("ferry", "Ferry stays in harbour", section="news", days=3),
        article("mayor", "Mayor presents a budget", section="politics", days=2),
    )
    return shelves


def test_articles_with_the_words_are_found_best_first(stocked: Library) -> None:
    found = search(stocked, "harbour storm", mode=Mode.KEYWORD)

    assert ids(found) == ["storm", "ferry"]
    assert found.counts.total == 2
    assert found.next_cursor is None


def test_the_first_page_says_what_it_looked_for(stocked: Library) -> None:
    """And for what was meant by a slip, so that nobody has to find it out again."""
    meant = stocked.terms.encode_query("harbour").indices

    found = search(stocked, "harbuor", mode=Mode.KEYWORD)

    assert found.terms is not None
    assert set(meant) & set(found.terms.indices)
    assert search(stocked, "harbour", mode=Mode.SEMANTIC).terms is None


def test_nothing_found_is_an_empty_answer(stocked: Library) -> None:
    found = search(stocked, "zeppelin", facets=tuple(Facet))

    assert found.hits == ()
    assert found.counts.total == 0
    assert all(values == () for values in found.counts.facets.values())


def test_by_meaning_only_what_is_above_the_floor_is_found(stocked: Library) -> None:
    found = search(stocked, "mayor presents budget", mode=Mode.SEMANTIC)

    assert ids(found) == ["mayor"]


@pytest.mark.parametrize("mode", list(Mode))
def test_filters_hold_in_every_mode(stocked: Library, mode: Mode) -> None:
    found = search(stocked, "harbour budget", mode=mode, filters=Filters(section=("politics",)))

    assert ids(found) == ["mayor"]


def test_dates_order_the_whole_match_set(stocked: Library) -> None:
    assert ids(search(stocked, "harbour budget", sort=Sort.NEWEST)) == ["ferry", "mayor", "storm"]
    assert ids(search(stocked, "harbour budget", sort=Sort.OLDEST)) == ["storm", "mayor", "ferry"]


def test_facets_count_the_match_set(stocked: Library) -> None:
    found = search(stocked, "harbour budget", facets=(Facet.SECTION,), limit=1)

    assert found.counts.facets == {Facet.SECTION: (("news", 2), ("politics", 1))}


@pytest.mark.parametrize("mode", list(Mode))
def test_a_deleted_article_is_neither_shown_nor_counted(stocked: Library, mode: Mode) -> None:
    stocked.archive.delete("storm")

    found = search(stocked, "storm in the harbour", mode=mode, facets=(Facet.SECTION,))

    assert "storm" not in ids(found)
    assert found.counts.total == len(found.hits)


def test_a_changed_article_waits_until_it_is_indexed_again(stocked: Library) -> None:
    changed = corrected(stocked.archive.entry("storm"), title="Sunshine")
    stocked.archive.put(changed)
    stocked.archive.dirty.add("storm")

    assert ids(search(stocked, "storm harbour", mode=Mode.KEYWORD)) == ["ferry"]


def test_pages_go_on_in_the_order_page_one_froze(shelves: Library) -> None:
    shelves.add(*(article(f"a{n}", f"storm {n}", days=n) for n in range(5)))
    first = search(shelves, "storm", limit=2)
    shelves.add(*(article(f"b{n}", "storm storm storm", days=9) for n in range(5)))

    second = search(shelves, "storm", limit=2, cursor=first.next_cursor)
    third = search(shelves, "storm", limit=2, cursor=second.next_cursor)

    assert sorted(ids(first) + ids(second) + ids(third)) == [f"a{n}" for n in range(5)]
    assert {page.counts.total for page in (first, second, third)} == {5}
    assert third.next_cursor is None


def test_an_article_deleted_between_two_pages_is_left_out(shelves: Library) -> None:
    shelves.add(*(article(f"a{n}", "storm") for n in range(4)))
    first = search(shelves, "storm", limit=2)
    left = ({"a0", "a1", "a2", "a3"} - set(ids(first))).pop()
    shelves.archive.delete(left)

    second = search(shelves, "storm", limit=2, cursor=first.next_cursor)

    assert left not in ids(second)
    assert len(second.hits) == 1


def test_a_cursor_lives_ten_minutes(shelves: Library) -> None:
    shelves.add(*(article(f"a{n}", "storm") for n in range(4)))
    cursor = search(shelves, "storm", limit=2).next_cursor
    shelves.clock.tick(600)

    with pytest.raises(CursorExpired):
        search(shelves, "storm", limit=2, cursor=cursor)


def test_a_cursor_whose_order_gave_way_has_expired(tmp_path: Path) -> None:
    with library(tmp_path, max_ids=5) as shelves:
        shelves.add(*(article(f"a{n}", "storm ferry") for n in range(4)))
        cursor = search(shelves, "storm", limit=2).next_cursor
        search(shelves, "ferry storm", mode=Mode.KEYWORD, limit=2)

        with pytest.raises(CursorExpired):
            search(shelves, "storm", limit=2, cursor=cursor)


def test_a_cursor_belongs_to_its_question(shelves: Library) -> None:
    shelves.add(*(article(f"a{n}", "storm ferry") for n in range(4)))
    cursor = search(shelves, "storm", limit=2).next_cursor

    with pytest.raises(InvalidCursor):
        search(shelves, "ferry", limit=2, cursor=cursor)


def random_archive(chance: random.Random, count: int) -> list[Entry]:
    return [
        article(
            f"article-{n}",
            " ".join(chance.sample(WORDS, 2)),
            " ".join(chance.choices(WORDS[:6], k=chance.randint(1, 12))),
            days=chance.randint(0, 30),
            section=chance.choice(["news", "sport", None]),
            tags=tuple(chance.sample(["x", "y", "z"], chance.randint(0, 2))),
        )
        for n in range(count)
    ]


def random_query(chance: random.Random) -> str:
    words = chance.sample(WORDS, 2)
    demands = [
        "",
        f"-{chance.choice(WORDS)}",
        f'"{chance.choice(WORDS)}"',
        "tag:x",
        "-section:news",
    ]
    return " ".join([*words, chance.choice(demands), chance.choice(["", "", "zeppelin"])]).strip()


def walk(shelves: Library, text: str, **asked: Any) -> tuple[list[str], list[Found]]:
    pages = [search(shelves, text, **asked)]
    while pages[-1].next_cursor is not None:
        pages.append(search(shelves, text, **asked, cursor=pages[-1].next_cursor))
    return [id_ for page in pages for id_ in ids(page)], pages


@pytest.mark.parametrize("mode", list(Mode))
def test_every_page_together_is_the_match_set_once(shelves: Library, mode: Mode) -> None:
    """Whatever is asked: nothing repeated, nothing skipped, totals and facets true."""
    chance = random.Random(mode.value)
    shelves.add(*random_archive(chance, 260))
    for deleted in chance.sample(sorted(shelves.archive.live), 20):
        shelves.archive.delete(deleted)

    for _ in range(25):
        asked = {
            "mode": mode,
            "sort": chance.choice(list(Sort)),
            "limit": chance.choice([1, 7, 40]),
            "facets": (Facet.SECTION, Facet.TAG),
            "filters": Filters(section=chance.choice([(), ("news",)])),
            "recency": chance.choice([None, timedelta(days=3)]),
        }
        walked, pages = walk(shelves, random_query(chance), **asked)

        assert len(walked) == len(set(walked)) == pages[0].counts.total
        assert len({str(page.counts) for page in pages}) == 1
        articles = [shelves.archive.entry(id_).revision.article for id_ in walked]
        sections = Counter(one.section for one in articles if one.section)
        tags = Counter(tag for one in articles for tag in one.tags)
        assert dict(pages[0].counts.facets[Facet.SECTION]) == sections
        assert dict(pages[0].counts.facets[Facet.TAG]) == tags


@pytest.mark.parametrize("mode", list(Mode))
def test_counts_are_true_while_articles_are_written(shelves: Library, mode: Mode) -> None:
    """With filters, facets and copies too: what is folded is counted beside what is shown."""
    chance = random.Random(mode.value)
    shelves.add(*random_archive(chance, 100))
    late = [_copied(one, chance) for one in random_archive(chance, 600)[100:]]
    begun = Event()

    def write() -> None:
        for start in range(0, len(late), 5):
            shelves.add(*late[start : start + 5])
            begun.set()

    writer = Thread(target=write)
    writer.start()
    begun.wait()
    answers = []
    while writer.is_alive() or not answers:
        asked = {
            "mode": mode,
            "sort": chance.choice(list(Sort)),
            "facets": (Facet.SECTION,),
            "filters": Filters(section=chance.choice([(), ("news",), ("news", "sport")])),
            "collapse": chance.choice([Collapse.NONE, Collapse.DUPLICATES]),
        }
        answers.append(walk(shelves, " ".join(chance.sample(WORDS, 2)), **asked, limit=40))
    writer.join()

    for shown, pages in answers:
        folded = [id_ for page in pages for hit in page.hits for id_ in hit.folded]
        walked = [*shown, *folded]
        articles = [shelves.archive.entry(id_).revision.article for id_ in walked]
        sections = Counter(one.section for one in articles if one.section)
        assert len(walked) == len(set(walked)) == pages[0].counts.total
        assert dict(pages[0].counts.facets[Facet.SECTION]) == sections


def _copied(one: Entry, chance: random.Random) -> Entry:
    """Now and then a copy of one of a few others."""
    if chance.random() < 0.7:
        return one
    copied = replace(one.revision, copy_hash=f"copies-{chance.randrange(20)}")
    return replace(one, revision=copied)


def test_everything_with_a_word_of_the_query_is_in_the_keyword_match_set(shelves: Library) -> None:
    entries = random_archive(random.Random(5), 200)
    shelves.add(*entries)

    walked, _ = walk(shelves, "tram ferry", mode=Mode.KEYWORD, limit=50)

    expected = {
        one.revision.article.id
        for one in entries
        if {"tram", "ferry"}
        & set(f"{one.revision.article.title} {one.revision.article.text}".split())
    }
    assert set(walked) == expected


# --- what a query demands -------------------------------------------------------------------------


@pytest.mark.parametrize("mode", list(Mode))
def test_the_very_words_are_demanded_in_every_mode(stocked: Library, mode: Mode) -> None:
    stocked.add(article("bridge", "Bridge", "The harbour closes the storm season."))

    found = search(stocked, '"closes the harbour" storm', mode=mode)

    assert ids(found) == ["storm"]
    assert found.counts.total == 1


@pytest.mark.parametrize(
    ("quoted", "language", "text"),
    [
        ('"Der Spiegel"', "de", "Wie Der Spiegel berichtet, wurde die Fähre verkauft."),
        ('"Le Monde"', "fr", "Selon Le Monde, la mairie ferme la rue."),
        ('"東京"', "ja", "東京都に行きました。昨日のことです。"),
        ('"mairie fermee"', "fr", "La mairie fermée hier."),
    ],
)
def test_the_very_words_are_found_in_articles_of_any_language(
    stocked: Library, quoted: str, language: str, text: str
) -> None:
    """Little words are in the index of one language and not in that of another."""
    words = {"title": "Nothing", "text": text, "copy_hash": "abroad"}
    stocked.add(entry_of(id="abroad", language=language, **words))

    assert ids(search(stocked, quoted)) == ["abroad"]


def test_of_an_unwanted_word_with_a_hyphen_no_part_is_unwanted_alone(shelves: Library) -> None:
    shelves.add(
        article("office", "Years at the post office"),
        article("house", "Hard post-war years"),
        article("o", "Years of Brien"),
    )

    assert set(ids(search(shelves, "years -post-war", mode=Mode.KEYWORD))) == {"office", "o"}
    assert len(ids(search(shelves, "years -o'brien", mode=Mode.KEYWORD))) == 3


def test_all_but_one_section_is_answered_newest_first(stocked: Library) -> None:
    assert ids(search(stocked, "-section:politics")) == ["ferry", "storm"]


@pytest.mark.parametrize("mode", list(Mode))
def test_all_but_what_has_a_word_is_answered_newest_first(stocked: Library, mode: Mode) -> None:
    assert ids(search(stocked, "-ferry", mode=mode)) == ["mayor", "storm"]
    assert ids(search(stocked, '-"stays in harbour"', mode=mode)) == ["mayor", "storm"]


@pytest.mark.parametrize("mode", list(Mode))
def test_an_unwanted_phrase_of_little_words_is_left_out(shelves: Library, mode: Mode) -> None:
    shelves.add(
        article("had-no", "Storm", "The town had no storm warning."),
        article("had", "Storm", "The town had a storm warning, no more."),
    )

    assert ids(search(shelves, 'storm town warning -"had no"', mode=mode)) == ["had"]


@pytest.mark.parametrize("mode", list(Mode))
def test_what_comes_up_for_what_is_left_out_is_looked_at_too(shelves: Library, mode: Mode) -> None:
    """Only so many of the nearest are found, and all of these have what is unwanted."""
    shelves.add(
        *(article(f"with-{n:03}", "Storm", "Bus stop closed.") for n in range(NEAREST + 30)),
        *(article(f"near-{n}", "Storm", "Bus stop closed, or so they stop.") for n in range(9)),
        *(article(f"far-{n}", "Storm", "Stop the bus, they said.") for n in range(3)),
    )

    found = search(shelves, 'storm -"bus stop"', mode=mode)

    assert sorted(ids(found)) == ["far-0", "far-1", "far-2"]
    assert found.counts.total == 3


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("signs", ["?!", "£", "- -", "\u00ad"])
def test_signs_alone_find_nothing(stocked: Library, signs: str, mode: Mode) -> None:
    stocked.add(article("signs", "?! £ - -", "£ ?! - -"))

    found = search(stocked, signs, mode=mode, facets=(Facet.SECTION,))

    assert found.hits == ()
    assert found.counts.total == 0


def test_a_value_is_found_as_the_archive_writes_it(stocked: Library) -> None:
    stocked.add(article("perez", "Storm", authors=("José O'Pérez",), section="eSports"))

    assert ids(search(stocked, 'author:"jose o’perez"')) == ["perez"]
    assert ids(search(stocked, "storm section:esports")) == ["perez"]
    assert ids(search(stocked, "storm -section:ESPORTS", mode=Mode.KEYWORD)) == ["storm"]


def test_unwanted_words_and_values_leave_out(stocked: Library) -> None:
    assert ids(search(stocked, "harbour -ferry")) == ["storm"]
    assert ids(search(stocked, "harbour budget -section:news")) == ["mayor"]
    assert ids(search(stocked, 'harbour -"stays in harbour"')) == ["storm"]


def test_a_field_in_the_query_filters_and_counts(stocked: Library) -> None:
    found = search(stocked, "harbour budget section:news", facets=(Facet.SECTION,))

    assert set(ids(found)) == {"storm", "ferry"}
    assert found.counts.facets == {Facet.SECTION: (("news", 2),)}


def test_fields_alone_are_answered_newest_first(stocked: Library) -> None:
    found = search(stocked, "section:news")

    assert ids(found) == ["ferry", "storm"]
    assert found.counts.total == 2


@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.KEYWORD])
def test_who_quotes_the_very_words_comes_first(shelves: Library, mode: Mode) -> None:
    """The index has neither "were" nor "not": all three have the rest of the words as often."""
    filling = " Ferries go on at noon."
    shelves.add(
        article("after", "Notice", "The families were told after the funeral." + filling),
        article("asked", "Notice", "The funeral: families asked, and somebody told." + filling),
        article("quoted", "Notice", "Families were not told before the funeral." + filling),
    )

    found = search(shelves, "families were not told before the funeral", mode=mode)

    assert ids(found)[0] == "quoted"


def test_one_word_of_several_does_not_outweigh_the_meaning_of_all(shelves: Library) -> None:
    """The toy embedder means every word, the index of words leaves out the little ones."""
    shelves.add(
        article("meaning", "After the flight", "Over the sea, after the flight over."),
        article("word", "Rain", "Rain fell on tents and roofs all of that night."),
        article("other", "Trams"),
    )

    assert ids(search(shelves, "after the rain over"))[0] == "word"
    assert ids(search(shelves, "after the rain over zeppelin dirigible airfield"))[0] == "meaning"


# --- slips and age --------------------------------------------------------------------------------


@pytest.mark.parametrize("slip", ["harbuor", "harbor", "harrbour", "harbqur"])
def test_a_slip_of_the_keyboard_is_forgiven(stocked: Library, slip: str) -> None:
    assert set(ids(search(stocked, slip, mode=Mode.KEYWORD))) == {"storm", "ferry"}


def test_a_word_the_archive_knows_is_taken_as_it_is(stocked: Library) -> None:
    stocked.add(article("harbor", "Harbor"))

    assert ids(search(stocked, "harbor", mode=Mode.KEYWORD)) == ["harbor"]


def test_on_request_a_newer_article_overtakes_an_older_one_that_fits_as_well(
    stocked: Library,
) -> None:
    stocked.add(article("old", "Storm closes the harbour", days=-400))

    plain = search(stocked, "storm closes harbour", mode=Mode.KEYWORD)
    recent = search(stocked, "storm closes harbour", mode=Mode.KEYWORD, recency=timedelta(days=7))

    assert ids(plain)[:2] == ["old", "storm"]
    assert ids(recent)[0] == "storm"
    assert recent.counts.total == plain.counts.total


# --- names and numbers with a mark within ---------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("AT&T", ["AT&T", "at&t", "ATT"]),
        ("O'Neill", ["O'Neill", "O’Neill", "o'neill", "ONeill", "oneill"]),
        ("e-mail", ["e-mail", "email", "emails"]),
        ("9/11", ["9/11"]),
        ("F-16", ["F-16", "F16"]),
        ("U.N.", ["U.N.", "UN"]),
        ("$1.13bn", ["$1.13bn", "£1,13bn"]),
        ("3–0", ["3-0", "3–0"]),
        ("Half-Life", ["half-life", "halflife"]),
    ],
)
def test_a_name_with_a_mark_within_is_found_above_its_pieces(
    shelves: Library, written: str, typed: list[str]
) -> None:
    """The pieces alone are in every other article."""
    pieces = "at t o neill e mail 9 11 f 16 u n 1 13bn 3 0 half life"
    shelves.add(article("name", "Council", f"The mayor spoke about {written} for an hour."))
    shelves.add(*(article(f"pieces{n}", "Council", f"It has {pieces}.") for n in range(9)))

    for text in typed:
        assert ids(search(shelves, text, mode=Mode.KEYWORD))[0] == "name", text


def test_numbers_are_not_joined_to_other_numbers(shelves: Library) -> None:
    shelves.add(article("score", "They won 3-0"), article("price", "It costs 9.11"))

    assert ids(search(shelves, "30", mode=Mode.KEYWORD)) == []
    assert ids(search(shelves, "911", mode=Mode.KEYWORD)) == []
    assert ids(search(shelves, "9/11", mode=Mode.KEYWORD, limit=1)) == ["price"]


def test_short_forms_are_no_names(shelves: Library) -> None:
    shelves.add(article("its", "The town and its river"), article("rain", "Rain in the hills"))

    assert ids(search(shelves, "it's rain", mode=Mode.KEYWORD)) == ["rain"]
