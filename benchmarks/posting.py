"""A publisher in a process of its own, who posts at a rate, however long the answers take.

    BACKSTORY_API_KEY=... python -m benchmarks.posting PORT RATE < articles.jsonl

Prints the milliseconds from when each post was due until its answer was there, as JSON: a post that
goes out late because all the connections wait counts its waiting as well.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import count
from typing import Any

_SENDERS = 32
_BEGIN_SECONDS = 0.2


def posted(port: int, key: str, rate: float, articles: Iterable[dict[str, Any]]) -> list[float]:
    """Have such a publisher post these articles; the milliseconds of each. Raises if one fails."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.posting", str(port), str(rate)],
        env={**os.environ, "BACKSTORY_API_KEY": key},
        input="\n".join(map(json.dumps, articles)).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    found: list[float] = json.loads(done.stdout)
    return found


def connected(port: int) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", port, timeout=60)


def post(connection: HTTPConnection, key: str, body: bytes) -> tuple[int, Any]:
    connection.request(
        "POST",
        "/v1/articles",
        body=body,
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
    )
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def _at_a_rate(port: int, key: str, rate: float, bodies: Sequence[bytes]) -> list[float]:
    began = time.perf_counter() + _BEGIN_SECONDS
    numbers, taken, found = count(), threading.Lock(), list[float]()

    def send(_: int) -> None:
        connection = connected(port)
        while True:
            with taken:
                number = next(numbers)
            if number >= len(bodies):
                return
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            status, _answer = post(connection, key, bodies[number])
            if status != 202:
                raise RuntimeError(f"a post was answered with {status}")
            found.append((time.perf_counter() - due) * 1000)

    with ThreadPoolExecutor(_SENDERS) as senders:
        list(senders.map(send, range(_SENDERS)))
    return found


def main() -> None:
    port, rate = int(sys.argv[1]), float(sys.argv[2])
    bodies = [line.rstrip(b"\n") for line in sys.stdin.buffer]
    print(json.dumps(_at_a_rate(port, os.environ["BACKSTORY_API_KEY"], rate, bodies)))


if __name__ == "__main__":
    main()
