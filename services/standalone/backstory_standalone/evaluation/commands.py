"""`backstory eval search`: it reads its words, measures, and prints."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

T = TypeVar("T")


def search(
    folder: Annotated[Path, typer.Argument(help="With corpus.jsonl, queries.jsonl, qrels.tsv.")],
    systems: Annotated[
        str | None, typer.Option(help="Some of them, with commas; else all that are installed.")
    ] = None,
    embedder: Annotated[
        str, typer.Option(help="bundled, minilm, a model folder, or a sentence-transformers name.")
    ] = "bundled",
    least: Annotated[
        list[str] | None,
        typer.Option("--min", help="Fail below this: hybrid:ndcg@10=0.6. May be given often."),
    ] = None,
    syntax: Annotated[
        bool,
        typer.Option(
            "--syntax",
            help='Queries may ask for "phrases", -without and section:sport, as a reader\'s may; '
            "else all they say is words, as for the other systems.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """Measure search on questions with known answers, beside what one would use instead."""
    from backstory_search.query import parse
    from backstory_standalone.evaluation.gates import Gate, failures
    from backstory_standalone.evaluation.product import as_words
    from backstory_standalone.evaluation.searching import SYSTEMS, evaluate_search

    named = [name.strip() for name in systems.split(",")] if systems else list(SYSTEMS)
    gates = [Gate.parse(text, named) for text in least or ()]
    report = evaluate_search(folder, named, embedder, parse if syntax else as_words, _watched)
    _show(report, as_json=as_json)
    missed = list(failures(gates, report["systems"]))
    for sentence in missed:
        typer.echo(sentence, err=True)
    if missed:
        raise typer.Exit(1)


def _watched(what: str, things: Sequence[T]) -> Iterable[T]:
    return track(things, what, console=Console(stderr=True))


def _show(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        Console().print(_table(report))


def _table(report: dict[str, Any]) -> Table:
    """The mean of each measure, and below it where 95 of 100 such runs would lie."""
    counted = f"{report['queries']:,} queries, {report['documents']:,} documents"
    table = Table(
        title=f"{escape(report['dataset'])}: {counted}",
        caption=f"embedder: {escape(report['embedder'])}",
        show_lines=True,
    )
    table.add_column("system")
    measures = [name for name in next(iter(report["systems"].values()), {}) if name != "intervals"]
    for name in measures:
        table.add_column(name, justify="right")
    for system, found in report["systems"].items():
        intervals = found["intervals"]
        cells = (
            f"{found[name]:.3f}\n{intervals[name][0]:.3f}-{intervals[name][1]:.3f}"
            for name in measures
        )
        table.add_row(system, *cells)
    return table
