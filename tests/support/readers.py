"""Readers who search without a pause, and remember every answer that was not one."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx


@dataclass
class Reader:
    """Asks the same again and again; `first` is the article that must come first each time."""

    client: Callable[[], httpx.Client]
    query: str
    first: str
    wrong: list[str] = field(default_factory=list)
    answers: int = 0
    _done: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Reader":
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _read(self) -> None:
        asked = {"q": self.query, "mode": "semantic"}
        with self.client() as client:
            while not self._done.is_set():
                answer = client.get("/v1/search", params=asked)
                self.answers += 1
                found = [item["id"] for item in answer.json().get("items", [])]
                if answer.status_code != 200 or found[:1] != [self.first]:
                    self.wrong.append(answer.text)
