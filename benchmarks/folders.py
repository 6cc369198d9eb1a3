"""Real articles from a folder: JSON lines as they are posted, or texts under their headline."""

import hashlib
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any


def read_folder(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    """At most that many articles, files in order of their path; no text comes twice.

    Of each text a digest is kept, and nothing else.
    """
    seen: set[bytes] = set()
    return islice((one for one in _articles(folder) if _is_new(one["text"], seen)), count)


def _is_new(text: str, seen: set[bytes]) -> bool:
    digest = hashlib.blake2b(text.encode(), digest_size=12).digest()
    new = digest not in seen
    seen.add(digest)
    return new


def _articles(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("*")):
        match path.suffix:
            case ".txt":
                yield _text_file(path, folder)
            case ".jsonl":
                yield from _lines(path, folder)


def _text_file(path: Path, folder: Path) -> dict[str, Any]:
    """The first line is the headline; a text of one line is its own."""
    whole = path.read_text(encoding="utf-8", errors="replace").strip()
    title, _, text = whole.partition("\n")
    return {"id": _id(path, folder), "title": title[:300], "text": text.strip() or title}


def _lines(path: Path, folder: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield {"id": f"{_id(path, folder)}-{number}", **json.loads(line)}


def _id(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).with_suffix("").as_posix()
    readable = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in name)
    return readable[:180]
