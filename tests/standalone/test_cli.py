"""The commands, against a running server and without one."""

import gzip
import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from backstory_shared.adapters.ledger import open_sqlite_ledger
from backstory_shared.adapters.qdrant_edge import EdgeIndex
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.settings import Storage
from backstory_shared.stages import Lane, Reason, Stage
from backstory_standalone.importing import Bookmark, Place
from backstory_standalone.server import discard_index
from support.clocks import FakeClock
from support.commands import Shell, shell, without_privileges
from support.drafts import submission
from support.ports import free_port
from support.program import Program, running
from support.stories import (
    BAKERY,
    FERRIES,
    HARBOUR,
    as_lines,
    eventually,
    numbered,
    post,
)

RAIN = b"Rain stops play\n\nThe match ended at noon. Nobody won."
READING = [
    ("search", "harbour"),
    ("related", "harbour"),
    ("summary", "harbour"),
    ("status",),
    ("status", "harbour"),
    ("failures",),
    ("failures", "--retry"),
    ("verify",),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("archive") / "data"


@pytest.fixture(scope="module")
def program(data: Path) -> Iterator[Program]:
    """One server with three articles in it, for all tests that only read or add."""
    with running(data) as started, started.client() as client:
        post(client, HARBOUR, FERRIES, BAKERY)
        yield started


@pytest.fixture
def backstory(program: Program, data: Path) -> Shell:
    """The command line of the folder whose server runs."""
    return shell(data)


@pytest.fixture
def alone(tmp_path: Path) -> Shell:
    """The command line of a folder that no server has."""
    return shell(tmp_path / "data")


def one_sentence(said: str) -> bool:
    return len(said.strip().splitlines()) == 1 and "Traceback" not in said


# --- add ------------------------------------------------------------------------------------------


def test_add_reads_a_json_file_and_prints_the_summary(backstory: Shell, tmp_path: Path) -> None:
    file = tmp_path / "article.json"
    file.write_text(json.dumps({**HARBOUR, "id": "added-json"}))

    added = backstory.run("add", str(file))

    assert added.returncode == 0
    assert added.stdout.startswith("Created: added-json (ready)")
    assert "six weeks while engineers replace the sea gate." in added.stdout


def test_add_takes_the_first_line_of_plain_text_as_the_title(backstory: Shell) -> None:
    added = backstory.run(
        "add", "-", feed=b"Rain stops play\n\nThe match ended at noon. Nobody won."
    )

    article_id = added.stdout.split()[1]
    found = json.loads(backstory.run("search", "rain stops play", "--json").stdout)
    assert [hit["title"] for hit in found["items"] if hit["id"] == article_id] == [
        "Rain stops play"
    ]


def test_add_reads_a_page(backstory: Shell, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    paragraphs = "".join(f"<p>{sentence}.</p>" for sentence in HARBOUR["text"].split(". "))
    file.write_text(
        f"<html><head><title>The sea gate</title></head><body><article><h1>The sea gate</h1>"
        f"{paragraphs}</article></body></html>"
    )

    assert backstory.run("add", str(file)).returncode == 0


def test_add_of_an_address_says_that_it_is_not_supported_yet(backstory: Shell) -> None:
    added = backstory.run("add", "https://news.example/harbour")

    assert added.returncode == 1
    assert "not supported yet" in added.stderr
    assert one_sentence(added.stderr)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("broken.json", b'{"title": ', "is not valid JSON"),
        ("list.json", b"[]", "backstory import"),
        ("latin.txt", b"Caf\xe9\n\nText.", "is not UTF-8 text"),
        ("title-only.txt", b"A title", "has no text"),
        ("no-title.json", b'{"text": "Words."}', "/title"),
        ("empty.txt", b" \n", "is empty"),
        ("deep.json", b"[" * 100_000, "is not valid JSON"),
        ("long-number.json", b'{"a": ' + b"9" * 5_000 + b"}", "is not valid JSON"),
    ],
)
def test_add_says_what_is_wrong_with_its_input(
    backstory: Shell, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)

    added = backstory.run("add", str(tmp_path / name))

    assert added.returncode == 1
    assert said in added.stderr
    assert one_sentence(added.stderr)


def test_add_says_where_json_breaks_off(backstory: Shell, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"title": "Rain",\n "text": }')

    added = backstory.run("add", str(tmp_path / "broken.json"))

    assert "see line 2, column 10." in added.stderr


def test_add_of_nothing_says_what_to_name(backstory: Shell) -> None:
    added = backstory.run("add", "")

    assert (added.returncode, one_sentence(added.stderr)) == (1, True)
    assert "Name a file" in added.stderr


def test_add_of_a_file_that_is_not_there_is_one_sentence(backstory: Shell) -> None:
    added = backstory.run("add", "/no/such/file")

    assert (added.returncode, one_sentence(added.stderr)) == (1, True)


# --- import ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "pack"), [("a.jsonl", bytes), ("a.jsonl.gz", gzip.compress)])
def test_import_brings_in_every_line(
    backstory: Shell, tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    articles = [{**each, "id": f"{name}-{each['id']}"} for each in numbered(300)]
    (tmp_path / name).write_bytes(pack(as_lines(articles)))

    imported = backstory.run("import", str(tmp_path / name))

    assert (imported.returncode, imported.stdout) == (0, "")
    for article in (articles[0], articles[-1]):
        status = json.loads(backstory.run("status", article["id"], "--json").stdout)
        assert status["status"] == "ready"


def test_import_names_the_lines_it_refused_and_keeps_the_others(
    backstory: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "mixed.jsonl"
    good = as_lines(numbered(300, first=1_000)).splitlines()
    file.write_bytes(b"\n".join([b"{", b"", *good, b'{"text": "No title."}']))

    imported = backstory.run("import", str(file))

    assert imported.returncode == 1
    assert "line 1: " in imported.stderr
    assert "line 303: The article has fields that are not valid. /title: " in imported.stderr
    assert imported.stderr.endswith("2 lines were refused; the rest is in.\n")
    assert backstory.run("status", "note-1299").returncode == 0


def test_import_of_a_torn_archive_is_one_sentence(alone: Shell, tmp_path: Path) -> None:
    file = tmp_path / "torn.jsonl.gz"
    file.write_bytes(gzip.compress(as_lines(numbered(50)))[:-40])

    imported = alone.run("import", str(file))

    assert imported.returncode == 1
    assert "is not a whole gzip file." in imported.stderr
    assert "Traceback" not in imported.stderr


@pytest.mark.serial
def test_a_killed_import_goes_on_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "archive.jsonl"
    file.write_bytes(b"{\n" + as_lines(numbered(3_000)))
    with running(tmp_path / "data") as program, program.client() as client:
        ours = shell(tmp_path / "data")
        with ours.start("import", str(file)) as process:
            eventually(lambda: _next_line(tmp_path), lambda line: line > 1)
            process.kill()
        before = client.get("/v1/stats").json()["last_event"]

        again = ours.run("import", str(file))

        stats = client.get("/v1/stats").json()
    assert before > 0
    assert "Going on at line" in again.stderr
    assert again.stderr.endswith("1 line was refused; the rest is in.\n")
    assert stats["articles"]["ready"] == 3_000
    # Accepted, summarized, indexed, ready; each once. Relating goes on behind.
    assert stats["last_event"] - stats["stages"]["relate"]["done"] == 3_000 * 4
    assert not list(_bookmarks(tmp_path))


def _next_line(folder: Path) -> int:
    """Where an import would go on: at 1 before anything is known of it."""
    places = [json.loads(bookmark.read_text()) for bookmark in _bookmarks(folder)]
    return max((place["next_line"] for place in places), default=1)


def _bookmarks(folder: Path) -> Iterator[Path]:
    return (folder / "data" / "imports").glob("*.json")


def test_a_bookmark_of_one_server_does_not_hold_for_another(tmp_path: Path) -> None:
    file = tmp_path / "archive.jsonl"
    file.write_bytes(b"{}")
    Bookmark(tmp_path, file, "http://a/").write(Place(next_line=7, rejected=2))

    assert Bookmark(tmp_path, file, "http://a/").read() == Place(next_line=7, rejected=2)
    assert Bookmark(tmp_path, file, "http://b/").read() == Place()


def test_an_import_that_cannot_be_noted_is_not_begun(program: Program, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "a.jsonl").write_bytes(as_lines(numbered(1, first=7_000)))

    elsewhere = shell(tmp_path / "file", BACKSTORY_URL=program.url)
    refused = elsewhere.run("import", str(tmp_path / "a.jsonl"))

    assert refused.returncode == 1
    assert "cannot be noted in" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert elsewhere.run("status", "note-7000").stderr == "No article has this id.\n"


# --- the reading commands -------------------------------------------------------------------------


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_every_reading_command_prints_json_when_asked(
    backstory: Shell, words: tuple[str, ...]
) -> None:
    read = backstory.run(*words, "--json")

    assert read.returncode == 0
    assert isinstance(json.loads(read.stdout), dict)


def test_search_prints_the_titles_it_found(backstory: Shell) -> None:
    found = backstory.run("search", "rye bread", "--section", "food", "--mode", "keyword")

    assert found.stdout.startswith("1 article\n1. A bakery wins the prize for the best rye bread\n")


def test_search_in_a_mode_there_is_not_is_one_sentence(backstory: Shell) -> None:
    found = backstory.run("search", "rye bread", "--mode", "psychic")

    assert (found.returncode, found.stdout) == (1, "")
    assert "mode" in found.stderr


def test_related_leaves_out_what_is_on_another_story(backstory: Shell) -> None:
    found = backstory.run("related", "harbour")

    assert FERRIES["title"] in found.stdout
    assert BAKERY["title"] not in found.stdout


def test_related_says_why(backstory: Shell) -> None:
    (relation,) = json.loads(backstory.run("related", "harbour", "--json").stdout)["items"]
    found = backstory.run("related", "harbour")

    assert f"both name {', '.join(relation['because']['names'])}" in found.stdout


def test_summary_prints_sentences_of_the_article(backstory: Shell) -> None:
    read = backstory.run("summary", "harbour", "--length", "short")

    sentences = [line.strip() for line in read.stdout.splitlines()]
    assert sentences
    assert all(sentence in HARBOUR["text"] for sentence in sentences)


def test_summary_can_be_asked_for_by_sentences_and_words(backstory: Shell) -> None:
    by_sentences = backstory.run("summary", "harbour", "--sentences", "2", "--json")
    by_words = backstory.run("summary", "harbour", "--words", "12", "--json")

    assert len(json.loads(by_sentences.stdout)["sentences"]) == 2
    assert len(json.loads(by_words.stdout)["text"].split()) <= 12


def test_summary_says_whose_it_is_and_whether_it_is_current(
    backstory: Shell, program: Program
) -> None:
    edited = {**BAKERY, "id": "edited"}
    with program.client() as client:
        post(client, edited)
        client.put("/v1/articles/edited/summary", json={"text": "A baker of nineteen won."})
        ready = backstory.run("summary", "edited").stdout
        post(client, {**edited, "text": "The jury has taken the prize back. Nobody knows why."})
        stale = backstory.run("summary", "edited").stdout

    assert "Written by an editor for revision 1." in ready
    assert "It is approved and locked." in ready
    assert "A baker of nineteen won." in ready
    assert "The summary is stale." in stale
    assert "It is locked." in stale


def test_status_of_an_article_names_its_stages(backstory: Shell) -> None:
    read = backstory.run("status", "harbour")

    assert read.stdout.startswith("harbour, revision 1: ready\n")
    assert "summarize" in read.stdout
    assert "index" in read.stdout


def test_status_of_the_archive_counts_the_articles(backstory: Shell) -> None:
    assert "ready" in backstory.run("status").stdout


@pytest.mark.parametrize("article_id", ["nobody", "a/b", "harbour?", "..", "%", ""])
def test_an_id_that_nobody_has_is_one_sentence(backstory: Shell, article_id: str) -> None:
    read = backstory.run("status", article_id)

    assert (read.returncode, read.stdout) == (1, "")
    assert read.stderr == "No article has this id.\n"


# --- failures -------------------------------------------------------------------------------------


def test_failures_say_why_and_retry_mends_them(alone: Shell) -> None:
    with_failure(Path(alone.settings["BACKSTORY_DATA"]), "ferry-1")

    told = alone.run("failures")
    retried = alone.run("failures", "--retry")

    assert "ferry-1, revision 1: failed" in told.stdout
    assert "It went wrong. (stage-failed)" in told.stdout
    assert retried.stdout == "1 article is tried again.\nNo article has failed.\n"


def with_failure(folder: Path, article_id: str) -> None:
    """An archive with one article whose summary failed three times."""
    clock = FakeClock()
    folder.mkdir()
    ledger = open_sqlite_ledger(folder / "ledger.sqlite", clock)
    ledger.accepting.accept([submission(id=article_id)])
    for _ in range(3):
        batch = ledger.working.claim(Stage.SUMMARIZE, Lane.LIVE, 1)
        assert batch is not None
        reason = Reason(type="stage-failed", detail="It went wrong.")
        ledger.working.fail(batch, {article_id: reason})
        clock.tick(3_600)
    ledger.close()


# --- verify and reindex ---------------------------------------------------------------------------


def test_verify_puts_back_what_the_index_has_lost(alone: Shell, tmp_path: Path) -> None:
    file = tmp_path / "archive.jsonl"
    file.write_bytes(as_lines([HARBOUR, BAKERY]))
    alone.run("import", str(file))
    index = EdgeIndex.open(tmp_path / "data" / "index", StaticEmbedder.open(BUNDLED).model)
    index.remove({"bakery": 1})
    index.flush()
    index.close()

    mended = alone.run("verify")
    after = json.loads(alone.run("verify", "--json").stdout)

    assert mended.stdout.startswith(
        "2 articles checked against the index.\nTo be indexed again: 1."
    )
    assert after == {"checked": 2, "requeued": 0, "removed": 0}
    assert BAKERY["title"] in alone.run("search", "rye bread").stdout


def test_an_index_of_another_model_is_refused_until_it_is_made_again(
    alone: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "archive.jsonl"
    file.write_bytes(as_lines([HARBOUR, BAKERY]))
    alone.run("import", str(file))
    description = tmp_path / "data" / "index" / "index.json"
    description.write_text(
        json.dumps(json.loads(description.read_text()) | {"model": "another-model"})
    )

    refused = alone.run("serve")
    mended = alone.run("reindex")

    assert refused.returncode == 1
    assert one_sentence(refused.stderr)
    assert "`backstory reindex`" in refused.stderr
    assert (mended.returncode, mended.stdout) == (0, "2 articles are indexed again.\n")
    assert BAKERY["title"] in alone.run("search", "rye bread").stdout


def test_a_discarded_index_is_filled_by_whoever_serves_next(tmp_path: Path) -> None:
    """What a reindex that is killed halfway leaves behind."""
    ours = shell(tmp_path / "data")
    ours.run("add", "-", feed=RAIN)

    discard_index(Storage(data=tmp_path / "data"))

    with running(tmp_path / "data") as program, program.client() as client:
        found = eventually(
            lambda: client.get("/v1/search", params={"q": "match"}).json(), lambda one: one["total"]
        )
    assert found["items"][0]["title"] == "Rain stops play"


def test_reindex_leaves_a_running_server_up(backstory: Shell) -> None:
    again = backstory.run("reindex")

    assert again.returncode == 0
    assert BAKERY["title"] in backstory.run("search", "rye bread").stdout


def test_the_index_is_optimized_while_the_server_runs(backstory: Shell) -> None:
    optimized = backstory.run("reindex", "--optimize")

    assert (optimized.returncode, optimized.stdout) == (0, "The index is optimized.\n")
    assert BAKERY["title"] in backstory.run("search", "rye bread").stdout


def test_golden_queries_that_cannot_be_read_are_refused_before_anything_is_changed(
    backstory: Shell, tmp_path: Path
) -> None:
    golden = tmp_path / "golden.jsonl"
    golden.write_bytes(b'{"query": "harbour", "ids": []}\n{"query": \n')

    refused = backstory.run("reindex", "--model", str(BUNDLED), "--golden", str(golden))

    assert (refused.returncode, one_sentence(refused.stderr)) == (1, True)
    assert "Line 2 of golden.jsonl is not valid JSON." in refused.stderr


def test_reindexing_does_one_thing_at_a_time(alone: Shell) -> None:
    refused = alone.run("reindex", "--optimize", "--rollback")

    assert refused.returncode == 2
    assert "four different things" in refused.stderr


# --- where the commands find Backstory ------------------------------------------------------------


def test_without_a_server_a_command_opens_the_folder_itself(alone: Shell) -> None:
    added = alone.run("add", "-", feed=RAIN)
    found = alone.run("search", "match", "--json")

    assert added.returncode == 0
    assert [hit["title"] for hit in json.loads(found.stdout)["items"]] == ["Rain stops play"]


def test_whoever_opens_an_empty_folder_is_told(alone: Shell) -> None:
    first = alone.run("search", "match")
    second = alone.run("search", "match")

    assert first.stderr.startswith("There was no archive in ")
    assert "BACKSTORY_DATA" in first.stderr
    assert (second.stdout, second.stderr) == (first.stdout, "")


def test_a_terminal_without_a_letter_shows_another(backstory: Shell, tmp_path: Path) -> None:
    (tmp_path / "rain.txt").write_text("Łódź\n\nIt rained in Łódź. Nobody won.")
    ascii_only = {**backstory.settings, "PYTHONIOENCODING": "ascii"}

    added = Shell(ascii_only).run("add", str(tmp_path / "rain.txt"))

    assert added.returncode == 0
    assert "It rained in ??d?." in added.stdout


def test_a_named_server_is_used_wherever_the_data_lies(program: Program, tmp_path: Path) -> None:
    elsewhere = shell(tmp_path / "data", BACKSTORY_URL=program.url)

    assert elsewhere.run("summary", "harbour").returncode == 0
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("words", [("status",), ("reindex",), ("import", "pyproject.toml")])
def test_a_named_server_that_does_not_answer_is_one_sentence(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    asked = shell(tmp_path / "data", BACKSTORY_URL=url).run(*words)

    assert asked.returncode == 1
    assert f"No Backstory answers at {url}" in asked.stderr
    assert "backstory serve" in asked.stderr
    assert "Traceback" not in asked.stderr


def test_a_page_that_is_not_backstory_is_not_taken_for_it(program: Program, tmp_path: Path) -> None:
    elsewhere = shell(tmp_path / "data", BACKSTORY_URL=f"{program.url}/docs#")

    assert elsewhere.run("status").returncode == 1


def test_the_key_is_sent_along(tmp_path: Path) -> None:
    key = {"BACKSTORY_API_KEY": "opensesame"}
    with running(tmp_path / "data", environment=key):
        with_key = shell(tmp_path / "data", **key).run("add", "-", feed=RAIN)
        without = shell(tmp_path / "data").run("add", "-", feed=RAIN)

    assert with_key.returncode == 0
    assert (without.returncode, one_sentence(without.stderr)) == (1, True)
    assert "key" in without.stderr


def test_the_version_is_told() -> None:
    told = shell(Path("/nowhere")).run("--version")

    assert (told.returncode, told.stdout) == (0, f"backstory {version('backstory')}\n")


# --- serve ----------------------------------------------------------------------------------------


def test_serve_refuses_a_folder_that_another_serves(backstory: Shell, program: Program) -> None:
    second = shell(Path(backstory.settings["BACKSTORY_DATA"]), BACKSTORY_PORT="0").run("serve")

    assert second.returncode == 1
    assert "BACKSTORY_DATA" in second.stderr
    assert one_sentence(second.stderr)


@pytest.mark.parametrize("words", [("serve",), ("status",)])
def test_a_folder_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_text("in the way")

    refused = shell(tmp_path / "file" / "data").run(*words)

    assert refused.returncode == 1
    assert "cannot be written" in refused.stderr
    assert "BACKSTORY_DATA" in refused.stderr
    assert one_sentence(refused.stderr)


@pytest.mark.parametrize("place", ["index", "index/shard", "index/shard/segments/*/*_storage"])
def test_an_index_without_the_right_to_write_it_is_one_sentence(tmp_path: Path, place: str) -> None:
    index = tmp_path / "data" / "index"
    EdgeIndex.open(index, StaticEmbedder.open().model).close()
    [barred] = index.parent.glob(place)
    barred.chmod(0o500)
    for file in barred.iterdir():
        file.chmod(0o500)

    refused = without_privileges(shell(index.parent)).run("serve")

    assert refused.returncode == 1
    assert "may not be written" in refused.stderr
    assert "reindex" not in refused.stderr
    assert one_sentence(refused.stderr)


def test_a_ledger_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ledger.sqlite").write_bytes(b"This is not a database. " * 100)

    refused = shell(tmp_path / "data", BACKSTORY_PORT="0").run("serve")

    assert (refused.returncode, one_sentence(refused.stderr)) == (1, True)


def test_serve_names_the_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = shell(tmp_path / "data", BACKSTORY_PORT=port).run("serve")

    assert refused.returncode == 1
    assert f"Port {port}" in refused.stderr
    assert "BACKSTORY_PORT" in refused.stderr
    assert one_sentence(refused.stderr)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-name.invalid"])
def test_serve_names_an_address_that_is_not_ours(tmp_path: Path, host: str) -> None:
    settings = {"BACKSTORY_HOST": host, "BACKSTORY_PORT": "0", "BACKSTORY_API_KEY": "opensesame"}

    refused = shell(tmp_path / "data", **settings).run("serve")

    assert refused.returncode == 1
    assert refused.stderr == f"{host} is no address of this machine: set BACKSTORY_HOST to one.\n"


def test_serve_in_place_of_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    refused = shell(tmp_path / "file").run("serve")

    assert refused.returncode == 1
    assert refused.stderr.endswith("file is a file: name a folder with BACKSTORY_DATA.\n")


def test_a_setting_that_is_wrong_is_one_sentence_in_plain_words(tmp_path: Path) -> None:
    refused = shell(tmp_path / "data", BACKSTORY_PORT="eighty").run("serve")

    assert refused.returncode == 1
    assert refused.stderr == "BACKSTORY_PORT: This must be a valid integer.\n"


def test_serve_beyond_this_machine_needs_a_key(tmp_path: Path) -> None:
    refused = shell(tmp_path / "data", BACKSTORY_HOST="0.0.0.0").run("serve")

    assert refused.returncode == 1
    assert "BACKSTORY_API_KEY" in refused.stderr
    assert one_sentence(refused.stderr)
    assert not (tmp_path / "data").exists()


#: Interrupts itself as it begins to load what it needs.
INTERRUPTED = """
import os, signal, sys

class Impatient:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
sys.meta_path.insert(0, Impatient())
from backstory_standalone.__main__ import main
main()
"""


def test_ctrl_c_while_the_program_loads_ends_it_without_a_word() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (130, "")
