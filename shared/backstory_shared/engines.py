"""The engines of many machines, opened as the settings say; for every root that needs one.

PostgreSQL and Qdrant must be there at the start. Redis need not be, then or ever.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from backstory_shared.adapters.broker import Broker, open_broker
from backstory_shared.adapters.embedders import chosen, open_embedder
from backstory_shared.adapters.ledger import SqlLedger, open_postgres_ledger
from backstory_shared.adapters.qdrant_server import QdrantServerGenerations
from backstory_shared.openings import Openings
from backstory_shared.ports import MatchSet, SearchIndex
from backstory_shared.settings import Embedding, Qdrant, RedisServer, SharedLedger, load
from backstory_shared.web.health import Check


def redis_url() -> str:
    return load(RedisServer).redis_url.get_secret_value()


@contextmanager
def ledger() -> Iterator[SqlLedger]:
    """Raises CannotStart, SchemaMismatch."""
    shared = load(SharedLedger)
    with closing(
        open_postgres_ledger(shared.address(), connections=shared.ledger_connections)
    ) as opened:
        yield opened


@contextmanager
def openings() -> Iterator[Openings]:
    """The index with its model, as what serves says. Raises CannotStart, ModelMismatch."""
    generations = QdrantServerGenerations(load(Qdrant), chosen(load(Embedding)))
    with closing(generations), closing(Openings(generations, open_embedder)) as opened:
        opened.refresh()
        yield opened


@contextmanager
def broker() -> Iterator[Broker]:
    with open_broker(redis_url()) as opened:
        yield opened


def ledger_check(ledger: SqlLedger) -> Check:
    return Check("ledger", ledger.events.last_event)


def index_check(index: SearchIndex) -> Check:
    """A search, and not only a greeting."""
    return Check("index", lambda: index.by_date(MatchSet(), newest_first=True, limit=1))


def broker_checks(broker: Broker) -> Sequence[Check]:
    """Without them articles are accepted and found all the same; new ones wait."""
    return (
        Check("broker", broker.ping, required=False),
        Check("workers", broker.expect_consumers, required=False),
        Check("beat", broker.expect_a_beat, required=False),
    )
