"""The words of a query as the index knows them."""

import pytest

from backstory_search.wording import ReadWording
from backstory_shared.ports import Entry, Passage
from support.archive import Library, entry_of


def article(article_id: str, title: str) -> Entry:
    return entry_of(id=article_id, title=title, text="Nothing else.", language="en")


@pytest.fixture
def read(shelves: Library) -> ReadWording:
    shelves.add(article("storm", "Storm closes the harbour"), article("ferry", "Harbour ferries"))
    return ReadWording(shelves.terms, shelves.index, shelves.archive)


def test_each_word_says_in_how_many_articles_it_is(read: ReadWording) -> None:
    assert read("Harbour storm").frequencies == (2, 1)


def test_a_word_is_found_in_any_of_its_forms(read: ReadWording) -> None:
    assert read("ferry storms").frequencies == (1, 1)


def test_stop_words_say_nothing(read: ReadWording) -> None:
    assert read("the harbour of the storm").frequencies == (2, 1)


def test_a_name_that_nobody_has_written_about_is_in_no_article(read: ReadWording) -> None:
    assert read("Zeppelin harbour").frequencies == (0, 2)


def test_a_slip_is_what_was_meant_and_is_not_held_against_anybody(
    shelves: Library, read: ReadWording
) -> None:
    slip = read("harbuor storm")

    assert set(shelves.terms.encode_query("harbour").indices) & set(slip.terms.indices)
    assert slip.frequencies == (1,)


def test_a_pasted_text_is_not_looked_up_word_by_word(read: ReadWording) -> None:
    pasted = " ".join(f"harbour{n}" for n in range(13))

    assert read(pasted).frequencies == ()


def test_a_slip_that_meets_the_stem_of_another_language_is_a_slip_all_the_same(
    shelves: Library, read: ReadWording
) -> None:
    """The French stem of "parliment" is that of "parler"."""
    shelves.add(
        article("mps", "Parliament votes"),
        entry_of(id="parler", title="Parler au maire", text="Rien de plus.", language="fr"),
    )
    french = shelves.terms.encode_passage(Passage(title="", text="parler", language="fr"))

    slip = read("parliment votes")

    assert set(shelves.terms.encode_query("parliament").indices) & set(slip.terms.indices)
    assert not set(french.indices) & set(slip.terms.indices)
    assert slip.frequencies == (1,)


def test_a_word_of_a_language_with_few_articles_is_no_slip(
    shelves: Library, read: ReadWording
) -> None:
    """However near it is to words of the language that most are in."""
    shelves.add(
        article("parker", "Parker paroled"),
        entry_of(id="parler", title="Parler au maire", text="Rien de plus.", language="fr"),
    )
    parker = shelves.terms.encode_passage(Passage(title="", text="parker", language="en"))

    assert not set(parker.indices) & set(read("parler").terms.indices)
    assert read("parler").frequencies == (1,)


def test_a_name_is_not_taken_for_the_stem_it_would_have_in_another_language(
    shelves: Library, read: ReadWording
) -> None:
    """The French stem of "Muller" is "mull", an English verb; and "Mueller" is one letter away."""
    shelves.add(article("verb", "Ministers mull tax"), article("name", "Mueller resigns"))
    verb = shelves.terms.encode_passage(Passage(title="", text="mull", language="en"))

    assert not set(verb.indices) & set(read("Muller").terms.indices)


def test_a_slip_that_meets_the_stem_of_a_rare_word_is_a_slip_all_the_same(
    shelves: Library, read: ReadWording
) -> None:
    """The stem of "goverment" is that of "governess", and not that of "government"."""
    shelves.add(article("rare", "Governess retires"))
    shelves.add(*(article(f"common{n}", f"Government falls in week {n}") for n in range(7)))

    slip = read("goverment")

    assert set(slip.terms.indices) & set(shelves.terms.encode_query("government").indices)
    assert not set(slip.terms.indices) & set(shelves.terms.encode_query("governess").indices)


def test_another_form_of_a_rare_name_is_no_slip_of_a_common_one(
    shelves: Library, read: ReadWording
) -> None:
    shelves.add(article("rare", "Smyth retires"))
    shelves.add(*(article(f"common{n}", f"Smith speaks in week {n}") for n in range(7)))

    assert read("Smyths").frequencies == (1,)
