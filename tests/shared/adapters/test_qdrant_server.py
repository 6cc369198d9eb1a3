"""What only a server can do wrong: be away, be too old, refuse us, or a point, or half a write."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from pydantic import SecretStr
from qdrant_client import QdrantClient

from backstory_shared.adapters.qdrant_server import QdrantServerIndex, connect
from backstory_shared.errors import CannotStart, EntriesRefused, StoreUnavailable
from backstory_shared.ports import Facet, MatchSet, Question
from backstory_shared.settings import Qdrant
from support.indexes import MODEL, direction, entry
from support.ports import free_port
from support.qdrant import running_program, settings_of, shared_program, start_program
from support.tls import authority, behind_tls


def opened(settings: Qdrant) -> QdrantServerIndex:
    return QdrantServerIndex.open(connect(settings), settings, MODEL)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[QdrantServerIndex]:
    found = opened(settings_of(shared_program(), tmp_path))
    yield found
    found.close()


# --- starting -------------------------------------------------------------------------------------


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="No Qdrant server answers at BACKSTORY_QDRANT_URL"):
        connect(settings_of(f"http://127.0.0.1:{free_port()}", tmp_path))


def test_no_address_is_one_sentence() -> None:
    with pytest.raises(CannotStart, match="BACKSTORY_QDRANT_URL is not set"):
        connect(Qdrant())


def test_a_server_that_is_too_old_is_refused(tmp_path: Path) -> None:
    told = r"version 1\.18\.3; Backstory needs 1\.19"
    old = running_program(tmp_path / "qdrant", version="1.18.3")

    with old as url, pytest.raises(CannotStart, match=told):
        connect(settings_of(url, tmp_path))


def test_the_key_is_sent_and_a_wrong_one_is_one_sentence_without_it(tmp_path: Path) -> None:
    with running_program(tmp_path / "qdrant", key="opensesame") as url:
        right = settings_of(url, tmp_path, qdrant_api_key=SecretStr("opensesame"))
        wrong = settings_of(url, tmp_path, qdrant_api_key=SecretStr("canary"))

        connect(right).close()
        with pytest.raises(CannotStart, match="BACKSTORY_QDRANT_API_KEY") as refused:
            connect(wrong)

    assert "canary" not in refused.value.detail


def test_certificates_that_cannot_be_read_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="BACKSTORY_QDRANT_CA"):
        connect(settings_of("https://127.0.0.1:1", tmp_path, qdrant_ca=tmp_path / "none.pem"))


def test_over_tls_a_server_is_trusted_by_the_authority_that_signed_for_it(tmp_path: Path) -> None:
    ours = authority(tmp_path / "ca.pem")
    with (
        running_program(tmp_path / "qdrant", key="opensesame") as url,
        behind_tls(int(url.rpartition(":")[2]), ours) as port,
    ):
        settings = settings_of(
            f"https://127.0.0.1:{port}",
            tmp_path,
            qdrant_ca=ours.file,
            qdrant_api_key=SecretStr("opensesame"),
        )
        index = opened(settings)
        index.write([entry("a")])

        assert dict(index.revisions()) == {"a": 1}
        index.close()


def test_a_certificate_that_nobody_vouches_for_is_one_sentence(tmp_path: Path) -> None:
    theirs, ours = authority(tmp_path / "theirs.pem"), authority(tmp_path / "ours.pem")
    with (
        running_program(tmp_path / "qdrant") as url,
        behind_tls(int(url.rpartition(":")[2]), theirs) as port,
    ):
        for trusted in (None, ours.file):
            settings = settings_of(f"https://127.0.0.1:{port}", tmp_path, qdrant_ca=trusted)
            with pytest.raises(CannotStart, match="not trusted: set BACKSTORY_QDRANT_CA"):
                connect(settings)


def test_a_server_that_speaks_no_tls_is_one_sentence(tmp_path: Path) -> None:
    plain = shared_program().replace("http://", "https://")

    with pytest.raises(CannotStart, match="speaks no TLS"):
        connect(settings_of(plain, tmp_path))


def test_what_is_no_qdrant_is_refused(tmp_path: Path) -> None:
    other = answering({"detail": "hello"}, status=404)

    with other as url, pytest.raises(CannotStart, match="no usable Qdrant server"):
        connect(settings_of(url, tmp_path))


def test_processes_that_start_at_once_make_one_collection(tmp_path: Path) -> None:
    settings = settings_of(shared_program(), tmp_path)
    found: list[str] = []

    def start() -> None:
        found.append(opened(settings).collection)

    threads = [Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [f"{settings.qdrant_collection}_v1"] * 4


def test_somebody_elses_collection_is_left_alone(tmp_path: Path) -> None:
    settings = settings_of(shared_program(), tmp_path)
    url = str(settings.qdrant_url)
    theirs = f"{settings.qdrant_collection}_v1"
    body = {
        "vectors": {"dense": {"size": 8, "distance": "Dot"}},
        "sparse_vectors": {"lexical": {"modifier": "idf"}},
    }
    httpx.put(f"{url}collections/{theirs}", json=body).raise_for_status()

    with pytest.raises(CannotStart, match="not made by Backstory"):
        opened(settings)


# --- writing --------------------------------------------------------------------------------------


def test_one_entry_that_is_refused_does_not_spoil_its_batch(index: QdrantServerIndex) -> None:
    entries = [entry(f"article-{n}") for n in range(100)]
    entries[37] = entry("bad", dense=direction(1)[:5])

    with pytest.raises(EntriesRefused) as refused:
        index.write(entries)

    assert refused.value.ids == {"bad"}
    assert len(dict(index.revisions())) == 99


@pytest.mark.parametrize("status", ["acknowledged", "wait_timeout"])
def test_a_write_that_is_not_completed_is_not_taken_for_one(status: str) -> None:
    with answering({"result": {"operation_id": 1, "status": status}, "status": "ok"}) as url:
        index = QdrantServerIndex(QdrantClient(url, check_compatibility=False), "any", MODEL)

        with pytest.raises(StoreUnavailable):
            index.write([entry("a")])
        with pytest.raises(StoreUnavailable):
            index.remove({"a": 1})


# --- outages --------------------------------------------------------------------------------------


def test_all_calls_say_so_while_the_server_is_away_and_go_on_once_it_is_back(
    tmp_path: Path,
) -> None:
    server = start_program(tmp_path / "qdrant")
    index = opened(settings_of(server.url, tmp_path))
    index.write([entry("a", 2, tags=("x",)), entry("b", 1)])
    index.remove({"b": 1})

    server.kill()
    for call in (
        lambda: index.write([entry("a", 3)]),
        lambda: index.remove({"a": 3}),
        lambda: index.candidates(Question(dense=direction(1))),
        lambda: index.counts(MatchSet(), [Facet.TAG]),
        lambda: index.by_date(MatchSet(), newest_first=True, limit=5),
        lambda: index.vectors(["a"]),
        lambda: index.nearest_passages(direction(1), ["a"]),
        lambda: list(index.revisions()),
    ):
        with pytest.raises(StoreUnavailable):
            call()

    port = httpx.URL(server.url).port
    again = start_program(tmp_path / "qdrant", port=port)
    try:
        index.write([entry("a", 1)])
        assert dict(index.revisions()) == {"a": 2}
        assert index.counts(MatchSet(), [Facet.TAG]).facets[Facet.TAG] == (("x", 1),)
    finally:
        again.kill()


def test_a_call_the_small_program_does_not_know_is_refused() -> None:
    assert httpx.get(f"{shared_program()}/telemetry").status_code == 501


class answering:  # noqa: N801 - reads as what the server does
    """A server that gives every request the same answer."""

    def __init__(self, body: object, status: int = 200) -> None:
        content = json.dumps(body).encode()

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT  # noqa: N815 - named by http.server

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
