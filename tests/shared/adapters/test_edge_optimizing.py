"""An Edge index that is optimized: by a child, on a copy, while it serves and is written to."""

import itertools
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
import pytest

from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.qdrant_edge.folder import (
    forget_files,
    opened_files,
    searched_files,
)
from backstory_shared.adapters.worker_processes import WorkerProcesses
from backstory_shared.errors import NotReady, WorkerDied
from backstory_shared.ports import (
    Compute,
    Filters,
    IndexEntry,
    MatchSet,
    ModelCard,
    Question,
    Vector,
)
from support.indexes import entry, terms
from support.mappings import held
from support.worker_calls import die_amid

P = ParamSpec("P")
T = TypeVar("T")

#: Vectors so long that few of them are enough for the engine to make a graph of.
LARGE = ModelCard(id="toy-4096d", dimension=4_096, floor=-1.0)
ARTICLES = 1_500


def vector(seed: int) -> Vector:
    made = np.random.default_rng(seed).standard_normal(LARGE.dimension).astype(np.float32)
    return made / np.float32(np.linalg.norm(made))


def article(number: int, revision: int = 1) -> IndexEntry:
    return entry(
        f"a{number:04}", revision, dense=vector(number * 10 + revision), lexical=terms(number)
    )


def found_by_meaning(index: EdgeIndex, dense: Vector) -> list[str]:
    return list(index.candidates(Question(dense=dense, dense_limit=3)).dense.ids)


@dataclass(frozen=True)
class Meanwhile:
    """A Compute that does something else before it lets the child begin."""

    processes: Compute
    first: Callable[[], object]

    def submit(
        self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        self.first()
        return self.processes.submit(seconds, function, *args, **kwargs)


@dataclass(frozen=True)
class Killing:
    """A Compute whose child is killed while it is at work."""

    processes: WorkerProcesses

    def submit(
        self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        call: Future[Any] = self.processes.submit(seconds, die_amid, function, *args, **kwargs)
        return call


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled") / "index"
    with closing(EdgeIndex.open(folder, LARGE)) as index:
        index.write([article(number) for number in range(ARTICLES)])
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "index"))


@pytest.fixture
def index(folder: Path) -> Iterator[EdgeIndex]:
    with closing(EdgeIndex.open(folder, LARGE)) as opened:
        yield opened


@pytest.fixture(scope="module")
def processes() -> Iterator[WorkerProcesses]:
    with WorkerProcesses(1) as started:
        yield started


def test_an_optimized_index_answers_as_before(
    index: EdgeIndex, folder: Path, processes: WorkerProcesses
) -> None:
    counted = index.counts(MatchSet(terms=(7,)), [])
    unoptimized = index.unoptimized()
    answers: list[str] = []

    index.optimize(
        Meanwhile(processes, lambda: answers.extend(found_by_meaning(index, vector(71))))
    )

    assert (unoptimized, index.unoptimized()) == (ARTICLES, 0)
    assert answers[0] == "a0007"
    assert found_by_meaning(index, vector(71))[0] == "a0007"
    assert index.counts(MatchSet(terms=(7,)), []) == counted
    assert len(list(folder.glob("shard*"))) == 1


def test_an_optimized_index_reads_words_and_fields_from_files_and_finds_them_when_opened_again(
    index: EdgeIndex, folder: Path, processes: WorkerProcesses
) -> None:
    index.write([entry("x", dense=vector(1), lexical=terms(7), section="sport")])
    index.optimize(processes)
    index.close()

    with closing(EdgeIndex.open(folder, LARGE)) as again:
        asked = Question(lexical=terms(7), filters=Filters(section=("sport",)))
        assert list(again.candidates(Question(lexical=terms(7))).lexical.ids) == ["a0007", "x"]
        assert list(again.candidates(asked).lexical.ids) == ["x"]
    assert "Mmap" in {kind["index"]["index_type"] for kind in word_indexes(folder)}


def test_what_is_searched_in_is_read_before_it_serves(
    index: EdgeIndex, folder: Path, processes: WorkerProcesses
) -> None:
    index.optimize(processes)

    read = {file.name for file in searched_files(folder / "shard-2")}
    assert {"inverted_index.dat", "values_to_points.bin", "point_to_values.bin"} <= read


def test_what_the_engine_opens_it_with_is_read_before_that(
    index: EdgeIndex, folder: Path, processes: WorkerProcesses
) -> None:
    index.optimize(processes)

    shard = folder / "shard-2"
    opened, searched = set(opened_files(shard)), set(searched_files(shard))
    assert {"matrix.dat", "id_tracker.mappings", "segment.json"} <= {file.name for file in opened}
    later = {file for file in shard.rglob("*") if file.is_file()} - opened - searched
    assert {file.name for file in later} == {"page_0.dat"}


def test_what_a_shard_holds_of_its_files_can_be_let_go_before_it_is_closed(folder: Path) -> None:
    with closing(EdgeIndex.open(folder, LARGE)) as index:
        index.write([article(ARTICLES)])
        before = found_by_meaning(index, vector(71))
        holding = held(folder)

        forget_files(folder / "shard")

        assert held(folder) < holding / 10
        assert found_by_meaning(index, vector(71)) == before
    with closing(EdgeIndex.open(folder, LARGE)) as again:
        assert len(list(again.revisions())) == ARTICLES + 1


def word_indexes(folder: Path) -> list[dict[str, Any]]:
    segments = map(Path.read_text, folder.glob("shard-2/segments/*/segment.json"))
    return [json.loads(one)["config"]["sparse_vector_data"]["lexical"] for one in segments]


def test_what_is_written_meanwhile_is_not_lost(
    index: EdgeIndex, folder: Path, processes: WorkerProcesses
) -> None:
    def writes() -> None:
        index.write([article(number, 2) for number in range(40)])
        index.write([article(number) for number in range(ARTICLES, ARTICLES + 40)])
        index.remove({f"a{number:04}": 1 for number in range(100, 140)})

    expected = {
        f"a{number:04}": 2 if number < 40 else 1
        for number in range(ARTICLES + 40)
        if not 100 <= number < 140
    }

    index.optimize(Meanwhile(processes, writes))

    assert dict(index.revisions()) == expected
    assert found_by_meaning(index, vector(32))[0] == "a0003"
    assert "a0003" not in found_by_meaning(index, vector(31))
    assert "a0120" not in found_by_meaning(index, vector(1_201))
    assert index.counts(MatchSet(), []).total == len(expected)
    index.close()
    with closing(EdgeIndex.open(folder, LARGE)) as again:
        assert dict(again.revisions()) == expected
        assert again.counts(MatchSet(terms=(ARTICLES,)), []).total == 1


def test_what_is_written_meanwhile_survives_a_kill_just_after_the_swap(
    index: EdgeIndex, folder: Path, tmp_path: Path, processes: WorkerProcesses
) -> None:
    def writes() -> None:
        index.write([article(3, 2), article(ARTICLES)])
        index.remove({"a0100": 1})

    index.optimize(Meanwhile(processes, writes))
    killed = Path(shutil.copytree(folder, tmp_path / "killed"))

    with closing(EdgeIndex.open(killed, LARGE)) as again:
        revisions = dict(again.revisions())
        assert revisions == {f"a{n:04}": 1 for n in range(ARTICLES + 1) if n != 100} | {"a0003": 2}
        assert found_by_meaning(again, vector(32))[0] == "a0003"
        assert again.counts(MatchSet(), []).total == ARTICLES


def test_whoever_reads_and_writes_throughout_is_answered_truly_and_loses_nothing(
    index: EdgeIndex, processes: WorkerProcesses
) -> None:
    """An article is written, and one removed, in turn: there are as many as before, or one more."""
    over, written = threading.Event(), itertools.count()
    readers, writer = ThreadPoolExecutor(2), ThreadPoolExecutor(1)

    def read() -> set[tuple[str, tuple[str, ...], int]]:
        found = set()
        while not over.wait(0.005):
            by_words = tuple(index.candidates(Question(lexical=terms(7))).lexical.ids)
            total = index.counts(MatchSet(), []).total
            found.add((found_by_meaning(index, vector(71))[0], by_words, total))
        return found

    def write() -> int:
        while not over.wait(0.005):
            number = next(written)
            index.write([article(ARTICLES + number)])
            index.remove({f"a{number + 8:04}": 1})
        return next(written)

    with readers, writer:
        reading, writing = [readers.submit(read) for _ in range(2)], writer.submit(write)
        index.optimize(processes)
        over.set()
    count = writing.result()

    answers = set.union(*(each.result() for each in reading))
    assert {answer[:2] for answer in answers} == {("a0007", ("a0007",))}
    assert {answer[2] for answer in answers} <= {ARTICLES, ARTICLES + 1}
    kept = [*range(8), *range(count + 8, ARTICLES + count)]
    assert dict(index.revisions()) == {f"a{number:04}": 1 for number in kept}
    assert index.counts(MatchSet(), []).total == ARTICLES


def test_writing_goes_on_after_it(
    index: EdgeIndex, folder: Path, processes: WorkerProcesses
) -> None:
    index.optimize(processes)

    index.write([article(3, 2), article(ARTICLES)])

    assert dict(index.revisions())["a0003"] == 2
    assert found_by_meaning(index, vector(ARTICLES * 10 + 1))[0] == f"a{ARTICLES}"
    index.close()
    with closing(EdgeIndex.open(folder, LARGE)) as again:
        assert again.unoptimized() == 2


def test_a_child_that_is_killed_leaves_the_old_one_serving_and_it_can_be_tried_again(
    index: EdgeIndex, folder: Path, processes: WorkerProcesses
) -> None:
    with pytest.raises(WorkerDied):
        index.optimize(Killing(processes))

    index.write([article(ARTICLES)])
    assert found_by_meaning(index, vector(71))[0] == "a0007"
    assert len(list(index.revisions())) == ARTICLES + 1
    assert [one.name for one in folder.glob("shard*")] == ["shard"]

    index.optimize(processes)
    assert index.unoptimized() == 0
    assert dict(index.revisions())[f"a{ARTICLES}"] == 1


def test_a_large_index_is_searched_by_a_graph(folder: Path, processes: WorkerProcesses) -> None:
    with closing(EdgeIndex.open(folder, LARGE, graph_from=1_000)) as index:
        index.optimize(processes)

        assert [found_by_meaning(index, vector(n * 10 + 1))[0] for n in range(20)] == [
            f"a{n:04}" for n in range(20)
        ]
    assert list(folder.glob("shard-2/segments/*/vector_index-dense/graph.bin"))


def test_two_at_once_are_one_too_many(index: EdgeIndex, processes: WorkerProcesses) -> None:
    refused: list[Any] = []

    def second() -> None:
        with pytest.raises(NotReady) as raised:
            index.optimize(processes)
        refused.append(raised.value)

    index.optimize(Meanwhile(processes, second))

    assert len(refused) == 1


def test_a_copy_that_was_not_finished_is_thrown_away(folder: Path) -> None:
    shutil.copytree(folder / "shard", folder / "shard-2")
    (folder / "shard-2" / "edge_config.json").write_text("{")

    with closing(EdgeIndex.open(folder, LARGE)) as index:
        assert len(list(index.revisions())) == ARTICLES

    assert [one.name for one in folder.glob("shard*")] == ["shard"]


def test_killed_after_the_swap_the_new_one_is_opened(folder: Path) -> None:
    shutil.copytree(folder / "shard", folder / "shard-2")
    (folder / "shard" / "edge_config.json").write_text("{")
    (folder / "serving").write_text("shard-2")

    with closing(EdgeIndex.open(folder, LARGE)) as index:
        assert len(list(index.revisions())) == ARTICLES

    assert [one.name for one in folder.glob("shard*")] == ["shard-2"]
