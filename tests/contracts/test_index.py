"""What every index promises, whatever engine is behind it."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from backstory_shared.adapters.lexical import Bm25TermEncoder
from backstory_shared.articles import Span
from backstory_shared.errors import ModelMismatch
from backstory_shared.ports import (
    Demands,
    Embedded,
    Facet,
    Filters,
    IndexEntry,
    MatchSet,
    ModelCard,
    Passage,
    Question,
)
from support.indexes import (
    DURABLE,
    IN_PASSAGES,
    MODEL,
    PLACES,
    START,
    AnyIndex,
    Place,
    direction,
    entry,
    terms,
)

EVERYTHING = MatchSet()
WITH_TERM = MatchSet(terms=(1,))


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return PLACES[request.param](tmp_path)


@pytest.fixture
def index(place: Place) -> Iterator[AnyIndex]:
    with place.open(MODEL) as opened:
        yield opened


def known(index: AnyIndex) -> dict[str, int]:
    return dict(index.revisions())


# --- old work never wins --------------------------------------------------------------------------


def test_a_new_article_is_found_at_once(index: AnyIndex) -> None:
    index.write([entry("a")])

    assert known(index) == {"a": 1}
    assert index.by_date(EVERYTHING, newest_first=True, limit=10) == ["a"]


def test_the_revisions_of_some_are_asked_for_by_their_ids(index: AnyIndex) -> None:
    index.write([entry(f"a{number}", 1 + number % 3) for number in range(500)])
    asked = [f"a{number}" for number in range(100, 450)]

    assert index.revisions_of([*asked, "never-seen"]) == {
        f"a{number}": 1 + number % 3 for number in range(100, 450)
    }
    assert index.revisions_of([]) == {}


def test_a_newer_revision_replaces_the_older(index: AnyIndex) -> None:
    index.write([entry("a", 1, section="old", lexical=terms(1))])
    index.write([entry("a", 2, section="new", lexical=terms(2))])

    assert known(index) == {"a": 2}
    assert index.counts(EVERYTHING, [Facet.SECTION]).facets[Facet.SECTION] == (("new", 1),)
    assert index.counts(WITH_TERM, []).total == 0


def test_a_late_write_of_an_older_revision_changes_nothing(index: AnyIndex) -> None:
    index.write([entry("a", 2, section="new", lexical=terms(2))])
    index.write([entry("a", 1, section="old", lexical=terms(1))])

    assert known(index) == {"a": 2}
    assert index.counts(EVERYTHING, [Facet.SECTION]).facets[Facet.SECTION] == (("new", 1),)
    assert index.vectors(["a"])["a"][1].indices == (2,)


def test_one_revision_written_again_is_replaced(index: AnyIndex) -> None:
    index.write([entry("a", 1, section="first")])
    index.write([entry("a", 1, section="second")])

    assert index.counts(EVERYTHING, [Facet.SECTION]).facets[Facet.SECTION] == (("second", 1),)


def test_one_batch_may_hold_several_revisions_of_an_article(index: AnyIndex) -> None:
    index.write([entry("a", 3), entry("b", 1), entry("a", 2)])

    assert known(index) == {"a": 3, "b": 1}


def test_a_batch_with_one_late_write_keeps_the_rest(index: AnyIndex) -> None:
    index.write([entry("late", 5)])
    index.write([entry("late", 4), entry("fresh", 4), entry("other", 1)])

    assert known(index) == {"late": 5, "fresh": 4, "other": 1}


def test_a_deleted_article_is_gone(index: AnyIndex) -> None:
    index.write([entry("a", 1), entry("b", 1)])
    index.remove({"a": 2})

    assert known(index) == {"b": 1}
    assert index.counts(WITH_TERM, []).total == 1
    assert index.vectors(["a"]) == {}


def test_a_late_deletion_of_an_older_revision_changes_nothing(index: AnyIndex) -> None:
    index.write([entry("a", 3)])
    index.remove({"a": 2})

    assert known(index) == {"a": 3}


def test_a_write_after_the_deletion_is_undone_by_deleting_again(index: AnyIndex) -> None:
    index.write([entry("a", 1)])
    index.remove({"a": 2})
    index.write([entry("a", 1)])
    index.remove({"a": 2})

    assert known(index) == {}
    assert index.counts(EVERYTHING, []).total == 0


def test_an_article_comes_back_above_its_tombstone(index: AnyIndex) -> None:
    index.write([entry("a", 1)])
    index.remove({"a": 2})
    index.write([entry("a", 3)])
    index.remove({"a": 2})

    assert known(index) == {"a": 3}


def test_deleting_what_is_not_there_does_no_harm(index: AnyIndex) -> None:
    index.write([entry("a")])
    index.remove({"never-seen": 7})

    assert known(index) == {"a": 1}


def test_empty_writes_and_questions_are_answered(index: AnyIndex) -> None:
    index.write([])
    index.remove({})

    assert len(index.candidates(Question()).dense) == 0
    assert len(index.candidates(Question(lexical=terms(), dense=direction(1))).lexical) == 0
    assert index.counts(MatchSet(terms=()), [Facet.TAG]).total == 0


def test_more_than_one_batch_of_entries_is_written_whole(index: AnyIndex) -> None:
    index.write([entry(f"article-{n}") for n in range(200)])

    assert len(known(index)) == 200


# --- what is found --------------------------------------------------------------------------------


def test_the_nearest_come_first_and_nothing_below_the_floor(index: AnyIndex) -> None:
    near, far, away = direction(1, 0.1), direction(1, 1), direction(0, 1)
    index.write([entry("away", dense=away), entry("far", dense=far), entry("near", dense=near)])

    found = index.candidates(Question(dense=direction(1), floor=0.5)).dense

    assert [one.id for one in found] == ["near", "far"]
    assert found[1].score == pytest.approx(0.7071, abs=0.001)


def test_rare_terms_weigh_more_than_common_ones(index: AnyIndex) -> None:
    index.write([entry(f"common-{n}", lexical=terms(1)) for n in range(9)])
    index.write([entry("rare", lexical=terms(2))])

    found = index.candidates(Question(lexical=terms(1, 2))).lexical

    assert [one.id for one in found[:2]] == ["rare", "common-0"]


@pytest.mark.parametrize(
    ("language", "text", "asked", "stop_words"),
    [
        ("en", "The elections were postponed after the storms", "election storm", "the were after"),
        ("es", "Las elecciones fueron aplazadas por las tormentas", "elección tormenta", "las por"),
        ("de", "Die Wahlen wurden nach den Stürmen verschoben", "Wahl Sturm", "die nach den"),
        ("fr", "Les élections sont reportées après les tempêtes", "élection tempête", "les sont"),
        ("pt", "As eleições foram adiadas após as tempestades", "eleição tempestade", "as foram"),
    ],
)
def test_every_main_language_is_stemmed_and_its_stop_words_find_nothing(
    index: AnyIndex, language: str, text: str, asked: str, stop_words: str
) -> None:
    encoder = Bm25TermEncoder()
    passage = Passage(title="", text=text, language=language)
    index.write([entry("a", lexical=encoder.encode_passage(passage)), entry("b")])

    def found(query: str) -> list[str]:
        lexical = encoder.encode_query(query)
        return list(index.candidates(Question(lexical=lexical)).lexical.ids)

    assert all(found(word) == ["a"] for word in asked.split())
    assert found(f"{stop_words} zeppelin") == []


def test_ties_are_ordered_by_id(index: AnyIndex) -> None:
    index.write([entry(article_id) for article_id in ("c", "a", "b")])

    found = index.candidates(Question(dense=direction(1), lexical=terms(1)))

    assert [one.id for one in found.dense] == ["a", "b", "c"]
    assert [one.id for one in found.lexical] == ["a", "b", "c"]


def test_excluded_articles_take_nobodys_place(index: AnyIndex) -> None:
    index.write([entry("best", dense=direction(1)), entry("next", dense=direction(1, 0.2))])

    found = index.candidates(
        Question(
            dense=direction(1),
            lexical=terms(1),
            dense_limit=1,
            lexical_limit=1,
            excluded=frozenset({"best", "not-in-the-index"}),
        )
    )

    assert [one.id for one in found.dense] == ["next"]
    assert [one.id for one in found.lexical] == ["next"]


def test_values_within_a_field_are_alternatives_and_fields_must_all_agree(index: AnyIndex) -> None:
    index.write([entry("a", section="news", tags=("x", "y")), entry("b", section="sport")])
    index.write([entry("c", section="arts", tags=("y",)), entry("d", section="news")])

    found = index.by_date(
        MatchSet(filters=Filters(section=("news", "arts"), tag=("y",))),
        newest_first=True,
        limit=10,
    )

    assert found == ["a", "c"]


def test_from_is_included_and_until_is_not(index: AnyIndex) -> None:
    index.write([entry("before", days=-1), entry("start", days=0), entry("end", days=1)])

    within = Filters(published_from=START, published_until=START + timedelta(days=1))

    assert index.by_date(MatchSet(filters=within), newest_first=True, limit=9) == ["start"]


def test_dates_are_compared_to_the_microsecond(index: AnyIndex) -> None:
    index.write([entry("a", days=0)])

    just_after = Filters(published_from=START + timedelta(microseconds=1))

    assert index.counts(MatchSet(filters=just_after), []).total == 0


def test_lists_by_date_go_either_way_with_ties_by_id(index: AnyIndex) -> None:
    index.write([entry("old", days=1), entry("z", days=2), entry("a", days=2)])

    assert index.by_date(EVERYTHING, newest_first=True, limit=9) == ["a", "z", "old"]
    assert index.by_date(EVERYTHING, newest_first=False, limit=2) == ["old", "a"]


def test_vectors_come_back_as_they_were_written(index: AnyIndex) -> None:
    index.write([entry("a", dense=direction(0.6, 0.8), lexical=terms(7, 9, weight=0.5))])

    dense, lexical = index.vectors(["a", "unknown"])["a"]

    assert dense @ direction(0.6, 0.8) == pytest.approx(1, abs=0.001)
    assert dict(zip(lexical.indices, lexical.values, strict=True)) == {7: 0.5, 9: 0.5}


# --- passages -------------------------------------------------------------------------------------


def test_an_article_is_as_near_as_its_nearest_passage_and_counts_once(place: Place) -> None:
    with place.open(IN_PASSAGES) as index:
        two = entry("two", dense=np.stack([direction(0, 1), direction(1, 0.1)]), tags=("x",))
        index.write([two, entry("one", dense=np.stack([direction(1, 0.5)]), tags=("x",))])

        found = index.candidates(Question(dense=direction(1))).dense

        assert [one.id for one in found] == ["two", "one"]
        assert found[0].score == pytest.approx(0.995, abs=0.001)
        assert index.counts(EVERYTHING, [Facet.TAG]).facets[Facet.TAG] == (("x", 2),)


def test_the_passage_that_is_nearest_is_known(place: Place) -> None:
    spans = (Span(0, 40), Span(41, 90))
    rows = np.stack([direction(0, 1), direction(1)])
    with place.open(IN_PASSAGES) as index:
        index.write([entry("long", dense=rows, spans=spans), entry("short", dense=rows[:1])])

        assert index.nearest_passages(direction(0.9, 0.1), ["long", "short", "unknown"]) == {
            "long": Span(41, 90)
        }
        assert index.nearest_passages(direction(0.1, 0.9), ["long"]) == {"long": Span(0, 40)}


def test_what_the_vectors_of_an_article_are_of_is_known(place: Place) -> None:
    rows = np.stack([direction(0, 1), direction(1)])
    spans = (Span(0, 40), Span(41, 90))
    with place.open(IN_PASSAGES) as index:
        index.write([entry("long", 3, dense=rows, spans=spans, coverage=0.75)])

        assert index.embedded(["long", "unknown"]) == {
            "long": Embedded(revision=3, passages=2, coverage=0.75)
        }


def test_an_article_of_one_vector_is_one_passage(index: AnyIndex) -> None:
    index.write([entry("a")])

    assert index.embedded(["a"]) == {"a": Embedded(revision=1, passages=1, coverage=1.0)}


def test_an_article_with_passages_has_the_direction_of_their_sum(place: Place) -> None:
    with place.open(IN_PASSAGES) as index:
        index.write([entry("a", dense=np.stack([direction(1), direction(0, 1)]))])

        dense, _ = index.vectors(["a"])["a"]

        assert dense @ direction(1, 1) == pytest.approx(1, abs=0.001)


# --- counts are true ------------------------------------------------------------------------------


def random_entries(chance: random.Random, count: int) -> list[IndexEntry]:
    return [
        entry(
            f"article-{n}",
            dense=direction(*(chance.gauss(0, 1) for _ in range(8))),
            lexical=terms(*chance.sample(range(30), chance.randint(1, 8))),
            days=chance.randint(0, 20),
            section=chance.choice(["news", "sport", None]),
            tags=tuple(chance.sample(["x", "y", "z"], chance.randint(0, 3))),
            authors=tuple(chance.sample(["Ana", "Bo"], chance.randint(0, 2))),
            source=chance.choice(["wire", None]),
            language=chance.choice(["en", "de"]),
        )
        for n in range(count)
    ]


def random_matches(chance: random.Random, entries: list[IndexEntry]) -> MatchSet:
    some = [one.id for one in chance.sample(entries, 12)]
    return MatchSet(
        terms=chance.choice([None, tuple(chance.sample(range(40), 3))]),
        nearest=chance.choice([None, tuple(some[:6])]),
        filters=Filters(
            section=chance.choice([(), ("news",), ("news", "sport")]),
            tag=chance.choice([(), ("x",), ("y", "z")]),
            published_from=chance.choice([None, START + timedelta(days=5)]),
            published_until=chance.choice([None, START + timedelta(days=15)]),
        ),
        excluded=frozenset(some[chance.randint(3, 12) :]),
    )


def belongs(one: IndexEntry, matches: MatchSet) -> bool:
    """The definition of the match set, spelled out."""
    filters = matches.filters
    asked = matches.terms is not None or matches.nearest is not None
    found = not asked or (
        bool(set(one.lexical.indices) & set(matches.terms or ()))
        or one.id in (matches.nearest or ())
    )
    return (
        found
        and one.id not in matches.excluded
        and (not filters.section or one.section in filters.section)
        and (not filters.tag or bool(set(one.tags) & set(filters.tag)))
        and (filters.published_from is None or one.sort_at >= filters.published_from)
        and (filters.published_until is None or one.sort_at < filters.published_until)
    )


def values(one: IndexEntry, facet: Facet) -> tuple[str, ...]:
    single = {Facet.SECTION: one.section, Facet.SOURCE: one.source, Facet.LANGUAGE: one.language}
    if facet in single:
        return tuple(value for value in (single[facet],) if value is not None)
    return one.tags if facet is Facet.TAG else one.authors


@pytest.mark.parametrize("seed", range(4))
def test_totals_facets_and_dates_are_those_of_the_definition(index: AnyIndex, seed: int) -> None:
    chance = random.Random(seed)
    entries = random_entries(chance, 150)
    index.write(entries)

    for matches in (random_matches(chance, entries) for _ in range(40)):
        expected = [one for one in entries if belongs(one, matches)]
        counts = index.counts(matches, list(Facet))
        by_date = index.by_date(matches, newest_first=True, limit=1_000)

        assert counts.total == len(expected)
        for facet in Facet:
            tally = Counter(value for one in expected for value in values(one, facet))
            assert counts.facets[facet] == tuple(
                sorted(tally.items(), key=lambda item: (-item[1], item[0]))
            )
        expected.sort(key=lambda one: (-one.sort_at.timestamp(), one.id))
        assert by_date == [one.id for one in expected]


def test_both_lists_are_within_the_match_set(index: AnyIndex) -> None:
    chance = random.Random(7)
    entries = random_entries(chance, 150)
    index.write(entries)
    filters = Filters(section=("news",))

    found = index.candidates(Question(dense=direction(1), lexical=terms(1, 2), filters=filters))

    with_terms = MatchSet(terms=(1, 2), filters=filters)
    expected = {one.id for one in entries if belongs(one, with_terms)}
    assert {one.id for one in found.lexical} == expected
    assert {one.id for one in found.dense} == {
        one.id for one in entries if one.section == "news"
    } - {one.id for one in entries if float(one.dense @ direction(1)) < -1}


# --- folders --------------------------------------------------------------------------------------


def test_all_is_there_when_opened_again(place: Place) -> None:
    with place.open(MODEL) as index:
        index.write([entry("a", 2, section="news", tags=("x",)), entry("b", 1)])
        index.remove({"b": 1})
        index.flush()

    with place.open(MODEL) as index:
        index.write([entry("a", 1), entry("c", 1)])

        assert known(index) == {"a": 2, "c": 1}
        assert index.counts(EVERYTHING, [Facet.TAG]).facets[Facet.TAG] == (("x", 1),)


@pytest.mark.parametrize(
    "other",
    [
        ModelCard(id="another", dimension=8, floor=0.2),
        ModelCard(id="toy-8d", dimension=16, floor=0.2),
        ModelCard(id="toy-8d", dimension=8, floor=0.2, passages=True),
    ],
)
def test_another_model_is_refused_with_the_way_out(place: Place, other: ModelCard) -> None:
    with place.open(MODEL) as index:
        index.write([entry("a")])

    with pytest.raises(ModelMismatch, match="backstory reindex"), place.open(other):
        pass


def test_a_new_floor_does_not_make_another_model(place: Place) -> None:
    with place.open(MODEL):
        pass

    with place.open(ModelCard(id=MODEL.id, dimension=MODEL.dimension, floor=0.9)) as index:
        assert known(index) == {}


def test_threads_may_share_an_index(index: AnyIndex) -> None:
    def write(name: str) -> None:
        for n in range(20):
            index.write([entry(f"{name}-{n}-{k}") for k in range(8)])

    writers = [Thread(target=write, args=(name,)) for name in ("left", "right")]
    for thread in writers:
        thread.start()
    totals = [index.counts(WITH_TERM, [Facet.TAG]).total for _ in range(50)]
    for thread in writers:
        thread.join()

    assert totals == sorted(totals)
    assert len(known(index)) == 320


WRITER = """
import sys
from pathlib import Path
from support.indexes import MODEL, PLACES, entry

with PLACES[sys.argv[1]](Path(sys.argv[2])).open(MODEL) as index:
    for n in range(1_000_000):
        index.write([entry(f"article-{n}")])
        print(n, flush=True)
"""


@pytest.mark.parametrize("adapter", DURABLE)
def test_nothing_acknowledged_is_lost_when_the_program_is_killed(
    adapter: str, tmp_path: Path
) -> None:
    place = PLACES[adapter](tmp_path)  # before the writer: it must find the server that we ask
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, adapter, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert writer.stdout is not None
    lines = [next(writer.stdout) for _ in range(300)]
    writer.send_signal(signal.SIGKILL)
    acknowledged = [int(line) for line in [*lines, *writer.stdout]]
    writer.wait()

    with place.open(MODEL) as index:
        assert {f"article-{n}" for n in acknowledged} <= known(index).keys()


# --- demands --------------------------------------------------------------------------------------

DEMANDED = {
    "one word of each": (Demands(words=((1, 9), (2,))), {"both"}),
    "none of these words": (Demands(without=(2, 3)), {"first"}),
    "no such value": (Demands(unwanted=((Facet.TAG, "sport"),)), {"first", "second"}),
    "all of it": (Demands(words=((2,),), without=(3,), unwanted=((Facet.TAG, "news"),)), {"both"}),
}


@pytest.fixture
def demanding(index: AnyIndex) -> AnyIndex:
    index.write(
        [
            entry("first", lexical=terms(1), tags=("news",)),
            entry("both", lexical=terms(1, 2), tags=("sport",)),
            entry("second", lexical=terms(2, 3), tags=("news",), days=1),
        ]
    )
    return index


@pytest.mark.parametrize(("demands", "met"), DEMANDED.values(), ids=DEMANDED.keys())
def test_demands_hold_for_lists_counts_and_dates(
    demanding: AnyIndex, demands: Demands, met: set[str]
) -> None:
    asked = Question(dense=direction(1), lexical=terms(1, 2, 3), demands=demands)
    found = demanding.candidates(asked)
    matches = MatchSet(demands=demands)

    assert set(found.dense.ids) == set(found.lexical.ids) == met
    assert demanding.counts(matches, []).total == len(met)
    assert set(demanding.by_date(matches, newest_first=True, limit=9)) == met


def test_demands_that_nothing_meets_find_nothing(demanding: AnyIndex) -> None:
    demands = Demands(words=((77,),))

    found = demanding.candidates(Question(dense=direction(1), lexical=terms(1), demands=demands))

    assert not found.dense.ids
    assert not found.lexical.ids
    assert demanding.counts(MatchSet(demands=demands), []).total == 0


# --- terms and dates ------------------------------------------------------------------------------


def test_frequencies_are_of_the_articles_that_are_there(demanding: AnyIndex) -> None:
    demanding.remove({"second": 1})

    assert demanding.frequencies([1, 2, 3, 77]) == {1: 2, 2: 1}
    assert demanding.frequencies([]) == {}


def test_sort_times_are_those_written(demanding: AnyIndex) -> None:
    times = demanding.sort_times(["second", "never-seen", "first"])

    assert times == {"first": START, "second": START + timedelta(days=1)}
