"""The index of many machines, compared with the ledger of many machines."""

from backstory_shared import engines
from backstory_shared.adapters.celery_queue import celery_queue
from backstory_summarize.change_model import VerifyEveryIndex
from backstory_summarize.verify import Verification


def verify_shared_index() -> Verification:
    """By connections of our own: of the services none has both and nothing else to do.

    What was missing is indexed by the workers, in the low lane.
    """
    with (
        engines.ledger() as ledger,
        engines.openings() as openings,
        engines.broker() as broker,
        celery_queue(engines.redis_url(), broker) as queue,
    ):
        return VerifyEveryIndex(ledger.status, ledger.reading, openings, queue)()
