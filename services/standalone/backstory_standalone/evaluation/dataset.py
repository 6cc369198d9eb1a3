"""A folder of documents, questions, and which answers which: `corpus`, `queries`, `qrels`."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, TextIO

from backstory_standalone.reading import Unreadable


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    title: str
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A query, and how relevant which documents are; whatever is not named is not relevant."""

    id: str
    text: str
    relevant: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Dataset:
    name: str
    documents: tuple[Document, ...]
    questions: tuple[Question, ...]


def read_dataset(folder: Path) -> Dataset:
    """Questions that nobody judged, or whose answers are not in the corpus, are left out.

    Raises Unreadable, with the file and the line.
    """
    if not folder.is_dir():
        raise Unreadable(f"There is no folder {folder}.")
    documents = tuple(_documents(folder))
    judged = _judgements(folder, {document.id for document in documents})
    asked = [
        Question(id_, _text(row, "text", where), judged[id_])
        for where, row in _rows(folder, "queries.jsonl")
        if (id_ := _text(row, "id", where)) in judged
    ]
    if not asked:
        raise Unreadable(f"{folder} has no query with a relevant document in its corpus.")
    return Dataset(folder.resolve().name, documents, tuple(asked))


def _documents(folder: Path) -> Iterator[Document]:
    seen: set[str] = set()
    for where, row in _rows(folder, "corpus.jsonl"):
        document = Document(
            id=_text(row, "id", where),
            title=_text(row, "title", where, default=""),
            text=_text(row, "text", where),
            language=_text(row, "language", where, default="") or None,
        )
        if document.id in seen:
            raise Unreadable(f"{where}: the id {document.id!r} is there twice.")
        seen.add(document.id)
        yield document


def _judgements(folder: Path, known: set[str]) -> dict[str, dict[str, float]]:
    """`query, document, score` with tabs; a line of headings at the top is fine."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for number, line in enumerate(_lines(folder, "qrels.tsv"), 1):
        fields = line.rstrip("\r\n").split("\t")
        score = _number(fields[-1])
        if number == 1 and score is None and len(fields) == 3:
            continue
        if len(fields) != 3 or score is None:
            raise Unreadable(
                f"qrels.tsv, line {number}: write query, document and score with tabs."
            )
        if score > 0 and fields[1] in known:
            found[fields[0]][fields[1]] = score
    return found


def _rows(folder: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(_lines(folder, name), 1):
        where = f"{name}, line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise Unreadable(f"{where} is not valid JSON.") from error
        if not isinstance(row, dict):
            raise Unreadable(f"{where} is not a JSON object.")
        yield where, row


def _lines(folder: Path, name: str) -> Iterator[str]:
    """The lines that are not blank, of the file or of the same with .gz."""
    try:
        with _opened(folder / name) as lines:
            yield from (line for line in lines if line.strip())
    except FileNotFoundError as error:
        raise Unreadable(f"There is no {folder / name}, and none with .gz.") from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise Unreadable(f"{folder / name} (or .gz) cannot be read as UTF-8 text.") from error


def _opened(file: Path) -> TextIO:
    packed = file.with_name(f"{file.name}.gz")
    if packed.exists() and not file.exists():
        return gzip.open(packed, "rt", encoding="utf-8-sig")
    return file.open(encoding="utf-8-sig")


def _text(row: Mapping[str, Any], name: str, where: str, *, default: str | None = None) -> str:
    """Ids are often numbers, which is as good. Half a surrogate pair becomes a question mark."""
    value = row.get(name)
    if value is None and default is not None:
        return default
    if isinstance(value, str) or (name == "id" and isinstance(value, int)):
        return str(value).encode("utf-8", "replace").decode()
    raise Unreadable(f"{where} has no text as {name!r}.")


def _number(text: str) -> float | None:
    """None for what is no number, or none that can be added up."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
