"""The index of many machines, compared with the ledger of many machines."""

from backstory_shared import engines
from backstory_shared.adapters.celery_queue import celery_queue
from backstory_shared.adapters.embedders import chosen, open_embedder
from backstory_shared.settings import Embedding, load
from backstory_summarize.verify import Verification, VerifyIndex


def verify_shared_index() -> Verification:
    """By connections of our own: of the services none has both and nothing else to do.

    What was missing is indexed by the workers, in the low lane.
    """
    model = open_embedder(chosen(load(Embedding))).model
    with (
        engines.ledger() as ledger,
        engines.index(model) as index,
        engines.broker() as broker,
        celery_queue(engines.redis_url(), broker) as queue,
    ):
        return VerifyIndex(ledger.status, ledger.reading, index, queue)()
