"""Relating: neighbours that hold, whatever happens to the articles meanwhile."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from backstory_search.related import RelatedArticles, Relation
from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.errors import NotReady
from backstory_shared.ports import Compute, Filters, ModelChoice
from backstory_shared.relating.finding import FindNeighbours
from backstory_shared.relating.relevance import learnt_with
from backstory_shared.stages import Lane, Stage, State
from backstory_summarize.index import IndexStage
from backstory_summarize.relate import RelateStage
from backstory_summarize.runner import StageRunner
from backstory_summarize.summarize import SummarizeStage
from support.clocks import START, FakeClock
from support.ingest import AtOnce
from support.ledgers import accept, sqlite_ledger
from support.stage_work import Meanwhile

HOUR = timedelta(hours=1)
MODEL = ModelChoice("backstory-static-v2")
HARBOURS = ("Port Ellery", "Skerrin", "Callan", "Dunmarrow")
MASTERS = ("Runa Quill", "Pell Anstruther", "Annika Ryding", "Corin Haldane")


@dataclass(frozen=True)
class Press:
    """A ledger, an index, and the stages over them."""

    ledger: SqlLedger
    index: EdgeIndex
    runner: StageRunner
    related: RelatedArticles
    clock: FakeClock

    def work_off(self) -> None:
        while waiting := self.ledger.working.waiting():
            for stage, lane in sorted(waiting):
                self.runner.run(stage, lane)

    def ids(self, article_id: str, **asked: object) -> list[str]:
        return [one.entry.revision.article.id for one in self.relations(article_id, **asked)]

    def relations(self, article_id: str, **asked: object) -> list[Relation]:
        return self.related(article_id, **{"filters": Filters(), "limit": 9, **asked})


def press_over(ledger: SqlLedger, folder: Path, clock: FakeClock, compute: Compute) -> Press:
    embedder = StaticEmbedder.open(BUNDLED)
    index = EdgeIndex.open(folder / "index", embedder.model)
    find = FindNeighbours(index, ledger.profiles, learnt_with(BUNDLED, embedder))
    stages = {
        Stage.SUMMARIZE: SummarizeStage(ledger.reading, AtOnce()),
        Stage.INDEX: IndexStage(ledger.reading, index, AtOnce(), MODEL),
        Stage.RELATE: RelateStage(ledger.reading, ledger.profiles, find, compute),
    }
    related = RelatedArticles(
        articles=ledger.reading,
        browser=ledger.reading,
        folds=ledger.reading,
        profiles=ledger.profiles,
        relations=ledger.relations,
        find=find,
        clock=clock,
    )
    return Press(ledger, index, StageRunner(ledger.working, stages), related, clock)


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    clock = FakeClock()
    with sqlite_ledger(tmp_path, clock) as ledger:
        opened = press_over(ledger, tmp_path, clock, AtOnce())
        with closing(opened.index):
            yield opened


def storm(number: int, *, wording: int = 0) -> str:
    """A report on one of four storms; each wording says it in other words."""
    harbour, master = HARBOURS[number % 4], MASTERS[number % 4]
    return (
        f"The harbour of {harbour} was closed by gales of hurricane force, report {wording}. "
        f"No ferry left the quay of {harbour} as waves broke, and {wording + 7} boats sank. "
        f"It stays closed, said harbour master {master}, until the storm over {harbour} is gone. "
        f"{wording} sailors who had come back in time praised {master} for the warning they had."
    )


def file(press: Press, article_id: str, number: int, *, wording: int = 0) -> None:
    accept(
        press.ledger,
        id=article_id,
        title=f"Storm closes the harbour {wording}",
        text=storm(number, wording=wording),
        language="en",
        lane=Lane.BACKFILL,
        published_at=START + HOUR * wording / 10,
    )


def test_articles_about_one_storm_are_related_and_a_story(press: Press) -> None:
    for number in range(8):
        file(press, f"storm-{number}", number, wording=100 * number)
    press.work_off()

    for number in range(4):
        assert press.ids(f"storm-{number}")[0] == f"storm-{number + 4}"
        assert press.ids(f"storm-{number + 4}")[0] == f"storm-{number}"
    relation = press.relations("storm-1")[0]
    assert relation.because == ("Pell Anstruther", "Skerrin")
    assert relation.same_story
    assert relation.days == 2
    assert len(press.ledger.stories.stories(None, after=None, limit=9)) == 4


def test_the_same_again_weeks_later_with_other_figures_is_another_story(press: Press) -> None:
    for wording in (0, 100, 6_000, 6_100):
        file(press, f"storm-{wording}", 0, wording=wording)
    press.work_off()

    assert press.ids("storm-0")[:1] == ["storm-100"]
    told = press.ledger.stories.together(["storm-0", "storm-6000"])
    assert set(told["storm-0"]) == {"storm-0", "storm-100"}
    assert set(told["storm-6000"]) == {"storm-6000", "storm-6100"}


def test_a_story_goes_on_for_as_long_as_its_articles_do(press: Press) -> None:
    for number in range(80):
        file(press, f"storm-{number}", 0, wording=number)
    press.work_off()

    (story,) = press.ledger.stories.stories(None, after=None, limit=9)
    assert story.articles == 80


def test_a_reader_before_the_stage_gets_the_same_and_it_is_kept(press: Press) -> None:
    file(press, "old", 0, wording=100)
    press.work_off()
    file(press, "new", 0, wording=200)
    press.runner.run(Stage.INDEX, Lane.BACKFILL)

    assert press.ids("new") == ["old"]
    assert press.ledger.relations.neighbourhood("new").made
    press.work_off()
    assert press.ids("new") == ["old"]


def test_an_article_that_is_not_indexed_is_not_ready(press: Press) -> None:
    file(press, "new", 0)

    with pytest.raises(NotReady):
        press.ids("new")


def test_two_that_are_related_side_by_side_find_each_other(tmp_path: Path) -> None:
    """While one batch is on its way another is done from beginning to end."""
    clock = FakeClock()
    with sqlite_ledger(tmp_path, clock) as ledger:
        other = press_over(ledger, tmp_path, clock, AtOnce())
        with closing(other.index):
            find = other.related.find
            meanwhile = Meanwhile(lambda: other.runner.run(Stage.RELATE, Lane.BACKFILL))
            slow = RelateStage(ledger.reading, ledger.profiles, find, meanwhile)
            file(other, "a", 0, wording=100)
            other.runner.run(Stage.INDEX, Lane.BACKFILL)
            batch = ledger.working.claim(Stage.RELATE, Lane.BACKFILL, 64)
            file(other, "b", 0, wording=200)
            other.runner.run(Stage.INDEX, Lane.BACKFILL)
            assert batch is not None

            ledger.working.finish(batch, slow.do(batch).results)

            assert other.ids("a") == ["b"]
            assert other.ids("b") == ["a"]


def test_filters_look_through_the_whole_archive(press: Press) -> None:
    file(press, "old", 0, wording=100)
    file(press, "new", 0, wording=200)
    press.work_off()

    late = Filters(published_from=START + HOUR * 15)
    assert press.ids("old", filters=late) == ["new"]
    assert press.ids("new", filters=late) == []


def test_a_filter_that_leaves_the_article_out_makes_nothing_nearer(press: Press) -> None:
    file(press, "storm", 0, wording=100)
    accept(
        press.ledger,
        id="pots",
        title="A potter waits",
        text="The kiln of Ada Ames was closed by noon. No pot left it as colours set, she said.",
        language="en",
        section="craft",
        lane=Lane.BACKFILL,
    )
    press.work_off()

    assert press.ids("storm", filters=Filters(section=("craft",))) == []


def test_a_failing_stage_is_seen_and_leaves_the_rest_alone(press: Press) -> None:
    file(press, "a", 0)
    press.runner.run(Stage.INDEX, Lane.BACKFILL)
    press.runner.run(Stage.SUMMARIZE, Lane.BACKFILL)
    stage = press.ledger.status.status("a").stages[2]

    assert (stage.name, stage.state) == (Stage.RELATE, State.PENDING)
    assert press.ledger.status.status("a").status == "ready"


def test_no_list_has_the_article_itself_a_copy_or_one_that_is_gone_whatever_happens(
    press: Press,
) -> None:
    chance = random.Random(20261125)
    texts: dict[str, str] = {}
    moves = ["file"] * 5 + ["change", "copy", "delete"] + ["work"] * 6
    lists = 0
    for step in range(120):
        move, known = chance.choice(moves), sorted(texts)
        if move == "work":
            stage = chance.choice(list(Stage))
            press.runner.run(stage, Lane.BACKFILL if stage is not Stage.INDEX else Lane.LIVE)
            press.runner.run(stage, Lane.BACKFILL)
        elif move == "file" or not known:
            article_id = f"storm-{step}"
            file(press, article_id, step, wording=100 * step)
            texts[article_id] = storm(step, wording=100 * step)
        elif move == "delete":
            gone = chance.choice(known)
            press.ledger.accepting.delete(gone, "request-2")
            del texts[gone]
        else:
            article_id = chance.choice(known)
            source = chance.choice(known) if move == "copy" else article_id
            text = texts[source] if move == "copy" else storm(step, wording=100 * step)
            accept(press.ledger, id=article_id, title=f"Changed {step}", text=text, language="en")
            texts[article_id] = text
        if step % 4 == 0:
            lists += check(press, texts)
    assert lists > 100


def check(press: Press, texts: dict[str, str]) -> int:
    """How many lists with something in them held what they must."""
    full = 0
    for article_id in texts:
        try:
            found = press.ids(article_id)
        except NotReady:
            continue
        assert article_id not in found
        assert set(found) <= set(texts)
        assert all(texts[id_] != texts[article_id] for id_ in found)
        assert len({texts[id_] for id_ in found}) == len(found)
        full += bool(found)
    return full
