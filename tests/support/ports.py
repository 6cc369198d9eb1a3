"""Ports that nobody else is given between being chosen and being used."""

import socket

_KEPT: list[socket.socket] = []


def free_port() -> int:
    """One for this test process alone, as long as it lives, whoever listens on it and stops again.

    It stays bound, so that nobody else is given it, and no connection goes out from it either. Who
    listens on it asks to reuse addresses, as servers do; while nobody does, it refuses.
    """
    kept = socket.socket()
    kept.bind(("127.0.0.1", 0))
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    _KEPT.append(kept)
    port: int = kept.getsockname()[1]
    return port
