"""The composition root of the search API and the pages on many machines."""

from backstory_search import api, editing, pages
from backstory_search.orders import MemoryOrders
from backstory_search.redis_orders import RedisOrders
from backstory_search.service import reading_over
from backstory_shared import engines, index_engine
from backstory_shared.adapters.ledger.schema import utc_now
from backstory_shared.logging import configure_logging
from backstory_shared.openings import ServingEmbedder, ServingIndex, following
from backstory_shared.settings import Logs, Signing, Web, load
from backstory_shared.web import ArchiveMetrics, Stop, key_guard, serve, web_app
from backstory_shared.web.broker_metrics import BrokerMetrics
from backstory_shared.web.steady import SteadyRequests


def run() -> None:
    """Answer readers until a signal comes. Raises CannotStart."""
    logs, web, secret = load(Logs), load(Web), load(Signing).key()
    configure_logging(logs.log_format, logs.log_level)
    with (
        engines.ledger() as ledger,
        index_engine.openings() as openings,
        engines.broker() as broker,
        following(openings),
    ):
        index, embedder = ServingIndex(openings), ServingEmbedder(openings)
        orders = RedisOrders(broker.redis, MemoryOrders(utc_now), utc_now)
        reading = reading_over(ledger, index, embedder, orders, secret)
        app = web_app(
            "Backstory search",
            web,
            [
                engines.ledger_check(ledger),
                index_engine.index_check(index),
                *engines.broker_checks(broker),
            ],
            [ArchiveMetrics(ledger.status.stats), BrokerMetrics(broker)],
        )
        app.add_middleware(SteadyRequests, openings=openings)
        app.include_router(api.routes(reading))
        guard = key_guard(web.api_key)
        app.include_router(editing.routes(ledger.reading, ledger.relations, guard))
        pages.add_pages(app, reading)
        serve(app, web, Stop())
