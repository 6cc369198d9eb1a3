"""Folders of golden queries: what is read of them, and what is said of those that are broken."""

import gzip
from pathlib import Path

import pytest

from backstory_standalone.evaluation.dataset import Document, read_dataset
from backstory_standalone.reading import Unreadable

CORPUS = '{"id": 1, "title": "Storm", "text": "It blew."}\n{"id": "b", "text": "It rained."}\n'
QUERIES = '{"id": "q1", "text": "wind"}\n{"id": "q2", "text": "nobody judged this"}\n'
QRELS = "query\tdocument\tscore\nq1\t1\t2\nq1\tb\t0\nq1\tgone\t1\n"


def folder(place: Path, **files: str) -> Path:
    names = {"corpus": "corpus.jsonl", "queries": "queries.jsonl", "qrels": "qrels.tsv"}
    contents = {"corpus": CORPUS, "queries": QUERIES, "qrels": QRELS, **files}
    for part, name in names.items():
        (place / name).write_text(contents[part], encoding="utf-8")
    return place


def test_judged_questions_are_read_with_what_is_in_the_corpus(tmp_path: Path) -> None:
    data = read_dataset(folder(tmp_path))

    assert data.documents == (Document("1", "Storm", "It blew."), Document("b", "", "It rained."))
    assert [(asked.text, asked.relevant) for asked in data.questions] == [("wind", {"1": 2.0})]


def test_packed_files_are_the_same(tmp_path: Path) -> None:
    plain = read_dataset(folder(tmp_path))
    for file in list(tmp_path.iterdir()):
        (tmp_path / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()

    assert read_dataset(tmp_path) == plain


def test_a_mark_of_byte_order_is_no_part_of_the_text(tmp_path: Path) -> None:
    plain = read_dataset(folder(tmp_path))
    for file in tmp_path.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert read_dataset(tmp_path) == plain


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"corpus": "{"}, "corpus.jsonl, line 1 is not valid JSON"),
        ({"corpus": "[]"}, "corpus.jsonl, line 1 is not a JSON object"),
        ({"corpus": CORPUS + '{"id": "c"}'}, "corpus.jsonl, line 3 has no text as 'text'"),
        ({"corpus": CORPUS + CORPUS}, "the id '1' is there twice"),
        ({"queries": '{"id": "q1", "text": 7}'}, "queries.jsonl, line 1 has no text as 'text'"),
        ({"qrels": QRELS + "q1 1 1"}, "qrels.tsv, line 5"),
        ({"qrels": "q1 1 1\n"}, "qrels.tsv, line 1"),
        ({"qrels": "q1\t1\tnan"}, "no query with a relevant document"),
        ({"qrels": "q1\t1\t1\nq1\tb\tinf"}, "qrels.tsv, line 2"),
        ({"qrels": ""}, "no query with a relevant document"),
        ({"qrels": "q1\tgone\t1"}, "no query with a relevant document"),
    ],
)
def test_a_broken_file_is_named_with_its_line(
    tmp_path: Path, broken: dict[str, str], said: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read_dataset(folder(tmp_path, **broken))

    assert said in str(refused.value)


def test_half_a_surrogate_pair_is_no_obstacle(tmp_path: Path) -> None:
    corpus = CORPUS + r'{"id": "\ud800", "text": "It \ud800 hailed."}'

    data = read_dataset(folder(tmp_path, corpus=corpus))

    assert data.documents[-1] == Document("?", "", "It ? hailed.")


def test_what_is_no_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no folder"):
        read_dataset(folder(tmp_path) / "corpus.jsonl")


def test_a_folder_without_the_files_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"corpus\.jsonl"):
        read_dataset(tmp_path)


def test_a_packed_file_that_is_cut_off_is_said_so(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "corpus.jsonl").unlink()
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(CORPUS.encode() * 99)[:-20])

    with pytest.raises(Unreadable, match=r"corpus\.jsonl"):
        read_dataset(tmp_path)
