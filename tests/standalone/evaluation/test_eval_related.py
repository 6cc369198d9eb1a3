"""Sets of articles that belong together: what is said of those that are broken."""

import json
from pathlib import Path
from typing import Any

import pytest

from backstory_shared.errors import CannotStart
from backstory_standalone.evaluation.related import evaluate_related

TWO = [{"text": "A storm closed the port.", "cluster": "storm", "published_at": "2026-05-01"}] * 2


def _written(file: Path, rows: list[Any]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([*TWO, "no article"], "article 3"),
        ([{"text": "x", "published_at": "yesterday"}, *TWO], "article 1"),
        ([{"text": "x", "published_at": 5}, *TWO], "article 1"),
        (TWO[:1], "no two articles"),
    ],
)
def test_an_article_that_cannot_be_read_is_named(
    tmp_path: Path, rows: list[Any], said: str
) -> None:
    with pytest.raises(CannotStart, match=said):
        evaluate_related(_written(tmp_path / "set.jsonl", rows), as_stories=False)


@pytest.mark.parametrize("line", ["1\t9\t.5", "1\t2", "1\t2\tmuch"])
def test_a_similarity_that_cannot_be_read_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    _written(tmp_path / "docs.jsonl", [{"id": 1, "text": "One."}, {"id": 2, "text": "Two."}])
    (tmp_path / "similarity.tsv").write_text(f"1\t2\t.5\n{line}\n")

    with pytest.raises(CannotStart, match=r"similarity\.tsv, line 2"):
        evaluate_related(tmp_path, as_stories=False)
