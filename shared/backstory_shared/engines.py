"""The engines of many machines, opened as the settings say; for every root that needs one.

PostgreSQL and Qdrant must be there at the start. Redis need not be, then or ever.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from backstory_shared.adapters.broker import Broker, open_broker
from backstory_shared.adapters.ledger import SqlLedger, open_postgres_ledger
from backstory_shared.adapters.qdrant_server import QdrantServerIndex, connect
from backstory_shared.ports import MatchSet, ModelCard
from backstory_shared.settings import Qdrant, RedisServer, SharedLedger, load
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
def index(model: ModelCard) -> Iterator[QdrantServerIndex]:
    """Raises CannotStart, ModelMismatch."""
    settings = load(Qdrant)
    with closing(connect(settings)) as client:
        yield QdrantServerIndex.open(client, settings, model)


@contextmanager
def broker() -> Iterator[Broker]:
    with open_broker(redis_url()) as opened:
        yield opened


def ledger_check(ledger: SqlLedger) -> Check:
    return Check("ledger", ledger.events.last_event)


def index_check(index: QdrantServerIndex) -> Check:
    """A search, and not only a greeting."""
    return Check("index", lambda: index.by_date(MatchSet(), newest_first=True, limit=1))


def broker_checks(broker: Broker) -> Sequence[Check]:
    """Without them articles are accepted and found all the same; new ones wait."""
    return (
        Check("broker", broker.ping, required=False),
        Check("workers", broker.expect_consumers, required=False),
    )
