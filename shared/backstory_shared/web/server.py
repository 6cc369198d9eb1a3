"""server_config: uvicorn as every root of Backstory runs it."""

import uvicorn
from starlette.types import ASGIApp


def server_config(app: ASGIApp, *, host: str, port: int) -> uvicorn.Config:
    """httptools refuses what could smuggle a request; logging is ours, set up before.

    `timeout_graceful_shutdown` is for requests under way; streams are told to end by their routes.
    """
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http="httptools",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=20,
    )
