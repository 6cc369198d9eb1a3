"""Questions with known answers: what a model is measured on, and never trained on.

    python -m training.judged TEXT_FOLDER OUT

writes news titles, highlights and fragments in the form that `backstory eval search` reads.
"""

import argparse
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from backstory_shared.ports import Passage
from training.texts import SUMMARISED, Article, articles, rows

RETRIEVAL = ("cranfield", "cisi", "npl", "lisa")
NEWS = {"bbc titles": "articles/bbc", "reuters titles": "articles/reuters_train"}
HAYSTACK = 3_000
QUESTIONS = 500
#: What readers remember of a sentence.
FRAGMENT = 5
SEED = 20261126


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


def news(folder: Path) -> Iterator[Judged]:
    """Titles, what summaries say of articles, and a few words of either."""
    for name, path in NEWS.items():
        yield titles(name, articles(folder, path))
    said = highlights("highlights", folder)
    yield from (said, fragments("highlight fragments", said))
    yield quotations("reuters fragments", articles(folder, NEWS["reuters titles"]))


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
    distinct, asked = _haystack(found, haystack)
    return Judged(
        name=name,
        documents=[Passage(title="", text=article.text) for article in distinct],
        queries=[distinct[place].title for place in asked],
        relevant=[{place: 1.0} for place in asked],
    )


def quotations(name: str, found: list[Article], haystack: int = HAYSTACK) -> Judged:
    """A few words in a row out of held-out texts must find them, among titled articles."""
    distinct, asked = _haystack(found, haystack)
    whole = Judged(
        name=name,
        documents=[Passage(title=article.title, text=article.text) for article in distinct],
        queries=[distinct[place].text for place in asked],
        relevant=[{place: 1.0} for place in asked],
    )
    return fragments(name, whole)


def highlights(name: str, folder: Path) -> Judged:
    """Each sentence of a held-out article's summary must find it."""
    found = [
        Article(row["summary"], row["text"]) for part in SUMMARISED for row in rows(folder, part)
    ]
    said = [
        (line, place)
        for place, article in enumerate(found)
        if article.held_out
        for line in article.title.splitlines()
    ]
    return Judged(
        name=name,
        documents=[Passage(title="", text=article.text) for article in found],
        queries=[line for line, _ in said],
        relevant=[{place: 1.0} for _, place in said],
    )


def fragments(name: str, judged: Judged) -> Judged:
    """The same questions, of each only some words in a row, wherever they stand."""
    dice = random.Random(SEED)
    return replace(judged, name=name, queries=[_fragment(one, dice) for one in judged.queries])


def _fragment(text: str, dice: random.Random) -> str:
    words = text.split()
    start = dice.randrange(max(1, len(words) - FRAGMENT + 1))
    return " ".join(words[start : start + FRAGMENT])


def _haystack(found: list[Article], size: int) -> tuple[list[Article], list[int]]:
    """So many different articles, and the places of those held out that are asked for."""
    by_text = {article.text: article for article in found if len(article.text.split()) >= 20}
    distinct = sorted(by_text.values(), key=lambda article: not article.held_out)[:size]
    return distinct, [place for place, one in enumerate(distinct) if one.held_out][:QUESTIONS]


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
    for judged in news(given.texts):
        write(judged, given.out / judged.name.replace(" ", "_"))


if __name__ == "__main__":
    main()
