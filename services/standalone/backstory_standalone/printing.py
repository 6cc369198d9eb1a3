"""What the commands print: plain sentences and lists a person likes to read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from backstory_shared.stages import FIRST_STAGES
from backstory_standalone.importing import Progress as ImportProgress

Json = dict[str, Any]

_UNFINISHED = ("pending", "running")
_out = Console(highlight=False, soft_wrap=True)
_err = Console(highlight=False, stderr=True)
_SHOWN_REJECTIONS = 20


def accepted(found: Json, status: Json) -> None:
    _out.print(f"{found['outcome'].capitalize()}: {escape(found['id'])} ({status['status']})")
    _print_stage_errors(status)


def hits(found: Json) -> None:
    _out.print(_counted(found["total"], "article"))
    _items(found["items"])


def related(found: Json) -> None:
    if not found["items"]:
        _out.print("Nothing in the archive is near enough.")
    for place, item in enumerate(found["items"], 1):
        _item(place, item)
        if reasons := "; ".join(_reasons(item)):
            _out.print(f"   [dim]{escape(reasons)}[/dim]")


def _reasons(item: Json) -> Iterator[str]:
    """Why it is shown, as the answer says it."""
    because, days = item["because"], item["because"]["days"]
    if item["pinned"]:
        yield "chosen by the editors"
    if item["fallback"]:
        yield "the newest there is"
    if because["same_story"]:
        yield "same story"
    if because["names"]:
        yield f"both name {', '.join(because['names'])}"
    if days is not None and not item["fallback"]:
        yield _apart(days)
    if copies := item["folded"]["count"]:
        yield f"{copies} more cop{'y' if copies == 1 else 'ies'}"


def _apart(days: int) -> str:
    if days == 0:
        return "the same day"
    return f"{_counted(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def summary(found: Json) -> None:
    """Its sentences; before them, what a person should know of it."""
    if found["state"] != "ready":
        _out.print(f"The summary is {found['state']}.")
    for remark in _remarks(found):
        _out.print(f"[dim]{escape(remark)}[/dim]")
    if found["text"] is not None:
        _out.print(Padding(Text(_lines(found)), (0, 0, 0, 2)))


def _remarks(found: Json) -> Iterator[str]:
    if found["method"] == "editor":
        yield f"Written by an editor for revision {found['provenance']['revision']}."
    if marks := [mark for mark in ("approved", "locked") if found[mark]]:
        yield f"It is {' and '.join(marks)}."


def _lines(found: Json) -> str:
    """The article's own sentences a line each; an editor's text as it was written."""
    said = [sentence["text"] for sentence in found["sentences"]]
    return found["text"] if found["method"] == "editor" else "\n".join(said)


def status(found: Json) -> None:
    _out.print(f"{escape(found['id'])}, revision {found['revision']}: {found['status']}")
    for stage in found["stages"]:
        counts = f"{_counted(stage['errors'], 'error')}, {stage['lost']} lost"
        _out.print(f"  {stage['name']:<10} {stage['state']:<8} {counts}")
    _print_stage_errors(found)


def stats(found: Json) -> None:
    table = Table("status", "articles", box=None, pad_edge=False)
    for name, count in found["articles"].items():
        table.add_row(name, f"{count:,}")
    _out.print(table)


def failures(found: Json) -> None:
    if not found["items"]:
        _out.print("No article has failed.")
    for item in found["items"]:
        status(item)
    if found["next_cursor"]:
        _out.print("There are more: ask for them with --limit.")


def retried(found: Json) -> None:
    _out.print(f"{_articles_are(found['retried'])} tried again.")


def new_archive(folder: Path) -> None:
    _err.print(
        f"There was no archive in {escape(str(folder))}: an empty one is made there. "
        "BACKSTORY_DATA names another folder.",
        soft_wrap=True,
    )


def reindexed(found: Json) -> None:
    _out.print(f"{_articles_are(found['requeued'])} indexed again.")


def optimized(found: Json) -> None:
    left = found["unoptimized"]
    _out.print("The index is optimized." if not left else f"{_articles_are(left)} not optimized.")


def models(found: Json) -> None:
    """Which model serves, and which others are kept."""
    _out.print(f"{escape(found['serving'])} serves.")
    if found["next"]:
        _out.print(f"{escape(found['next'])} is ready to come next.")
    if found["previous"]:
        _out.print(f"{escape(found['previous'])} is kept: --rollback, or --drop-old.")


def compared(found: Json) -> None:
    _out.print(
        f"Of the 10 nearest, {found['overlap']:.0%} are the same with both models "
        f"({found['queries']} queries)."
    )
    if found["golden_new"] is not None:
        _out.print(
            f"Of what your own queries should find, the old model finds "
            f"{found['golden_old']:.0%} and the new one {found['golden_new']:.0%}."
        )
    models(found)


def verified(found: Json) -> None:
    _out.print(f"{_counted(found['checked'], 'article')} checked against the index.")
    if found["requeued"] or found["removed"]:
        _out.print(f"To be indexed again: {found['requeued']:,}. Taken out: {found['removed']:,}.")
    else:
        _out.print("The index agrees with the ledger.")


@dataclass(frozen=True)
class ImportBar:
    """The bar of an import: how much of the file, how many a second, how long still."""

    bar: Progress
    task: TaskID

    def show(self, progress: ImportProgress) -> None:
        self.bar.advance(self.task, progress.lines)
        self.bar.update(self.task, position=progress.position)
        done = self.bar.tasks[self.task]
        size = done.fields["size"]
        share = progress.position / size if size else 1.0
        self.bar.update(self.task, total=max(done.completed, done.completed / max(share, 1e-9)))
        for rejection in progress.rejections[:_SHOWN_REJECTIONS]:
            _err.print(f"line {rejection.line}: {escape(rejection.detail)}")
        if (more := len(progress.rejections) - _SHOWN_REJECTIONS) > 0:
            _err.print(f"... and {more} more up to line {progress.rejections[-1].line}")


@contextmanager
def moving_bar(verb: str) -> Iterator[Callable[[int], Callable[[int], None]]]:
    """The bar of an export or a restore: rows out of how many, and how long still."""
    with Progress(
        TextColumn(verb),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=_err,
    ) as bar:
        task = bar.add_task(verb, total=None)

        def show(total: int) -> Callable[[int], None]:
            bar.update(task, total=total)
            return lambda done: bar.update(task, completed=min(done, total))

        yield show


def moved(articles: int, how: str) -> None:
    _err.print(f"{_counted(articles, 'article')} {how}.")


def index_on_its_way(found: Json) -> None:
    _err.print(
        f"The workers still have to index {_counted(found['requeued'], 'article')}: "
        "`backstory status` shows how many wait."
    )


def index_to_be_made() -> None:
    _err.print(
        "The index is still to be made: `backstory verify`, with BACKSTORY_QDRANT_URL set, "
        "has the workers do it."
    )


class _Rate(ProgressColumn):
    """How many lines so far and, once that is known, how many a second."""

    def render(self, task: Task) -> Text:
        rate = "" if task.speed is None else f", {task.speed:,.0f}/s"
        return Text(f"{_counted(round(task.completed), 'line')}{rate}")


@contextmanager
def import_bar(file: Path, next_line: int) -> Iterator[ImportBar]:
    if next_line > 1:
        _err.print(f"Going on at line {next_line:,}, where an earlier import stopped.")
    with Progress(
        TextColumn("Importing"),
        BarColumn(),
        TaskProgressColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=_err,
    ) as bar:
        task = bar.add_task("import", total=None, size=file.stat().st_size)
        yield ImportBar(bar, task)


@dataclass
class SettlingBar:
    """The bar of the stages: what waits now, out of the most that ever waited."""

    bar: Progress
    task: TaskID
    most: int = 0

    def show(self, stats: Json) -> bool:
        """Draw it; False once nothing waits any more."""
        waiting: int = sum(
            stats["stages"][stage][state] for stage in FIRST_STAGES for state in _UNFINISHED
        )
        self.most = max(self.most, waiting)
        self.bar.update(self.task, total=self.most, completed=self.most - waiting)
        return waiting > 0


@contextmanager
def settling_bar() -> Iterator[SettlingBar]:
    with Progress(
        TextColumn("Summarizing and indexing"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=_err,
        transient=True,
    ) as bar:
        yield SettlingBar(bar, bar.add_task("stages", total=None))


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _articles_are(number: int) -> str:
    return f"{_counted(number, 'article')} {'is' if number == 1 else 'are'}"


def _items(items: list[Json]) -> None:
    for place, item in enumerate(items, 1):
        _item(place, item)


def _item(place: int, item: Json) -> None:
    _out.print(f"[bold]{place}. {escape(item['title'])}[/bold]")
    facts = (item["id"], item["section"], item["source"], (item["published_at"] or "")[:10])
    _out.print(f"   [dim]{escape(' · '.join(fact for fact in facts if fact))}[/dim]")
    if item.get("summary"):
        _out.print(Padding(Text(item["summary"]), (0, 0, 0, 3)))


def _print_stage_errors(report: Json) -> None:
    for stage in report["stages"]:
        if stage["error"] is not None:
            error = stage["error"]
            _out.print(f"  {stage['name']}: {escape(error['detail'])} ({error['type']})")
