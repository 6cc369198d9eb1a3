"""The commands. Each reads its words, asks the server, and prints; `--json` prints what it said."""

import gc
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, Never, TextIO
from urllib.parse import quote

import typer

from backstory_shared.errors import CannotStart, FolderLocked, Unavailable
from backstory_shared.logging import LogFormat, LogLevel, configure_logging
from backstory_shared.settings import Client as ClientSettings
from backstory_shared.settings import Embedding, Qdrant, SharedLedger, Storage, load
from backstory_standalone import printing
from backstory_standalone.cli_eval import evaluate
from backstory_standalone.client import Client, Refused, Unreachable, connected
from backstory_standalone.folder import Folder
from backstory_standalone.importing import Bookmark, import_file
from backstory_standalone.reading import Unreadable, article_from, golden_from
from backstory_standalone.waiting import NothingMoves, wait_while

cli = typer.Typer(
    name="backstory",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.add_typer(evaluate)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"backstory {version('backstory')}")
        raise typer.Exit


@cli.callback()
def _any_command(
    asked_for_version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and end.", callback=_tell_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Gives every article its backstory: a summary, semantic search, related articles."""


ArticleId = Annotated[str, typer.Argument(help="The id it was added with, or was given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the server's answer as JSON.")]
Limit = Annotated[int, typer.Option(min=1, max=100, help="How many to show.")]

_POLL_SECONDS = 0.1


def run() -> None:
    """Run the command line; what a person can mend is one sentence and exit status 1."""
    configure_logging(LogFormat.CONSOLE, LogLevel.ERROR)
    _bear_any_letter(sys.stdout, sys.stderr)
    try:
        cli()
    except (CannotStart, Unavailable, Refused, NothingMoves) as error:
        _die(error.detail)
    except Unreachable as error:
        _die(
            f"No Backstory answers at {error.url}. "
            "Start one with `backstory serve`, or set BACKSTORY_URL to where it runs."
        )
    except Unreadable as error:
        _die(str(error))


def _bear_any_letter(*streams: TextIO) -> None:
    """Where a terminal or a file has no sign for a letter, it gets a question mark."""
    for stream in streams:
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


@cli.command()
def serve(
    sample: Annotated[
        bool, typer.Option("--sample", help="Fill an empty archive with the sample articles.")
    ] = False,
) -> None:
    """Start Backstory: both APIs and the pages on one port.

    The archive is the folder BACKSTORY_DATA, the port BACKSTORY_PORT (8000); Ctrl-C stops it.
    """
    gc.disable()  # until it serves: of what is loaded meanwhile, nothing is garbage
    from backstory_standalone.server import serve_forever

    serve_forever(sample=sample)


@cli.command()
def add(
    source: Annotated[str, typer.Argument(help="A .json, .html or text file, a URL, or - .")],
) -> None:
    """Add one article, wait until it is ready, and print its summary."""
    with _server() as client:
        accepted = client.post("/v1/articles", _article(source))
        status = _wait_until_done(client, accepted["id"])
        printing.accepted(accepted, status)
    if status["status"] == "ready":
        with _reader() as client:
            printing.summary(client.get(_path(accepted["id"], "summary")))


@cli.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="FILE.jsonl or .gz")],
    wait: Annotated[bool, typer.Option(help="Wait until all of them are ready.")] = True,
) -> None:
    """Import a file of articles, one JSON object a line. A killed import goes on where it was."""
    elsewhere = load(ClientSettings).url
    bookmark = Bookmark(Folder(load(Storage).data).imports, file, str(elsewhere or ""))
    with _server() as client:
        with printing.import_bar(file, bookmark.read().next_line) as bar:
            rejected = import_file(client, file, bookmark, bar.show)
        if wait:
            _wait_until_settled(client)
    if rejected:
        _die(
            f"{rejected:,} {'line was' if rejected == 1 else 'lines were'} refused; the rest is in."
        )


@cli.command()
def search(
    query: Annotated[
        str, typer.Argument(help='Words, "a phrase", -without, section:sport; one quoted argument.')
    ],
    mode: Annotated[str, typer.Option(help="hybrid, semantic or keyword")] = "hybrid",
    section: Annotated[list[str] | None, typer.Option(help="Only these sections.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only these languages.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only these sources.")] = None,
    sort: Annotated[str, typer.Option(help="relevance, newest or oldest")] = "relevance",
    recency: Annotated[
        str | None, typer.Option(help="A half-life for scores: 12h, 7d, 2w.")
    ] = None,
    limit: Limit = 10,
    as_json: AsJson = False,
) -> None:
    """Search the archive by meaning and by words."""
    with _reader() as client:
        found = client.get(
            "/v1/search",
            q=query,
            mode=mode,
            section=section,
            language=language,
            source=source,
            sort=sort,
            recency=recency,
            limit=limit,
        )
    _show(found, printing.hits, as_json)


@cli.command()
def related(article_id: ArticleId, limit: Limit = 5, as_json: AsJson = False) -> None:
    """Show the articles related to one."""
    with _reader() as client:
        found = client.get(_path(article_id, "related"), limit=limit)
    _show(found, printing.related, as_json)


@cli.command()
def summary(
    article_id: ArticleId,
    length: Annotated[str | None, typer.Option(help="short, medium or long")] = None,
    sentences: Annotated[int | None, typer.Option(help="At most so many sentences.")] = None,
    words: Annotated[int | None, typer.Option(help="At most so many words.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show an article's summary, and whether it is of the article as it is now."""
    with _reader() as client:
        found = client.get(
            _path(article_id, "summary"), length=length, sentences=sentences, words=words
        )
    _show(found, printing.summary, as_json)


@cli.command()
def status(
    article_id: Annotated[str | None, typer.Argument(help="One article; else all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show how far an article has come, or the whole archive."""
    with _server() as client:
        if article_id is None:
            _show(client.get("/v1/stats"), printing.stats, as_json)
        else:
            _show(client.get(_path(article_id, "status")), printing.status, as_json)


@cli.command()
def failures(
    retry: Annotated[bool, typer.Option("--retry", help="Try all of them again.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Show the articles that failed, and why."""
    with _server() as client:
        if retry:
            again = client.post("/v1/failures/retry")
            if not as_json:
                printing.retried(again)
            _wait_until_settled(client)
        _show(client.get("/v1/failures", limit=limit), printing.failures, as_json)


@cli.command()
def verify(as_json: AsJson = False) -> None:
    """Compare the index with the ledger, and repair the index.

    It waits until what was missing is indexed again, but not longer than two minutes for a worker.
    """
    with _admin() as client:
        found = client.post("/v1/admin/verify")
        _show(found, printing.verified, as_json)
        if found["requeued"]:
            _wait_until_settled(client)


@cli.command()
def reindex(
    model: Annotated[
        str | None, typer.Option(help="Change to this embedding model; search stays up.")
    ] = None,
    golden: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help='Also ask both models these: lines of {"query": ..., "ids": [...]}.',
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Switch even if the models hardly agree.")
    ] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the model before the last change.")
    ] = False,
    drop_old: Annotated[
        bool, typer.Option("--drop-old", help="Keep only the index that serves.")
    ] = False,
    optimize: Annotated[
        bool, typer.Option("--optimize", help="Make the index quick and small, nothing more.")
    ] = False,
) -> None:
    """Embed and index every article again, with the same model or with another one.

    Changing the model may be interrupted: the same command goes on where it was.
    """
    if sum((model is not None, rollback, drop_old, optimize)) > 1:
        raise typer.BadParameter(
            "--model, --rollback, --drop-old and --optimize are four different things"
        )
    if optimize:
        _optimize()
    elif model is not None:
        with _admin() as client:
            _change_model(client, model, golden, force)
    elif rollback or drop_old:
        with _admin() as client:
            step = "rollback" if rollback else "drop-others"
            printing.models(client.post(f"{_MODEL}/{step}"))
    else:
        _reindex_all()


_MODEL = "/v1/admin/model"


def _change_model(client: Client, model: str, golden: Path | None, force: bool) -> None:
    settings = load(Embedding)
    asked = {
        "model": str(Path(model).resolve()) if Path(model).is_dir() else model,
        "backend": settings.embedding_backend.value,
        "threads": settings.embedding_threads,
    }
    known = golden_from(golden.name, golden.read_bytes()) if golden else []
    wanted = {"golden": known, "force": force}
    # What was on its way when the change began may have missed the new index: hence again.
    while client.post(_MODEL, asked)["missing"]:
        _wait_until_settled(client)
    found = client.post(f"{_MODEL}/switch", wanted)
    printing.compared(found)
    if not found["switched"]:
        _die("The new model finds too different things: look, then switch with --force.")


def _optimize() -> None:
    if load(SharedLedger).ledger_url is not None:
        _die("The Qdrant server optimizes its collections by itself.")
    with _server() as client:
        client.post("/v1/admin/optimize")
        while (found := client.get("/v1/admin/optimize"))["running"]:
            time.sleep(_POLL_SECONDS)
    printing.optimized(found)


def _reindex_all() -> None:
    _discard_index(load(Storage))
    with _admin() as client:
        again = client.post("/v1/admin/reindex")
        _wait_until_settled(client)
    printing.reindexed(again)


@cli.command()
def migrate() -> None:
    """Make the tables of the PostgreSQL ledger, or bring them up to date; twice does no harm."""
    from backstory_shared.adapters.ledger import migrate_postgres_ledger

    migrate_postgres_ledger(load(SharedLedger).address())
    typer.echo("The ledger is up to date.")


@cli.command()
def export(
    target: Annotated[str, typer.Argument(metavar="FILE", help="FILE.jsonl, FILE.jsonl.gz or -")],
) -> None:
    """Write the whole ledger into a file: articles, revisions, summaries, states, events."""
    from backstory_standalone.house import write_export

    with printing.moving_bar("Exporting") as show:
        articles = write_export(target, show)
    printing.moved(articles, "exported")


@cli.command()
def restore(
    source: Annotated[str, typer.Argument(metavar="FILE", help="FILE.jsonl, FILE.jsonl.gz or -")],
) -> None:
    """Fill an empty ledger from an export: all of it or nothing. Then the index is made again.

    On many machines the workers make it, whenever they run.
    """
    from backstory_standalone.house import read_export

    with printing.moving_bar("Restoring") as show:
        articles = read_export(source, show)
    printing.moved(articles, "restored")
    if load(SharedLedger).ledger_url is None:
        verify(as_json=False)
    elif load(Qdrant).qdrant_url is None:
        printing.index_to_be_made()
    else:
        with _admin() as client:
            printing.index_on_its_way(client.post("/v1/admin/verify"))


@contextmanager
def _server(*, to_read: bool = False) -> Iterator[Client]:
    """Whoever is in the wrong folder should not take an archive that was just made for theirs."""
    storage = load(Storage)
    ledger = Folder(storage.data).ledger
    was_there = ledger.exists()
    with connected(storage, to_read=to_read) as client:
        if not was_there and ledger.exists():
            printing.new_archive(storage.data)
        yield client


@contextmanager
def _admin() -> Iterator[Client]:
    """On many machines no service looks after ledger and index at once; then we do it ourselves."""
    if load(SharedLedger).ledger_url is None:
        with _server() as client:
            yield client
        return
    from backstory_standalone.administration import administering

    with administering() as client:
        yield client


@contextmanager
def _reader() -> Iterator[Client]:
    with _server(to_read=True) as client:
        yield client


def _discard_index(storage: Storage) -> None:
    """A running server keeps its index, and writes every point of it again."""
    from backstory_standalone.server import discard_index

    with suppress(FolderLocked):
        if load(ClientSettings).url is None and load(SharedLedger).ledger_url is None:
            discard_index(storage)


def _path(article_id: str, part: str) -> str:
    """Raises Refused for what would lead to another address, or to none."""
    if article_id in ("", ".", "..") or "/" in article_id:
        raise Refused(HTTPStatus.NOT_FOUND, "No article has this id.")
    return f"/v1/articles/{quote(article_id, safe='')}/{part}"


def _article(source: str) -> dict[str, Any]:
    if source == "-":
        return article_from("standard input", sys.stdin.buffer.read())
    if source.startswith(("http://", "https://")):
        return {"url": source}
    if not source:
        raise Unreadable("Name a file, a URL, or - for standard input.")
    try:
        return article_from(source, Path(source).read_bytes())
    except OSError as error:
        raise Unreadable(f"{source} cannot be read ({error.strerror}).") from error


def _wait_until_done(client: Client, article_id: str) -> dict[str, Any]:
    while True:
        report: dict[str, Any] = client.get(_path(article_id, "status"))
        if report["status"] != "accepted":
            return report
        time.sleep(_POLL_SECONDS)


def _wait_until_settled(client: Client) -> None:
    """Show a bar until every article can be read and found; relating goes on behind.

    Raises NothingMoves where nobody does the work.
    """
    with printing.settling_bar() as bar:
        wait_while(bar.show, partial(client.get, "/v1/stats"))


def _show(found: Any, show: Any, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        show(found)


def _die(sentence: str) -> Never:
    typer.echo(sentence, err=True)
    sys.exit(1)
