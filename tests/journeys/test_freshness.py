"""What was just published is found at once, whatever else is being imported."""

import time
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest

from support import patience
from support.program import Program, running
from support.stories import as_lines, numbered

pytestmark = pytest.mark.serial

BATCH = 300
NDJSON = {"Content-Type": "application/x-ndjson"}


def importing(program: Program, begun: Event, enough: Event) -> None:
    """Import one batch after another, for as long as it takes."""
    with program.client() as client:
        for first in count(1, BATCH):
            notes = [{**note, "text": note["text"] * 10} for note in numbered(BATCH, first=first)]
            client.post("/v1/articles/bulk", content=as_lines(notes), headers=NDJSON)
            begun.set()
            if enough.is_set():
                return


def test_a_live_article_is_found_while_an_archive_is_imported(tmp_path: Path) -> None:
    begun, enough = Event(), Event()
    article = {"id": "live", "title": "Zeppelin lands", "text": "A zeppelin landed at noon."}
    with running(tmp_path / "data") as program, program.client() as client:
        importer = Thread(target=importing, args=(program, begun, enough))
        importer.start()
        assert begun.wait(patience.SECONDS)

        assert client.post("/v1/articles", json=article).status_code == 202
        deadline = time.monotonic() + patience.SECONDS
        asked, found = {"q": "zeppelin", "mode": "keyword"}, 0
        while not found and time.monotonic() < deadline:
            found = client.get("/v1/search", params=asked).json()["total"]
        still_importing = importer.is_alive()
        enough.set()
        importer.join()

    assert found == 1
    assert still_importing
