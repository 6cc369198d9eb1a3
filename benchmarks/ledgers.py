"""What an article costs in each engine of the ledger: bytes on disk and processor time.

    python -m benchmarks.ledgers 5000
    BACKSTORY_LEDGER_URL=postgresql://... python -m benchmarks.ledgers 5000 --group 1

With the variable the PostgreSQL ledger there is measured, which must be migrated and empty; else a
SQLite ledger in a temporary folder. An article goes the whole way: accepted, claimed, summarized,
finished, claimed again and indexed, without the computing in between. `--group` says how many are
accepted in one commit: one, if they come singly and seldom, many in an import.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import psutil
import sqlalchemy as sa

from backstory_shared.adapters.extractive_summarizer import ExtractiveSummarizer
from backstory_shared.adapters.ledger import SqlLedger, open_postgres_ledger, open_sqlite_ledger
from backstory_shared.articles import Article, Draft, content_hash
from backstory_shared.ports import Submission
from backstory_shared.settings import SharedLedger, load
from backstory_shared.stages import MAX_BATCH, Lane, Stage
from backstory_shared.summaries import Summary
from backstory_shared.text.boilerplate import boilerplate
from backstory_shared.text.copies import copy_print
from backstory_shared.urls import canonical_url
from benchmarks.corpus import articles
from benchmarks.words import command

T = TypeVar("T")


def main() -> None:
    parser = command(__doc__)
    parser.add_argument("count", type=int, help="of articles")
    parser.add_argument("--group", type=int, default=MAX_BATCH, help="accepted in one commit")
    options = parser.parse_args()
    submissions = [_submission(article) for article in articles(options.count)]
    summaries = {one.draft.article.id: _summary(one.draft) for one in submissions}
    shared = load(SharedLedger)
    if shared.ledger_url is not None:
        with closing(open_postgres_ledger(shared.address())) as ledger:
            _measure("PostgreSQL", ledger, submissions, summaries, options.group)
    else:
        with (
            TemporaryDirectory() as folder,
            closing(open_sqlite_ledger(Path(folder) / "ledger.sqlite")) as ledger,
        ):
            _measure("SQLite", ledger, submissions, summaries, options.group)


def _measure(
    engine: str,
    ledger: SqlLedger,
    submissions: Sequence[Submission],
    summaries: dict[str, Summary],
    group: int,
) -> None:
    began, ours, theirs = time.perf_counter(), time.process_time(), _server_seconds(ledger)
    for some in _portions(submissions, group):
        ledger.accepting.accept(some)
    accepted, accepting = time.perf_counter() - began, time.process_time() - ours
    for stage in Stage:
        while batch := ledger.working.claim(stage, Lane.BACKFILL, MAX_BATCH):
            made = {
                work.article_id: summaries[work.article_id] if stage is Stage.SUMMARIZE else None
                for work in batch.items
            }
            ledger.working.finish(batch, made)
    count = len(submissions)
    text = sum(len(one.draft.article.text.encode()) for one in submissions)
    print(f"{engine}: {count:,} articles of {text / count:,.0f} bytes of text")
    print(f"  bytes an article      {_size(ledger) / count:>10,.0f}")
    print(f"  ms of our processor   {(time.process_time() - ours) / count * 1e3:>10.3f}")
    print(f"  ms of it to accept    {accepting / count * 1e3:>10.3f}  in groups of {group}")
    print(f"  ms of the server's    {(_server_seconds(ledger) - theirs) / count * 1e3:>10.3f}")
    print(f"  accepted a second     {count / accepted:>10,.0f}")
    for name, size in _tables(ledger):
        print(f"    {name:<28}{size / count:>10,.0f}")


def _size(ledger: SqlLedger) -> int:
    return sum(size for _, size in _tables(ledger))


def _tables(ledger: SqlLedger) -> list[tuple[str, int]]:
    """Each table or index with its size; PostgreSQL counts a table's indexes with it."""
    if ledger.database.writers.dialect.name == "postgresql":
        query = (
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC"
        )
    else:
        query = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC"
    with ledger.database.read() as connection:
        return [(name, size) for name, size in connection.execute(sa.text(query))]


def _server_seconds(ledger: SqlLedger) -> float:
    """Processor seconds of PostgreSQL's processes, if they run on this machine."""
    if ledger.database.writers.dialect.name != "postgresql":
        return 0.0
    with ledger.database.read() as connection:
        pids = connection.execute(sa.text("SELECT pid FROM pg_stat_activity")).scalars().all()
    times = [psutil.Process(pid).cpu_times() for pid in pids if psutil.pid_exists(pid)]
    return float(sum(each.user + each.system for each in times))


def _submission(sent: dict[str, Any]) -> Submission:
    known = {name: value for name, value in sent.items() if name in Article.__slots__}
    for name in ("authors", "tags"):
        known[name] = tuple(known.get(name, ()))
    known["published_at"] = datetime.fromisoformat(known["published_at"])
    article = Article(**known)
    spans = boilerplate(article.text, article.title)
    printed = copy_print(article.text, spans)
    draft = Draft(
        article=article,
        content_hash=content_hash(article),
        copy_hash=printed.hash,
        canonical_url=article.url and canonical_url(article.url),
        boilerplate=spans,
        copy_keys=printed.keys,
        copy_sketch=printed.sketch,
    )
    return Submission(draft=draft, lane=Lane.BACKFILL, correlation_id="benchmark-0123456789")


def _summary(draft: Draft) -> Summary:
    article = draft.article
    return ExtractiveSummarizer().summarize(
        article.title, article.text, draft.boilerplate, article.language
    )


def _portions(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (values[start : start + size] for start in range(0, len(values), size))


if __name__ == "__main__":
    main()
