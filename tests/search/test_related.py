"""Related articles: on the same story, never the same article, none rather than wrong ones."""

from collections.abc import Callable

import pytest

from backstory_search.related import Relation
from backstory_shared.errors import Gone, NotFound, NotReady
from backstory_shared.ports import Entry, Filters
from backstory_shared.text.names import mentions_of, shared_names
from support.archive import Library, corrected, entry_of

STORM = (
    "Winds of a hundred kilometres closed the harbour of Port Ellery on Monday. "
    "Harbour master Runa Quill said that no ferry would sail before Wednesday."
)
AFTER = (
    "The ferries sail again from the harbour of Port Ellery after the winds. "
    "No damage was left, said harbour master Runa Quill, and the ferry would sail as before."
)
CHESS = "A grandmaster won the chess tournament in nine moves, to the surprise of the audience."


def article(article_id: str, text: str, **fields: object) -> Entry:
    return entry_of(id=article_id, title=text.split(".")[0], text=text, language="en", **fields)


@pytest.fixture
def stocked(shelves: Library) -> Library:
    shelves.add(article("storm", STORM), article("after", AFTER), article("chess", CHESS))
    shelves.add(*(article(f"filler-{n}", f"Filler {n} about pottery {n}") for n in range(20)))
    return shelves


def related(shelves: Library, article_id: str, limit: int = 5) -> list[Relation]:
    return shelves.reading.related(article_id, filters=Filters(), limit=limit)


def ids(relations: list[Relation]) -> list[str]:
    return [one.entry.revision.article.id for one in relations]


def test_the_follow_up_is_related_both_ways(stocked: Library) -> None:
    assert ids(related(stocked, "storm")) == ["after"]
    assert ids(related(stocked, "after")) == ["storm"]


def test_nothing_is_related_to_an_article_on_its_own(stocked: Library) -> None:
    assert related(stocked, "chess") == []


def test_a_relation_says_what_both_speak_of(stocked: Library) -> None:
    (relation,) = related(stocked, "storm")

    assert relation.because == ("Port Ellery", "Runa Quill")
    assert 0 < relation.score <= 1


def test_exact_copies_are_not_related(stocked: Library) -> None:
    stocked.add(article("copy", STORM))

    assert ids(related(stocked, "storm")) == ["after"]


def test_deleted_and_changed_articles_are_not_related(stocked: Library) -> None:
    stocked.archive.delete("after")

    assert related(stocked, "storm") == []


def test_filters_hold(stocked: Library) -> None:
    found = stocked.reading.related("storm", filters=Filters(section=("sport",)), limit=5)

    assert found == []


def test_an_article_that_is_not_indexed_is_not_ready(stocked: Library) -> None:
    stocked.archive.put(article("new", "Just in."))

    with pytest.raises(NotReady):
        related(stocked, "new")


def test_a_changed_article_keeps_its_relations_while_it_is_indexed_again(stocked: Library) -> None:
    stocked.archive.put(corrected(stocked.archive.entry("storm"), title="Corrected"))
    stocked.archive.dirty.add("storm")

    assert ids(related(stocked, "storm")) == ["after"]


def test_an_unknown_article_and_a_deleted_one_are_told_apart(stocked: Library) -> None:
    stocked.archive.delete("chess")

    with pytest.raises(NotFound):
        related(stocked, "never-seen")
    with pytest.raises(Gone):
        related(stocked, "chess")


def test_an_article_without_words_is_related_to_nothing(stocked: Library) -> None:
    stocked.add(article("empty", "?!"))

    assert related(stocked, "empty") == []


def test_a_capital_at_the_beginning_of_a_sentence_makes_no_name() -> None:
    one = mentions_of("Ferries sail. “Nobody knows,” said Quill. Ferries wait.")
    other = mentions_of("Ferries wait. Nobody knows, except Quill.")

    assert shared_names(one.names, other.names) == ("Quill",)


def test_the_longer_name_stands_for_its_parts() -> None:
    one = mentions_of("They met Runa Quill there, and Quill spoke to Runa Quill.")
    other = mentions_of("It was Runa Quill; only Quill.")

    assert shared_names(one.names, other.names) == ("Runa Quill",)


def test_a_name_that_begins_a_sentence_is_whole_if_the_text_has_it_elsewhere() -> None:
    found = mentions_of("Pellstow Town won. All of Pellstow sang. The Town Hall was lit.", "en")

    assert dict(found.names) == {"Pellstow Town": 1, "Pellstow": 1, "Town Hall": 1}


def test_a_possessive_is_no_part_of_a_name() -> None:
    found = mentions_of("It was Voltara's Annika Ryding, of Voltara.", "en")

    assert dict(found.names) == {"Voltara": 2, "Annika Ryding": 1}


def test_what_is_counted_or_measured_is_no_name_where_nouns_have_capitals() -> None:
    text = "Das kostet 17 Millionen Euro und Kubikmeter Wasser, sagte am Dienstag Ute Kolb."

    assert dict(mentions_of(text, "de").names) == {"Ute Kolb": 1}
    assert mentions_of("Sie kam am Dienstag. Wer kam?", "de").names == {}


@pytest.mark.parametrize("change", [str.lower, str.upper])
def test_names_are_found_in_a_text_whose_capitals_say_nothing(change: Callable[[str], str]) -> None:
    said = "The storm came over Ciudad Madero, where Tampico lost its roofs on Monday."

    found = mentions_of(change(said), "en")

    assert dict(found.names) == {"Ciudad Madero": 1, "Tampico": 1}
    assert mentions_of(change(said), "fr").names == {}
