"""How well copies are found, and what that costs: `python -m benchmarks.copies TEXT_FOLDER`.

TEXT_FOLDER has near_duplicates/ and articles/bbc.jsonl.gz. The ledger is the real one; the cost is
processor time, so that a busy machine does not matter.
"""

import gzip
import json
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from backstory_ingest.schemas import parse_article
from backstory_shared.adapters.ledger import SqlLedger, open_sqlite_ledger
from backstory_shared.articles import Article, Draft, content_hash
from backstory_shared.ports import Submission
from backstory_shared.stages import Lane
from backstory_shared.text.boilerplate import boilerplate, story
from backstory_shared.text.copies import copy_hash, copy_print
from backstory_shared.text.languages import LanguageDetector
from benchmarks.corpus import articles as invented
from benchmarks.measures import Measure, Wanted, table
from benchmarks.words import command

BATCH = 64
EDITED = 400
SIZES = (10_000, 100_000)
#: How many articles the rate is measured over, once the archive is as large as that.
MEASURED = 2_000
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def main() -> None:
    parsed = command(__doc__)
    parsed.add_argument("texts", type=Path, help="the TEXT_FOLDER")
    parsed.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="of the archives")
    given = parsed.parse_args()
    measures = [*accuracy(given.texts), *rates(given.sizes)]
    table(measures, print)


# --- accuracy -------------------------------------------------------------------------------------


def accuracy(texts: Path) -> Iterator[Measure]:
    for size in (100, 1_000, 2_500):
        rows = _rows(texts / f"near_duplicates/articles_{size}.jsonl.gz")
        said = _lines(texts / f"near_duplicates/pairs_{size}.tsv.gz")
        known = {frozenset(line.split()) for line in said}
        found = pairs_found((row["id"], row["text"]) for row in rows)
        yield from _both(f"near_duplicates {size}", found, known)
    bbc = _rows(texts / "articles/bbc.jsonl.gz")
    yield from _both("bbc, doubled texts", *_doubled(bbc))
    distinct = list({row["text"]: row for row in bbc}.values())
    for share in (0.1, 0.2, 0.3, 0.4):
        for name, edit in EDITS.items():
            yield from _edited(name, edit, share, distinct)


def _doubled(rows: Sequence[dict[str, str]]) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    by_text: dict[str, list[str]] = {}
    for row in rows:
        by_text.setdefault(" ".join(row["text"].split()), []).append(row["id"])
    known = {frozenset((ids[0], id_)) for ids in by_text.values() for id_ in ids[1:]}
    found = pairs_found((row["id"], row["text"]) for row in rows)
    # What is found beyond the doubled are edited reprints that nobody has labelled.
    return found & known, known


def _edited(
    name: str, edit: Callable[[str, float, random.Random], str], share: float, rows: Sequence[Any]
) -> Iterator[Measure]:
    """Of each article that is edited the pair must be found, and no other pair of one original."""
    chance = random.Random(1)
    chosen = chance.sample(list(rows), EDITED)
    original = pairs_found((row["id"], row["text"]) for row in chosen)
    made = [(f"{row['id']} edited", edit(row["text"], share, chance)) for row in chosen]
    known = {frozenset((row["id"], f"{row['id']} edited")) for row in chosen}
    found = pairs_found([*((row["id"], row["text"]) for row in chosen), *made])
    related = {frozenset(pair) for pair in original}
    wrong = {
        pair
        for pair in found - known
        if frozenset(id_.removesuffix(" edited") for id_ in pair) not in related
    }
    goal = 0.98 if share <= 0.2 else None
    title = f"{name}, {share:.0%} of sentences"
    yield _share(f"{title}: recall", len(found & known), len(known), goal)
    if goal:
        shown = len(found & known) + len(wrong)
        yield _share(f"{title}: precision", len(found & known), shown, 0.99)


def _replaced(text: str, share: float, chance: random.Random) -> str:
    def other(_: str) -> str:
        return f"{chance.random()} was what nobody had foreseen, said the {chance.random()} others."

    return _sentences(text, share, chance, other)


def _reworded(text: str, share: float, chance: random.Random) -> str:
    def turned(sentence: str) -> str:
        words = sentence.split()
        middle = len(words) // 2
        return " ".join(words[middle:] + words[:middle])

    return _sentences(text, share, chance, turned)


def _cut(text: str, share: float, chance: random.Random) -> str:
    sentences = _SENTENCE.split(text)
    length = max(1, int(share * len(sentences)))
    start = chance.randrange(max(1, len(sentences) - length))
    return " ".join(sentences[:start] + sentences[start + length :])


def _datelined(text: str, share: float, chance: random.Random) -> str:
    """With another headline too, which is no part of the text."""
    return f"PORT ELLERY, {chance.randint(1, 28)} March (Wire) – " + _sentences(
        text, share / 4, chance, str.upper
    )


def _sentences(text: str, share: float, chance: random.Random, change: Callable[[str], str]) -> str:
    sentences = _SENTENCE.split(text)
    for place in chance.sample(range(len(sentences)), int(share * len(sentences))):
        sentences[place] = change(sentences[place])
    return " ".join(sentences)


EDITS = {
    "replaced": _replaced,
    "reworded": _reworded,
    "a stretch cut": _cut,
    "dateline changed": _datelined,
}


def pairs_found(texts: Iterable[tuple[str, str]]) -> set[frozenset[str]]:
    """All pairs of articles that the ledger says are copies."""
    with _ledger() as ledger:
        ids = []
        for some in _batches(Article(id=_id(id_), title=id_, text=text) for id_, text in texts):
            ledger.accepting.accept([_submission(_draft(one)) for one in some])
            ids += [(one.id, one.title) for one in some]
        titles = dict(ids)
        groups = {frozenset(group) for group in _groups(ledger, list(titles))}
    return {
        frozenset((titles[one], titles[other]))
        for group in groups
        for one in group
        for other in group
        if one < other
    }


def _groups(ledger: SqlLedger, ids: list[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(ids), 1_000):
        yield from ledger.reading.together(ids[start : start + 1_000]).values()


# --- cost -----------------------------------------------------------------------------------------


def rates(sizes: Sequence[int]) -> Iterator[Measure]:
    """Accepting with and without looking for copies, drafting included."""
    detector = LanguageDetector()
    for size in sizes:
        made = invented(size + 2 * MEASURED, seed=0)
        with _ledger() as ledger:
            for some in _batches(islice(made, size)):
                ledger.accepting.accept([_submission(_draft(_article(one))) for one in some])
            without = with_keys = 0.0
            # By turns, so that whatever else the machine does slows both.
            for some in _batches(islice(made, 2 * MEASURED)):
                half = len(some) // 2
                without += _seconds(ledger, some[:half], detector, keyed=False)
                with_keys += _seconds(ledger, some[half:], detector, keyed=True)
        yield Measure(
            name=f"accepted at {size:,}: of the rate without",
            value=without / with_keys,
            unit="",
            wanted=Wanted.AT_LEAST,
            goal=0.8,
        )
        yield Measure(
            name=f"accepted at {size:,}", value=MEASURED / with_keys, unit="articles/s, CPU"
        )


def _seconds(
    ledger: SqlLedger, made: Sequence[dict[str, Any]], detector: LanguageDetector, *, keyed: bool
) -> float:
    """From the lines of a bulk request to the commit."""
    lines = [json.dumps(one).encode() for one in made]
    began = time.process_time()
    drafts = []
    for line in lines:
        read = parse_article(line)
        one = Article(id=read.id or "", title=read.title or "", text=read.text or "")
        spans = boilerplate(one.text, one.title)
        detector.detect(story(one.text, spans))
        drafts.append(_draft(one) if keyed else _plain(one))
    ledger.accepting.accept([_submission(draft) for draft in drafts])
    return time.process_time() - began


def _draft(article: Article) -> Draft:
    printed = copy_print(article.text, ())
    return Draft(
        article=article,
        content_hash=content_hash(article),
        copy_hash=printed.hash,
        copy_keys=printed.keys,
        copy_sketch=printed.sketch,
    )


def _plain(article: Article) -> Draft:
    """As it was before there were keys."""
    return Draft(
        article=article,
        content_hash=content_hash(article),
        copy_hash=copy_hash(article.text, ()),
    )


def _article(said: dict[str, Any]) -> Article:
    return Article(id=said["id"], title=said["title"], text=said["text"])


def _submission(draft: Draft) -> Submission:
    return Submission(draft=draft, lane=Lane.BACKFILL, correlation_id="benchmark")


# --- small things ---------------------------------------------------------------------------------


@contextmanager
def _ledger() -> Iterator[SqlLedger]:
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_sqlite_ledger(Path(folder) / "ledger.sqlite")
        try:
            yield ledger
        finally:
            ledger.close()


def _batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(values)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _both(name: str, found: set[frozenset[str]], known: set[frozenset[str]]) -> Iterator[Measure]:
    yield _share(f"{name}: recall", len(found & known), len(known), 0.98)
    yield _share(f"{name}: precision", len(found & known), len(found), 0.99)


def _share(name: str, part: int, whole: int, goal: float | None) -> Measure:
    return Measure(
        name=name, value=part / max(1, whole), unit="", wanted=Wanted.AT_LEAST, goal=goal
    )


def _id(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "-", text)


def _rows(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in _lines(file)]


def _lines(file: Path) -> list[str]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return list(lines)


if __name__ == "__main__":
    main()
