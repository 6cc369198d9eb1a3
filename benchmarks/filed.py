"""Articles in a file, read when they are asked for, as a ledger's are."""

import os
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from backstory_shared.ports import Entry
from backstory_standalone.evaluation.dataset import Document
from backstory_standalone.evaluation.product import shelved


class Filed(Mapping[str, Entry]):
    """By id; in memory they would count as the index's. Any number may read while one keeps."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - as long as this is there
        self._end = 0
        self._places: dict[str, tuple[int, int]] = {}

    def keep(self, articles: Iterable[Mapping[str, Any]]) -> None:
        for one in articles:
            document = Document(one["id"], one["title"], one["text"], one.get("language"))
            packed = pickle.dumps(shelved(document))
            self._file.write(packed)
            self._places[one["id"]] = len(packed), self._end
            self._end += len(packed)

    def __getitem__(self, article_id: str) -> Entry:
        packed = os.pread(self._file.fileno(), *self._places[article_id])
        found: Entry = pickle.loads(packed)
        return found

    def __contains__(self, article_id: object) -> bool:
        return article_id in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
