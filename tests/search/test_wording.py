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


def test_in_an_archive_of_one_language_no_word_is_stemmed_as_in_another(
    shelves: Library, read: ReadWording
) -> None:
    anywhere = set(shelves.terms.encode_query("harbours ferries").indices)

    wording = read("harbours ferries")

    assert set(wording.terms.indices) == set(
        shelves.terms.encode_query("harbours ferries", ["en"]).indices
    )
    assert set(wording.terms.indices) < anywhere


def test_a_word_of_a_language_of_few_articles_is_found_all_the_same(
    shelves: Library, read: ReadWording
) -> None:
    shelves.add(*(article(f"more-{n}", "The council meets") for n in range(60)))
    shelves.add(entry_of(id="it", title="Le elezioni comunali", text="Altro.", language="it"))

    wording = read("elezione harbour")
    titled = shelves.terms.encode_passage(Passage(title="Le elezioni", text="", language="it"))

    assert set(wording.terms.indices) & set(titled.indices)
    assert wording.frequencies == (1, 2)


def test_every_language_that_many_articles_are_in_is_read(
    shelves: Library, read: ReadWording
) -> None:
    shelves.add(entry_of(id="de", title="Der Hafen", text="Die Wahl.", language="de"))

    wording = read("Wahlen storms")

    assert wording.frequencies == (1, 1)
    assert wording.articles == 3


def test_numbers_are_told_from_words(read: ReadWording) -> None:
    wording = read("harbour 1,500 F16")

    assert sorted(wording.frequencies) == [0, 0, 2]
    assert wording.numbers == (0, 0)


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


def test_where_one_language_is_looked_through_words_are_read_in_that(
    shelves: Library, read: ReadWording
) -> None:
    shelves.add(*(article(f"more-{n}", "Elezion fever") for n in range(60)))
    shelves.add(entry_of(id="it", title="Le elezioni comunali", text="Altro.", language="it"))

    wording = read("elezione", ("it",))
    titled = shelves.terms.encode_passage(Passage(title="Le elezioni", text="", language="it"))

    assert set(wording.terms.indices) & set(titled.indices)


def test_of_two_neighbours_that_one_is_meant_which_is_a_word_one_slip_away(
    shelves: Library, read: ReadWording
) -> None:
    """ "Minuters" would have the stem of "minute", of which there is more."""
    shelves.add(*(article(f"minute{n}", f"The last minute of week {n}") for n in range(9)))
    shelves.add(article("ministers", "Ministers meet"), article("minister", "Minister resigns"))

    assert read("minsters").meant == {"minsters": ("ministers",)}


def test_a_slip_that_happens_easily_is_likelier_than_a_rare_one(
    shelves: Library, read: ReadWording
) -> None:
    """Both are words; more have the one that hardly anybody would mistype so."""
    shelves.add(article("storm-2", "Storm over the hills"))
    shelves.add(*(article(f"rare{n}", f"Storxm over the hills in week {n}") for n in range(3)))

    assert read("storrm").meant == {"storrm": ("storm",)}


def test_two_words_without_their_space_are_two_words(shelves: Library, read: ReadWording) -> None:
    shelves.add(
        article("club", "Football club sold"), article("apart", "Club sells football tickets")
    )

    parted = read("footballclub")

    assert parted.meant == {"footballclub": ("football club",)}
    assert set(parted.terms.indices) >= set(shelves.terms.encode_query("football").indices)


def test_words_that_nowhere_follow_each_other_are_not_parted(
    shelves: Library, read: ReadWording
) -> None:
    shelves.add(article("apart", "Club sells football tickets"))

    assert read("footballclub").meant == {}


def test_a_name_without_the_mark_within_is_no_slip(shelves: Library, read: ReadWording) -> None:
    shelves.add(article("game", "Half-Life 2 is out"), article("half", "Half a life"))

    assert read("halflife").meant == {}
    assert read("halflife").frequencies == (1,)


def test_what_is_quoted_is_no_slip(read: ReadWording) -> None:
    assert read("harbuor storm", quoted=("harbuor",)).meant == {}
    assert read("harbuor storm", quoted=("storm",)).meant == {"harbuor": ("harbour",)}


def test_nothing_is_said_of_words_as_they_were_meant(read: ReadWording) -> None:
    assert read("harbour storm zeppelin 1500").meant == {}
