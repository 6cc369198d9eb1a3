"""Changing the model over both engines: every index that is kept is written, one is asked."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backstory_shared.adapters.embedders import open_embedder
from backstory_shared.adapters.ledger import SqlLedger
from backstory_shared.adapters.local_queue import LocalQueue
from backstory_shared.adapters.qdrant_edge import EdgeGenerations
from backstory_shared.adapters.qdrant_server import QdrantServerGenerations
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.errors import NotReady
from backstory_shared.generations import Roles
from backstory_shared.openings import Generations, Openings, ServingEmbedder, ServingIndex
from backstory_shared.ports import Embedder, ModelChoice, Question
from backstory_shared.stages import Lane, Stage, State
from backstory_summarize.change_model import (
    ChangeModel,
    Comparison,
    EveryGeneration,
    Golden,
    VerifyEveryIndex,
)
from backstory_summarize.compute import Story, Vectors, embed
from backstory_summarize.runner import StageRunner
from support.indexes import entry
from support.ingest import AtOnce
from support.ledgers import accept_all
from support.models import turned
from support.qdrant import settings_of, shared_program

FIRST = ModelChoice(BUNDLED.name)


@pytest.fixture
def second(tmp_path: Path) -> ModelChoice:
    """The bundled model as another one: other words, the same weights, another name."""
    folder = tmp_path / "second"
    folder.mkdir()
    for file in BUNDLED.iterdir():
        if file.name != "config.json":
            (folder / file.name).symlink_to(file)
    text = (BUNDLED / "config.json").read_text().replace(BUNDLED.name, "second")
    (folder / "config.json").write_text(text)
    return ModelChoice(str(folder))


ENGINES: dict[str, Callable[[Path], Generations]] = {
    "edge": lambda folder: EdgeGenerations(folder, FIRST),
    "server": lambda folder: QdrantServerGenerations(settings_of(shared_program(), folder), FIRST),
}


@pytest.fixture(params=ENGINES)
def generations(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Generations]:
    return lambda: ENGINES[request.param](tmp_path)


def opened(generations: Callable[[], Generations]) -> Openings:
    return Openings(generations(), open_embedder)


@pytest.fixture
def openings(generations: Callable[[], Generations]) -> Iterator[Openings]:
    with closing(opened(generations)) as found:
        found.refresh()
        yield found


@pytest.fixture
def change(ledger: SqlLedger, openings: Openings) -> ChangeModel:
    verify = VerifyEveryIndex(ledger.status, ledger.reading, openings, LocalQueue())
    return ChangeModel(openings, verify, ledger.reading)


def index_all(ledger: SqlLedger, openings: Openings) -> None:
    stage = EveryGeneration(ledger.reading, AtOnce(), openings)
    for lane in Lane:
        while batch := ledger.working.claim(Stage.INDEX, lane, 64):
            ledger.working.finish(batch, stage.do(batch).results)


def held(openings: Openings) -> list[set[str]]:
    return [{id_ for id_, _ in one.index.revisions()} for one in openings.kept()]


def test_what_is_there_and_what_comes_is_in_both_and_a_switch_is_one_step(
    ledger: SqlLedger, openings: Openings, change: ChangeModel, second: ModelChoice
) -> None:
    accept_all(ledger, "a", "b")
    index_all(ledger, openings)

    assert change.begin(second) == 2
    accept_all(ledger, "late")
    with pytest.raises(NotReady, match="not complete"):
        change.compare()
    index_all(ledger, openings)

    assert held(openings) == [{"a", "b", "late"}] * 2
    assert openings.serving().embedder.model.id == BUNDLED.name
    assert change.compare().overlap == 1.0

    change.switch()
    assert openings.serving().embedder.model.id == "second"
    ledger.accepting.delete("a", "request-9")
    index_all(ledger, openings)
    assert held(openings) == [{"b", "late"}] * 2

    change.roll_back()
    assert openings.serving().embedder.model.id == BUNDLED.name
    assert change.drop_others().kept == (openings.serving().generation,)
    assert held(openings) == [{"b", "late"}]


def test_a_change_begun_twice_goes_on_with_what_is_missing(
    ledger: SqlLedger, openings: Openings, change: ChangeModel, second: ModelChoice
) -> None:
    accept_all(ledger, "a")
    index_all(ledger, openings)
    change.begin(second)
    index_all(ledger, openings)

    assert change.begin(second) == 0
    assert len(openings.kept()) == 2


def test_the_roles_are_there_for_the_next_process(
    generations: Callable[[], Generations],
    openings: Openings,
    change: ChangeModel,
    second: ModelChoice,
) -> None:
    change.begin(second)
    switched = change.switch()
    openings.close()

    assert generations().roles() == switched
    assert isinstance(switched, Roles)
    assert switched.serving.choice == second


def test_a_change_given_up_for_another_is_seen_by_who_did_not_look_in_between(
    ledger: SqlLedger, second: ModelChoice, tmp_path: Path
) -> None:
    """A worker must not fill the index of the one by the other."""

    def settled() -> Openings:
        return opened(lambda: ENGINES["server"](tmp_path))

    third = ModelChoice(str(turned(tmp_path / "third")))
    with closing(settled()) as ours, closing(settled()) as of_a_worker:
        verify = VerifyEveryIndex(ledger.status, ledger.reading, ours, LocalQueue())
        change = ChangeModel(ours, verify, ledger.reading)
        ours.refresh()
        change.begin(second)
        of_a_worker.refresh()
        change.drop_others()
        change.begin(third)

        of_a_worker.refresh()

        assert [one.embedder.model.id for one in of_a_worker.kept()] == [BUNDLED.name, "third"]


@dataclass(frozen=True)
class Meanwhile(AtOnce):
    """Implements Compute: something happens while it computes for the first time."""

    happens: list[Callable[[], object]]

    def submit(
        self, seconds: float, function: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> "Future[Any]":
        while self.happens:
            self.happens.pop()()
        return super().submit(seconds, function, *args, **kwargs)


def index_while(ledger: SqlLedger, openings: Openings, *happens: Callable[[], object]) -> None:
    stage = EveryGeneration(ledger.reading, Meanwhile([*reversed(happens)]), openings)
    StageRunner(ledger.working, {Stage.INDEX: stage}).run(Stage.INDEX, Lane.LIVE)


def test_a_batch_at_work_while_a_change_is_given_up_for_another_is_made_anew_for_that(
    ledger: SqlLedger, openings: Openings, change: ChangeModel, second: ModelChoice, tmp_path: Path
) -> None:
    third = ModelChoice(str(turned(tmp_path / "third")))
    change.begin(second)
    accept_all(ledger, "a")

    index_while(ledger, openings, change.drop_others, lambda: change.begin(third))

    assert held(openings) == [{"a"}, {"a"}]
    story = Story.of(ledger.reading.entries(["a"])["a"].revision)
    (made,) = openings.kept()[1].index.vectors(["a"]).values()
    expected = embed(third, [story])["a"]
    assert isinstance(expected, Vectors)
    assert made[0] == pytest.approx(expected.dense, abs=1e-3)


def test_no_article_is_blamed_for_an_index_that_was_dropped_under_it(
    ledger: SqlLedger, openings: Openings, change: ChangeModel, second: ModelChoice
) -> None:
    change.begin(second)
    accept_all(ledger, "a")

    index_while(ledger, openings, change.drop_others)

    index = ledger.status.status("a").stages[1]
    assert (index.name, index.state, index.errors) == (Stage.INDEX, State.DONE, 0)


def test_no_index_has_the_name_of_another_before_it(
    openings: Openings, change: ChangeModel, second: ModelChoice
) -> None:
    names = {openings.serving().generation.name}
    for _ in range(3):
        change.begin(second)
        names.add(change.switch().serving.name)
        change.drop_others()

    assert len(names) == 4


def test_what_was_made_for_a_change_that_never_began_is_cleared_away(
    openings: Openings, change: ChangeModel, second: ModelChoice
) -> None:
    generations = openings.generations
    model = openings.serving().embedder.model
    left = generations.fresh(second)
    abandoned = generations.open(left, model)
    abandoned.write([entry("a", dense=np.zeros(model.dimension, np.float32))])
    abandoned.close()

    change.begin(second)

    with closing(generations.open(left, model)) as made_anew:
        assert list(made_anew.revisions()) == []
    assert len(held(openings)) == 2


def test_a_question_keeps_the_model_and_the_index_that_it_began_with(
    openings: Openings, change: ChangeModel, second: ModelChoice
) -> None:
    embedder: Embedder = ServingEmbedder(openings)
    index = ServingIndex(openings)
    change.begin(second)

    with openings.steady():
        change.switch()
        assert embedder.model.id == BUNDLED.name
        assert not index.candidates(Question(dense=np.ones(256, np.float32))).dense
    assert embedder.model.id == "second"


def test_golden_queries_know_better_than_the_overlap() -> None:
    assert not Comparison(queries=50, overlap=0.1).passes
    assert Comparison(queries=50, overlap=0.1, golden_old=0.5, golden_new=0.6).passes
    assert not Comparison(queries=50, overlap=0.9, golden_old=0.6, golden_new=0.5).passes
    assert Comparison(queries=0, overlap=0.0).passes


def test_golden_queries_are_asked_of_both(
    ledger: SqlLedger, openings: Openings, change: ChangeModel, second: ModelChoice
) -> None:
    accept_all(ledger, "a", "b")
    index_all(ledger, openings)
    change.begin(second)
    index_all(ledger, openings)

    compared = change.compare([Golden("harbour", ("a", "unknown"))])

    assert compared.golden_old == compared.golden_new == 0.5
