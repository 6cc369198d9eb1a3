"""Work makes way for readers: it waits until they are answered, though not for ever."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from backstory_shared.readers import Readers
from backstory_shared.web.readers_first import ReadersFirst
from support import patience
from support.server import serving

#: So long that nothing in a test makes it wait any less.
PATIENT = patience.SECONDS


@contextmanager
def work_beside(readers: Readers) -> Iterator[threading.Event]:
    """A thread that makes way once; the event is set when it has gone on."""
    went_on = threading.Event()

    def work() -> None:
        readers.make_way()
        went_on.set()

    thread = threading.Thread(target=work)
    thread.start()
    yield went_on
    thread.join()


def waits(went_on: threading.Event) -> bool:
    return not went_on.wait(0.2)


def goes_on(readers: Readers) -> bool:
    """Whether work does before it is tired of waiting."""
    with work_beside(readers) as went_on:
        return went_on.wait(PATIENT / 2)


def test_work_goes_on_once_the_last_reader_has_been_answered() -> None:
    readers = Readers(waits=PATIENT)
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(readers.one())
        second.enter_context(readers.one())

        with work_beside(readers) as went_on:
            waited_for_two = waits(went_on)
            first.close()
            waited_for_one = waits(went_on)
            second.close()

            assert waited_for_two
            assert waited_for_one
            assert went_on.wait(PATIENT)


def test_work_does_not_wait_for_ever() -> None:
    readers = Readers(waits=0.01)

    with readers.one():
        readers.make_way()


def test_a_reader_whose_question_failed_holds_up_nobody() -> None:
    readers = Readers(waits=PATIENT)
    try:
        with readers.one():
            raise ValueError
    except ValueError:
        pass

    assert goes_on(readers)


def test_whoever_reads_is_a_reader_until_the_answer_is_there() -> None:
    readers, asked, answer = Readers(waits=PATIENT), threading.Event(), threading.Event()
    app = FastAPI()
    app.add_middleware(ReadersFirst, readers=readers)

    @app.get("/read")
    def read() -> str:
        asked.set()
        answer.wait(PATIENT)
        return "answered"

    with serving(app) as server, asking(server.url, "/read"):
        assert asked.wait(PATIENT)
        with work_beside(readers) as went_on:
            waited = waits(went_on)
            answer.set()

            assert waited
            assert went_on.wait(PATIENT)


@contextmanager
def asking(url: str, path: str) -> Iterator[None]:
    client = httpx.Client(base_url=url, timeout=PATIENT, trust_env=False)
    thread = threading.Thread(target=lambda: client.get(path))
    thread.start()
    yield
    thread.join()
    client.close()


def test_whoever_writes_or_follows_a_stream_holds_up_no_work() -> None:
    readers, followed = Readers(waits=PATIENT), threading.Event()
    app = FastAPI()
    app.add_middleware(ReadersFirst, readers=readers)

    @app.post("/write")
    def write() -> bool:
        return goes_on(readers)

    @app.get("/follow")
    def follow() -> StreamingResponse:
        def pieces() -> Iterator[bytes]:
            yield b"first"
            followed.wait(PATIENT)

        return StreamingResponse(pieces())

    with (
        serving(app) as server,
        httpx.Client(base_url=server.url, timeout=PATIENT, trust_env=False) as client,
        client.stream("GET", "/follow") as answer,
    ):
        assert next(answer.iter_bytes()) == b"first"
        assert goes_on(readers)
        assert client.post("/write").json()
        followed.set()
