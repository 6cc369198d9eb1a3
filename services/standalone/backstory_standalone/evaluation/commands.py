"""`backstory eval search`: it reads its words, measures, and prints."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table


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
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """Measure search on questions with known answers, beside what one would use instead."""
    from backstory_standalone.evaluation.gates import Gate, failures
    from backstory_standalone.evaluation.searching import SYSTEMS, evaluate_search

    gates = [Gate.parse(text) for text in least or ()]
    named = [name.strip() for name in systems.split(",")] if systems else list(SYSTEMS)
    report = evaluate_search(folder, named, embedder)
    _show(report, as_json=as_json)
    missed = list(failures(gates, report["systems"]))
    for sentence in missed:
        typer.echo(sentence, err=True)
    if missed:
        raise typer.Exit(1)


def _show(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        Console().print(_table(report))


def _table(report: dict[str, Any]) -> Table:
    """The mean of each measure, and in brackets where 95 of 100 such runs would lie."""
    title = f"{report['dataset']}: {report['queries']:,} queries, {report['documents']:,} documents"
    table = Table(title=title, caption=f"embedder: {report['embedder']}")
    table.add_column("system")
    measures = [name for name in next(iter(report["systems"].values()), {}) if name != "intervals"]
    for name in measures:
        table.add_column(name, justify="right")
    for system, found in report["systems"].items():
        intervals = found["intervals"]
        cells = (
            f"{found[name]:.3f} [{intervals[name][0]:.3f}, {intervals[name][1]:.3f}]"
            for name in measures
        )
        table.add_row(system, *cells)
    return table
