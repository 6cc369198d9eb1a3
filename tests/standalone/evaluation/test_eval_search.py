"""`backstory eval search` on a small folder: the product's own index, order and fusion."""

import json
from pathlib import Path

import numpy as np
import pytest

from backstory_shared.articles import Span
from backstory_shared.ports import Meaning, ModelCard, Passage, Vector
from backstory_standalone.evaluation.remembered import Remembered
from support.commands import Shell, shell

TOPICS = {
    "storm": "A gale tore roofs off houses along the coast and closed the ferry port.",
    "budget": "The chancellor raised taxes on tobacco and froze spending on roads.",
    "football": "The striker scored twice and the goalkeeper saved a penalty.",
    "vaccine": "Doctors began to inoculate children against measles on Monday.",
    "election": "Voters went to the polls and the opposition won most seats.",
}
ASKED = {
    "storm": "ferry port closed by gale",
    "budget": "tobacco taxes raised",
    "football": "penalty saved by the goalkeeper",
    "vaccine": "measles inoculation of children",
    "election": "opposition wins seats at the polls",
}


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    documents = [{"id": id_, "title": id_.title(), "text": text} for id_, text in TOPICS.items()]
    queries = [{"id": f"q-{id_}", "text": text} for id_, text in ASKED.items()]
    _write(tmp_path / "corpus.jsonl", documents)
    _write(tmp_path / "queries.jsonl", queries)
    (tmp_path / "qrels.tsv").write_text("".join(f"q-{id_}\t{id_}\t1\n" for id_ in TOPICS))
    return tmp_path


@pytest.fixture
def backstory(tmp_path: Path) -> Shell:
    return shell(tmp_path / "data")


def _write(file: Path, rows: list[dict[str, str]]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_every_mode_is_measured_beside_bm25s(golden: Path, backstory: Shell) -> None:
    systems = "hybrid,semantic,keyword,bm25s"

    done = backstory.run("eval", "search", str(golden), "--json", "--systems", systems)

    report = json.loads(done.stdout)
    assert list(report["systems"]) == systems.split(",")
    assert report["systems"]["hybrid"]["ndcg@10"] == 1
    assert report["systems"]["bm25s"]["intervals"]["mrr@10"] == [1, 1]
    assert (report["documents"], report["queries"]) == (5, 5)


def test_a_question_without_a_word_to_look_for_is_no_error(golden: Path, backstory: Shell) -> None:
    with (golden / "queries.jsonl").open("a") as rows:
        rows.write(json.dumps({"id": "q-of", "text": "to be or not to be"}) + "\n")
    with (golden / "qrels.tsv").open("a") as rows:
        rows.write("q-of\tstorm\t1\n")

    done = backstory.run("eval", "search", str(golden), "--json", "--systems", "keyword,bm25s")

    assert (done.returncode, json.loads(done.stdout)["queries"]) == (0, 6)


def test_a_gate_that_is_missed_fails_the_run(golden: Path, backstory: Shell) -> None:
    asked = ("eval", "search", str(golden), "--systems", "keyword")

    met = backstory.run(*asked, "--min", "keyword:ndcg@10=0.9")
    missed = backstory.run(*asked, "--min", "keyword:ndcg@10=1.1")

    assert (met.returncode, missed.returncode) == (0, 1)
    assert "keyword:ndcg@10 is 1.0000, less than 1.1." in missed.stderr


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, backstory: Shell) -> None:
    done = backstory.run("eval", "search", str(tmp_path), "--json")

    assert done.returncode == 1
    assert "corpus.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_looks_like_syntax_is_words_for_all_systems_unless_asked_for(
    golden: Path, backstory: Shell
) -> None:
    texts = ['"closed by a gale" ferry', "ferry -port", "section:coast ferry", "note:ferry gale"]
    queries = [{"id": f"q{place}", "text": text} for place, text in enumerate(texts)]
    _write(golden / "queries.jsonl", queries)
    (golden / "qrels.tsv").write_text("".join(f"{one['id']}\tstorm\t1\n" for one in queries))
    asked = ("eval", "search", str(golden), "--json", "--systems", "keyword,bm25s")

    words, syntax = (
        json.loads(backstory.run(*asked, *more).stdout)["systems"] for more in ((), ("--syntax",))
    )

    assert words["keyword"]["recall@10"] == words["bm25s"]["mrr@10"] == 1
    assert syntax["keyword"]["recall@10"] == 0.25
    assert syntax["bm25s"] == words["bm25s"]


def test_progress_is_told_beside_the_answer(golden: Path, backstory: Shell) -> None:
    done = backstory.run("eval", "search", str(golden), "--json", "--systems", "keyword,bm25s")

    assert json.loads(done.stdout)["systems"]
    told = [line.partition(" \u2501")[0] for line in done.stderr.splitlines()]
    assert told == ["Indexing", "Asking keyword", "Asking bm25s"]


class Counting:
    """An Embedder that says how often it was asked."""

    model = ModelCard(id="counting", dimension=2, floor=0.0, passages=True)

    def __init__(self) -> None:
        self.calls = 0

    def embed_articles(self, articles: list[Passage]) -> list[Meaning]:
        self.calls += 1
        rows = np.eye(2, dtype=np.float32)
        return [
            Meaning(rows[: 1 + n % 2], (Span(0, 3),) * (1 + n % 2)) for n in range(len(articles))
        ]

    def embed_query(self, text: str) -> Vector:
        self.calls += 1
        return np.array([1, 0], np.float32)


def test_vectors_are_computed_once_and_then_found(tmp_path: Path) -> None:
    counting = Counting()
    articles = [Passage(title="a", text="b"), Passage(title="c", text="d")]

    first = Remembered(counting, tmp_path).embed_articles(articles)
    again = Remembered(counting, tmp_path).embed_articles(articles)
    asked = [Remembered(counting, tmp_path).embed_query("a").tolist() for _ in range(2)]

    assert counting.calls == 2
    assert asked == [[1, 0], [1, 0]]
    assert [one.spans for one in again] == [one.spans for one in first]
    assert all(
        np.array_equal(*pair)
        for pair in zip((one.dense for one in again), (one.dense for one in first), strict=True)
    )
