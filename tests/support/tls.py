"""TLS for tests: an authority of our own, and a door that speaks TLS before a server that does not.

The handshake is a real one, between OpenSSL and OpenSSL.
"""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Authority:
    """Signs for 127.0.0.1; `file` is what a client must trust."""

    ca: trustme.CA
    file: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.ca.issue_cert("127.0.0.1").configure_cert(context)
        return context


def authority(file: Path) -> Authority:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(file))
    return Authority(ca, file)


@contextmanager
def behind_tls(port: int, signer: Authority) -> Iterator[int]:
    """The port of a door that decrypts what comes and carries it to the other port."""
    context = signer.server_context()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, context, port), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(listener: socket.socket, context: ssl.SSLContext, port: int) -> None:
    while True:
        try:
            raw, _ = listener.accept()
        except OSError:  # closed
            return
        threading.Thread(target=_carry, args=(raw, context, port), daemon=True).start()


def _carry(raw: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with (
        suppress(OSError),  # a client that does not trust us hangs up
        context.wrap_socket(raw, server_side=True) as outside,
        socket.create_connection(("127.0.0.1", port)) as inside,
    ):
        back = threading.Thread(target=_pump, args=(inside, outside), daemon=True)
        back.start()
        _pump(outside, inside)
        back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):  # either side may hang up
        while chunk := source.recv(65_536):
            target.sendall(chunk)
    with suppress(OSError):  # and be gone already
        target.shutdown(socket.SHUT_WR)
