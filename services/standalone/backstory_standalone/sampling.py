"""Filling an empty archive with the sample articles, once."""

from backstory_standalone.client import Client
from backstory_standalone.sample import articles_path


def fill_if_empty(client: Client) -> bool:
    """Post the sample through the same door as everybody; False if the archive is not empty.

    An archive whose articles were all deleted is not empty: somebody has used it.
    """
    if client.get("/v1/stats")["last_event"] > 0:
        return False
    client.post_lines(articles_path().read_bytes())
    return True
