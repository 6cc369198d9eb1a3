"""Filling an empty archive with the sample articles, once."""

from contextlib import closing

from backstory_shared.adapters.ledger import SqlLedger
from backstory_standalone.client import Client
from backstory_standalone.sample import articles_path


def is_untouched(ledger: SqlLedger) -> bool:
    """Whether nothing ever happened: an archive whose articles were all deleted was used.

    To be asked before anybody can post.
    """
    with closing(ledger):
        return ledger.events.last_event() == 0


def fill(client: Client) -> None:
    """Post the sample through the same door as everybody."""
    client.post_lines(articles_path().read_bytes())
