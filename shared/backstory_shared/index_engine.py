"""The index of many machines, opened as the settings say.

Apart from the other engines, since ingest can do without its client, which takes time to load and
memory. It must be there at the start.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from backstory_shared.adapters.embedders import chosen, open_embedder
from backstory_shared.adapters.qdrant_server import QdrantServerGenerations
from backstory_shared.checks import Check
from backstory_shared.openings import Openings
from backstory_shared.ports import MatchSet, SearchIndex
from backstory_shared.settings import Embedding, Qdrant, load


@contextmanager
def openings() -> Iterator[Openings]:
    """The index with its model, as what serves says. Raises CannotStart, ModelMismatch."""
    generations = QdrantServerGenerations(load(Qdrant), chosen(load(Embedding)))
    with closing(generations), closing(Openings(generations, open_embedder)) as opened:
        opened.refresh()
        yield opened


def index_check(index: SearchIndex) -> Check:
    """A search, and not only a greeting."""
    return Check("index", lambda: index.by_date(MatchSet(), newest_first=True, limit=1))
