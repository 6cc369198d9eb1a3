"""`backstory eval ...`: it reads its words, measures, and prints."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

evaluations = typer.Typer(
    name="eval", help="Measure how well it finds and summarizes.", no_args_is_help=True
)


@evaluations.callback()
def _several() -> None:
    """Measure how well it finds and summarizes."""


@evaluations.command()
def related(
    source: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            help="JSON lines with `cluster`s, or a folder with docs.jsonl and similarity.tsv; "
            "else the sample archive.",
        ),
    ] = None,
    stories: Annotated[
        bool, typer.Option("--stories", help="The clusters are stories: measure these too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """Measure related articles and stories on known ones, beside TF-IDF and MiniLM."""
    from backstory_standalone.evaluation.related import evaluate_related

    report = evaluate_related(source, as_stories=stories)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        Console().print(_related_table(report))


def _related_table(report: dict[str, Any]) -> Table:
    table = Table(title=f"{report['dataset']}: {report['articles']:,} articles")
    table.add_column("system")
    measures = list(next(iter(report["systems"].values())))
    for name in measures:
        table.add_column(name, justify="right")
    for system, found in report["systems"].items():
        table.add_row(system, *(f"{found[name]:.3f}" for name in measures))
    return table
