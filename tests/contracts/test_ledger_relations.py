"""Neighbours, profiles, choices and stories: what is kept of them, and for how long it holds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.ledger.schema import (
    choices,
    mentions,
    profiles,
    relations,
    story_articles,
)
from backstory_shared.errors import Gone, NotFound
from backstory_shared.ports import Bearings, Link, Neighbours, Profile, StoryPlace
from backstory_shared.stages import Lane, Stage
from backstory_shared.text.occasions import Occasion
from support.clocks import START
from support.ledgers import accept, claim, finish, ids_of, work_off
from support.texts import prose

DAY = timedelta(days=1)
SURE, UNSURE = 3.0, -3.0


def keep(ledger: SqlLedger, article_id: str, *, day: int = 0, **fields: object) -> None:
    text = prose(seed=sum(map(ord, article_id)) + day)
    accept(ledger, **{"id": article_id, "text": text, "published_at": START + DAY * day, **fields})


def profile(article_id: str, *, revision: int = 1, names: dict[str, int] | None = None) -> Profile:
    return Profile(
        id=article_id,
        revision=revision,
        language="en",
        names=names or {"Port Ellery": 2},
        figures=frozenset({"11"}),
    )


def link(
    article_id: str,
    *,
    score: float = 0.9,
    odds: float = SURE,
    revision: int = 1,
    near: bool = True,
) -> Link:
    return Link(
        id=article_id,
        revision=revision,
        score=score,
        same_event=odds,
        because=("Port Ellery",),
        near=near,
    )


def relate(ledger: SqlLedger, article_id: str, *links: Link, revision: int = 1) -> None:
    """Finish the stage of one article as a worker does."""
    ledger.profiles.keep_profiles([profile(article_id, revision=revision)])
    ledger.status.requeue([article_id], Stage.RELATE)
    batch = claim(ledger, Stage.RELATE, Lane.BACKFILL)
    assert ids_of(batch) == {article_id}
    assert ledger.working.finish(batch, {article_id: Neighbours(links=links)}) == {article_id}


def relate_all(ledger: SqlLedger, made: dict[str, tuple[Link, ...]]) -> None:
    """Finish the stage of several articles in one batch."""
    ledger.profiles.keep_profiles([profile(article_id) for article_id in made])
    ledger.status.requeue(list(made), Stage.RELATE)
    batch = claim(ledger, Stage.RELATE, Lane.BACKFILL)
    assert ids_of(batch) == made.keys()
    ledger.working.finish(batch, {id_: Neighbours(links=links) for id_, links in made.items()})


def related(ledger: SqlLedger, article_id: str) -> list[str]:
    return [one.link.id for one in ledger.relations.neighbourhood(article_id).near]


@pytest.fixture
def filed(ledger: SqlLedger) -> SqlLedger:
    for day, article_id in enumerate("abcd"):
        keep(ledger, article_id, day=day)
    work_off(ledger)
    return ledger


def rows(ledger: SqlLedger, table: sa.Table) -> int:
    with ledger.database.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


# --- the stage ------------------------------------------------------------------------------------


def test_relating_begins_when_an_article_is_indexed_and_behind_all_else(ledger: SqlLedger) -> None:
    accept(ledger)
    finish(ledger, claim(ledger, Stage.SUMMARIZE))
    assert (Stage.RELATE, Lane.BACKFILL) not in ledger.working.waiting()

    finish(ledger, claim(ledger, Stage.INDEX))

    assert ledger.working.waiting() == {(Stage.RELATE, Lane.BACKFILL)}


def test_whoever_relates_an_earlier_revision_comes_too_late(ledger: SqlLedger) -> None:
    accept(ledger)
    finish(ledger, claim(ledger, Stage.INDEX))
    late = claim(ledger, Stage.RELATE, Lane.BACKFILL)
    accept(ledger, title="Ferry stays")

    assert finish(ledger, late) == set()
    finish(ledger, claim(ledger, Stage.INDEX))
    assert finish(ledger, late) == set()


# --- neighbours -----------------------------------------------------------------------------------


def test_a_new_article_is_in_the_lists_of_its_neighbours_too(filed: SqlLedger) -> None:
    relate(filed, "a", link("b", score=0.7), link("c", score=0.8))

    assert related(filed, "a") == ["c", "b"]
    assert related(filed, "b") == related(filed, "c") == ["a"]
    assert related(filed, "d") == []


def test_what_is_not_near_is_in_no_list(filed: SqlLedger) -> None:
    relate(filed, "a", link("b"), link("c", near=False))

    assert related(filed, "a") == ["b"]
    assert related(filed, "c") == []
    assert filed.stories.story_of("c") == filed.stories.story_of("a")


def test_a_list_is_put_in_the_place_of_the_one_before(filed: SqlLedger) -> None:
    relate(filed, "a", link("b"), link("c"))
    relate(filed, "a", link("d"))

    assert related(filed, "a") == ["d"]
    assert related(filed, "b") == []


def test_it_says_whether_neighbours_were_looked_for(filed: SqlLedger) -> None:
    assert not filed.relations.neighbourhood("a").made

    relate(filed, "a")
    assert filed.relations.neighbourhood("a").made

    keep(filed, "a", title="Corrected")
    assert not filed.relations.neighbourhood("a").made


def test_deleted_articles_are_in_no_list_and_leave_nothing_behind(filed: SqlLedger) -> None:
    relate(filed, "a", link("b"), link("c"))
    filed.relations.choose("a", ["b"], ["d"])

    filed.accepting.delete("a", "request-2")

    assert related(filed, "b") == related(filed, "c") == []
    left = {table.name: rows(filed, table) for table in (relations, choices, story_articles)}
    assert left == {"relations": 0, "choices": 0, "story_articles": 2}
    assert (rows(filed, profiles), rows(filed, mentions)) == (0, 0)
    with pytest.raises(Gone):
        filed.relations.neighbourhood("a")


def test_the_lists_that_a_deleted_article_was_in_are_made_anew(filed: SqlLedger) -> None:
    relate(filed, "a", link("b"), link("c"))
    work_off(filed)

    filed.accepting.delete("a", "request-2")

    assert ids_of(claim(filed, Stage.RELATE, Lane.BACKFILL)) == {"b", "c"}


def test_a_changed_article_is_in_no_list_until_it_is_related_again(filed: SqlLedger) -> None:
    relate(filed, "a", link("b"))

    keep(filed, "b", title="Corrected")
    assert related(filed, "a") == related(filed, "b") == []

    finish(filed, claim(filed, Stage.INDEX))
    relate(filed, "b", link("a"), revision=2)
    assert related(filed, "a") == ["b"]


def test_a_link_to_what_was_changed_or_deleted_meanwhile_is_left_out(filed: SqlLedger) -> None:
    keep(filed, "b", title="Corrected")
    filed.accepting.delete("c", "request-2")

    relate(filed, "a", link("b"), link("c"), link("d"))

    assert related(filed, "a") == ["d"]


def test_a_copy_is_never_related(filed: SqlLedger) -> None:
    relate(filed, "a", link("b"))
    text = filed.reading.entry("a").revision.article.text

    keep(filed, "b", text=text)
    finish(filed, claim(filed, Stage.INDEX))
    relate(filed, "b", link("a"), link("c"), revision=2)

    assert related(filed, "a") == []
    assert related(filed, "b") == ["c"]


def test_what_was_made_for_a_reader_is_kept_for_its_revision_only(filed: SqlLedger) -> None:
    filed.profiles.keep_profiles([profile("a")])
    filed.relations.keep_neighbours("a", 1, Neighbours(links=(link("b"),)))
    assert related(filed, "a") == ["b"]

    filed.relations.keep_neighbours("a", 9, Neighbours(links=(link("c"),)))
    assert related(filed, "a") == ["b"]


def test_an_unknown_article_has_no_neighbourhood(ledger: SqlLedger) -> None:
    with pytest.raises(NotFound):
        ledger.relations.neighbourhood("never-was")


def test_an_editors_choices_replace_the_earlier_ones_and_keep_their_order(filed: SqlLedger) -> None:
    filed.relations.choose("a", ["b"], ["c"])
    filed.relations.choose("a", ["d", "b"], [])

    kept = filed.relations.neighbourhood("a")
    assert (kept.pinned, kept.blocked) == (("d", "b"), frozenset())


# --- profiles -------------------------------------------------------------------------------------


def test_a_profile_is_known_for_the_current_revision_only(filed: SqlLedger) -> None:
    filed.profiles.keep_profiles([profile("a"), profile("b", revision=2), profile("never-was")])
    assert set(filed.profiles.known(["a", "b", "never-was"])) == {"a"}

    keep(filed, "a", title="Corrected")
    assert filed.profiles.known(["a"]) == {}


def test_what_is_known_says_where_an_article_belongs(filed: SqlLedger) -> None:
    keep(filed, "e", day=4, section="news", source="wire", authors=("Ana", "Ben"), language="en")
    filed.profiles.keep_profiles([profile("e")])

    known = filed.profiles.known(["e"])["e"]
    assert (known.id, known.revision, known.language) == ("e", 1, "en")
    assert (known.spoken, known.weight) == ({"port": 1.1, "ellery": 1.1}, 0.0)
    assert (known.figures, known.copies) == (frozenset({"11"}), None)
    assert filed.profiles.names(["e"]) == {"e": {"Port Ellery": 2}}

    bearings = filed.relations.bearings(["e", "never-was"])
    assert bearings == {
        "e": Bearings(
            language="en",
            sort_at=START + DAY * 4,
            section="news",
            authors=("Ana", "Ben"),
            copies=None,
            story=None,
            leading=frozenset({"Port Ellery"}),
        )
    }


def test_the_occasion_of_an_article_is_known_as_it_was_told(filed: SqlLedger) -> None:
    occasion = Occasion(
        on=date(2026, 3, 11),
        days=frozenset([date(2026, 3, 11), date(2025, 12, 30)]),
        lead=frozenset(["price", "rose"]),
        amounts={"# %": "3.1"},
        match=True,
    )
    filed.profiles.keep_profiles([replace(profile("a"), occasion=occasion), profile("b")])

    assert filed.profiles.occasions(["a", "b", "never-was"]) == {"a": occasion}


def test_rarity_counts_the_articles_that_have_a_name(filed: SqlLedger) -> None:
    filed.profiles.keep_profiles([profile("a"), profile("b", names={"Ellery": 1, "Quill": 3})])
    filed.profiles.keep_profiles([profile("b", names={"Ellery": 1, "Quill": 3})])

    rarity = filed.profiles.rarity(["port", "ellery", "quill", "nobody"])

    assert rarity.articles == 2
    assert rarity.of_name == {"port": 1, "ellery": 2, "quill": 1, "nobody": 0}


def test_articles_that_share_two_names_are_found_the_most_alike_first(filed: SqlLedger) -> None:
    for article_id, names in {
        "a": {"Port Ellery": 1, "Quill": 1},
        "b": {"Ellery": 1, "Quill": 3},
        "c": {"Port Callan": 1},
        "d": {"Port Ellery": 1, "Quill": 1},
    }.items():
        filed.profiles.keep_profiles([profile(article_id, names=names)])

    assert filed.profiles.sharing(["port", "ellery", "quill"], limit=9) == ["a", "d", "b"]
    assert filed.profiles.sharing(["port", "ellery", "quill"], limit=1) == ["a"]
    assert filed.profiles.sharing(["quill"], limit=9) == []


# --- stories --------------------------------------------------------------------------------------


def story_ids(ledger: SqlLedger) -> list[str]:
    return [story.id for story in ledger.stories.stories(None, after=None, limit=100)]


def told(ledger: SqlLedger, story_id: str) -> list[str]:
    entries = ledger.stories.timeline([story_id]).get(story_id, [])
    return [entry.revision.article.id for entry in entries]


def test_two_articles_about_one_event_are_a_story(filed: SqlLedger) -> None:
    relate(filed, "b", link("a"), link("d", odds=UNSURE))

    (story_id,) = story_ids(filed)
    story = filed.stories.story(story_id)
    assert told(filed, story_id) == ["a", "b"]
    assert (story.articles, story.first_seen, story.last_seen) == (2, START, START + DAY)
    assert filed.stories.story_of("a") == filed.stories.story_of("b") == story_id
    assert filed.stories.story_of("d") is None


def test_a_story_keeps_its_id_as_it_grows_and_when_an_article_is_related_again(
    filed: SqlLedger,
) -> None:
    relate(filed, "b", link("a"))
    (story_id,) = story_ids(filed)

    relate(filed, "c", link("a"), link("b"))
    relate(filed, "a", link("b"), link("c"))

    assert story_ids(filed) == [story_id]
    assert told(filed, story_id) == ["a", "b", "c"]


def test_one_near_article_of_many_does_not_make_it_the_same_story(filed: SqlLedger) -> None:
    relate(filed, "b", link("a"))
    relate(filed, "c", link("a"), link("b"))

    relate(filed, "d", link("a", odds=SURE))

    assert filed.stories.story_of("d") is None


def two_stories(ledger: SqlLedger) -> tuple[str, str]:
    """That of the articles a and b, and the later one of c and d."""
    relate(ledger, "b", link("a"))
    relate(ledger, "d", link("c"))
    older, newer = ledger.stories.story_of("a"), ledger.stories.story_of("c")
    assert older is not None
    assert newer is not None
    return older, newer


def test_an_article_that_joins_two_stories_makes_them_one(filed: SqlLedger) -> None:
    keep(filed, "e", day=4)
    work_off(filed)
    older, newer = two_stories(filed)

    relate(filed, "e", link("a"), link("b"), link("c"), link("d"))

    assert story_ids(filed) == [older]
    assert told(filed, older) == ["a", "b", "c", "d", "e"]
    assert filed.stories.story(newer).id == older


def test_a_batch_is_decided_as_if_its_articles_came_one_after_the_other(ledger: SqlLedger) -> None:
    for day, article_id in enumerate("abcdefg"):
        keep(ledger, article_id, day=day)
    work_off(ledger)
    older, newer = two_stories(ledger)
    everything = tuple(link(id_) for id_ in "abcd")

    relate_all(ledger, {"e": everything, "f": (link("g"),), "g": (link("f"),)})

    assert told(ledger, older) == ["a", "b", "c", "d", "e"]
    assert ledger.stories.story(newer).id == older
    assert told(ledger, ledger.stories.story_of("f") or "") == ["f", "g"]
    first, second = ledger.stories.stories(None, after=None, limit=9)
    assert (first.articles, first.first_seen, first.last_seen) == (
        2,
        START + DAY * 5,
        START + DAY * 6,
    )
    assert (second.articles, second.first_seen, second.last_seen) == (5, START, START + DAY * 4)


def test_an_article_may_leave_for_a_nearer_story_than_it_was_put_into(ledger: SqlLedger) -> None:
    for day, article_id in enumerate("abcde"):
        keep(ledger, article_id, day=day)
    work_off(ledger)
    relate(ledger, "c", link("b"))

    relate_all(
        ledger,
        {"a": (link("e"),), "e": (link("b"), link("c"), link("a", odds=UNSURE))},
    )

    story_id = ledger.stories.story_of("b")
    assert story_id is not None
    assert told(ledger, story_id) == ["b", "c", "e"]
    listed = {
        story.id: story.articles for story in ledger.stories.stories(None, after=None, limit=9)
    }
    assert listed == {story_id: 3}


def test_deleted_and_changed_articles_leave_their_story_and_an_empty_one_is_gone(
    filed: SqlLedger,
) -> None:
    relate(filed, "b", link("a"))
    (story_id,) = story_ids(filed)

    keep(filed, "b", title="Corrected")
    assert told(filed, story_id) == ["a"]
    filed.accepting.delete("a", "request-2")

    with pytest.raises(Gone):
        filed.stories.story(story_id)
    assert story_ids(filed) == []


def test_a_copy_goes_with_its_original(filed: SqlLedger) -> None:
    relate(filed, "b", link("a"))
    keep(filed, "e", day=9, text=filed.reading.entry("a").revision.article.text)
    finish(filed, claim(filed, Stage.INDEX))

    relate(filed, "e")

    assert filed.stories.story_of("e") == filed.stories.story_of("a")


def test_what_never_was_a_story_is_not_found(ledger: SqlLedger) -> None:
    with pytest.raises(NotFound):
        ledger.stories.story("never-was")


def test_stories_are_listed_newest_first_by_section_and_page_by_page(ledger: SqlLedger) -> None:
    for day, article_id in enumerate("abcdef"):
        keep(ledger, article_id, day=day, section="sport" if article_id == "c" else "news")
    work_off(ledger)
    for newer, older in ("ba", "dc", "fe"):
        relate(ledger, newer, link(older))
    newest, middle, oldest = story_ids(ledger)

    assert [told(ledger, id_)[0] for id_ in (newest, middle, oldest)] == ["e", "c", "a"]
    (sport,) = ledger.stories.stories("sport", after=None, limit=9)
    assert sport.id == middle
    after = StoryPlace(last_seen=sport.last_seen, id=sport.id)
    assert [s.id for s in ledger.stories.stories(None, after=after, limit=9)] == [oldest]
    assert [s.id for s in ledger.stories.stories(None, after=None, limit=1)] == [newest]


def test_the_articles_of_a_story_belong_together(filed: SqlLedger) -> None:
    relate(filed, "b", link("a"))

    assert filed.stories.together(["b", "d"]) == {"a": ("a", "b"), "b": ("a", "b")}
