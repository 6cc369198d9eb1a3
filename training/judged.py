"""Questions with known answers: what a model is measured on, and never trained on.

    python -m training.judged TEXT_FOLDER OUT

writes the news titles in the form that `backstory eval search` reads.
"""

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from backstory_shared.ports import Passage
from training.texts import Article, articles, rows

RETRIEVAL = ("cranfield", "cisi", "npl", "lisa")
NEWS = {"bbc titles": "articles/bbc", "reuters titles": "articles/reuters_train"}
HAYSTACK = 3_000
QUESTIONS = 500


@dataclass(frozen=True)
class Judged:
    """Documents, questions, and per question how relevant which documents are."""

    name: str
    documents: list[Passage]
    queries: list[str]
    relevant: list[Mapping[int, float]]


def all_judged(folder: Path) -> Iterator[Judged]:
    for name in RETRIEVAL:
        yield retrieval(folder, name)
    for name, path in NEWS.items():
        yield titles(name, articles(folder, path))


def retrieval(folder: Path, name: str) -> Judged:
    """A collection with relevance judgements; questions nobody judged are left out."""
    documents = list(rows(folder, f"retrieval/{name}/corpus"))
    at = {row["id"]: place for place, row in enumerate(documents)}
    judgements: dict[str, dict[int, float]] = defaultdict(dict)
    with gzip.open(folder / "retrieval" / name / "qrels.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            query, document, score = line.split("\t")
            if document in at and float(score) > 0:
                judgements[query][at[document]] = float(score)
    asked = [row for row in rows(folder, f"retrieval/{name}/queries") if row["id"] in judgements]
    return Judged(
        name=name,
        documents=[Passage(title=row["title"], text=row["text"]) for row in documents],
        queries=[row["text"] for row in asked],
        relevant=[judgements[row["id"]] for row in asked],
    )


def titles(name: str, found: list[Article], haystack: int = HAYSTACK) -> Judged:
    """Held-out titles must find their own texts among so many different ones."""
    by_text = {article.text: article for article in found if len(article.text.split()) >= 20}
    distinct = sorted(by_text.values(), key=lambda article: not article.held_out)[:haystack]
    asked = [place for place, article in enumerate(distinct) if article.held_out][:QUESTIONS]
    return Judged(
        name=name,
        documents=[Passage(title="", text=article.text) for article in distinct],
        queries=[distinct[place].title for place in asked],
        relevant=[{place: 1.0} for place in asked],
    )


def write(judged: Judged, folder: Path) -> None:
    """As `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = [{"title": one.title, "text": one.text} for one in judged.documents]
    _write_rows(folder / "corpus.jsonl", documents)
    _write_rows(folder / "queries.jsonl", [{"text": text} for text in judged.queries])
    with (folder / "qrels.tsv").open("w", encoding="utf-8") as lines:
        for query, gains in enumerate(judged.relevant):
            lines.writelines(f"{query}\t{document}\t{gain}\n" for document, gain in gains.items())


def _write_rows(file: Path, found: Iterable[Mapping[str, str]]) -> None:
    with file.open("w", encoding="utf-8") as lines:
        for number, row in enumerate(found):
            lines.write(json.dumps({"id": str(number), **row}, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    for name, path in NEWS.items():
        write(titles(name, articles(given.texts, path)), given.out / name.replace(" ", "_"))


if __name__ == "__main__":
    main()
