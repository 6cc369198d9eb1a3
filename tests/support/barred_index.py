"""A program whose index is barred while it is open: it says what came of each write."""

import json
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.errors import BackstoryError
from support.indexes import MODEL, entry


def _said(write: Callable[[], None]) -> str:
    try:
        write()
    except BackstoryError as error:
        return f"{error.type}: {error.detail}"
    return "written"


def main(folder: Path) -> None:
    EdgeIndex.open(folder, MODEL).close()
    with closing(EdgeIndex.open(folder, MODEL)) as index:
        folder.chmod(0o500)
        barred = _said(lambda: index.write([entry("a")]))
        folder.chmod(0o700)
        after = _said(lambda: index.write([entry("a")]))
        print(json.dumps([barred, after, dict(index.revisions())]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
