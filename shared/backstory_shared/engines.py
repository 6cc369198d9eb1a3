"""The engines of many machines that every root needs, opened as the settings say.

PostgreSQL must be there at the start. Redis need not be, then or ever.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from backstory_shared.adapters.broker import Broker, open_broker
from backstory_shared.adapters.ledger import SqlLedger, open_postgres_ledger
from backstory_shared.checks import Check
from backstory_shared.settings import RedisServer, SharedLedger, load


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
def broker() -> Iterator[Broker]:
    with open_broker(redis_url()) as opened:
        yield opened


def ledger_check(ledger: SqlLedger) -> Check:
    return Check("ledger", ledger.events.last_event)


def broker_checks(broker: Broker) -> Sequence[Check]:
    """Without them articles are accepted and found all the same; new ones wait."""
    return (
        Check("broker", broker.ping, required=False),
        Check("workers", broker.expect_consumers, required=False),
        Check("beat", broker.expect_a_beat, required=False),
    )
