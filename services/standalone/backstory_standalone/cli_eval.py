"""`backstory eval`: how good it is, measured on sets that anybody may bring."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from backstory_standalone.evaluation.commands import search

evaluate = typer.Typer(
    name="eval", help="Measure how good it is, beside peers.", no_args_is_help=True
)

evaluate.command()(search)

AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]


@evaluate.command()
def summaries(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help='JSON lines of {"text", "summary"}; also as .gz'
        ),
    ],
    cross_validated: Annotated[
        bool, typer.Option("--cv", help="Score each fold with weights that did not see it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """ROUGE of the summaries beside the article's beginning, LexRank and TextRank."""
    from backstory_standalone.evaluation.summaries import evaluated, read_pairs

    found = evaluated(read_pairs(file), cross_validated=cross_validated, warn=_warn)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        _print_summaries(found)


def _warn(sentence: str) -> None:
    typer.echo(sentence, err=True)


def _print_summaries(found: dict[str, Any]) -> None:
    columns = list(next(iter(found["systems"].values())))
    table = Table("system", *columns, box=None, pad_edge=False)
    for name, figures in found["systems"].items():
        table.add_row(name, *(f"{figures[column]:.2f}" for column in columns))
    console = Console()
    console.print(table)
    for name, measures in found["differences"].items():
        ahead = ", ".join(
            f"{measure} {by['mean']:+.2f} [{by['low']:.2f}, {by['high']:.2f}]"
            for measure, by in measures.items()
        )
        console.print(f"ahead of {name}: {ahead}")


@evaluate.command()
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
    as_json: AsJson = False,
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
