"""What the model is trained on: short pieces of news, and which articles are kept out of them."""

import gzip
import json
import random
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sentencex import segment

TITLED = ("articles/reuters_train", "articles/bbc")
SUMMARISED = ("summaries/cnn_validation", "summaries/xsum")
PLAIN = ("similarity/lee50/background",)
PAGES = "html_newspaper4k.tar.xz"

LEAD_WORDS = (30, 45)
WINDOW_WORDS = 45
FRAGMENT_WORDS = (2, 6)


@dataclass(frozen=True, slots=True)
class Article:
    """A text with what is said of it in short: its title, or the summary someone wrote."""

    title: str
    text: str

    @property
    def held_out(self) -> bool:
        """One article in eight, by its text so that copies fall on the same side."""
        return zlib.crc32((self.text or self.title).encode()) % 8 == 0


def rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of `name`.jsonl.gz."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def articles(folder: Path, name: str) -> list[Article]:
    """The titled articles of one collection, held out or not."""
    return [Article(row["title"], row["text"]) for row in rows(folder, name)]


def training_articles(folder: Path) -> list[Article]:
    """Every article the model may see."""
    titled = [article for name in TITLED for article in articles(folder, name)]
    summarised = [
        Article(" ".join(row["summary"].split("\n")), row["text"])
        for name in SUMMARISED
        for row in rows(folder, name)
    ]
    plain = [Article("", row["text"]) for name in PLAIN for row in rows(folder, name)]
    return [article for article in titled + summarised + plain if not article.held_out]


def page_articles(folder: Path) -> list[Article]:
    """The texts of real pages of today's news sites, as people cut them out by hand."""
    with tarfile.open(folder / PAGES) as packed:
        name = next(name for name in packed.getnames() if name.endswith("gold.jsonl"))
        content = packed.extractfile(name)
        assert content is not None
        found = map(json.loads, content.read().splitlines())
        return [Article(row["title"], row["text"]) for row in found if row["text"]]


def short_texts(found: list[Article], seed: int) -> list[str]:
    """Titles, leads, windows of one to three sentences and fragments, shuffled, none twice."""
    dice = random.Random(seed)
    pieces = [piece for article in found for piece in _pieces(article, dice)]
    kept = sorted({piece for piece in pieces if _says_something(piece)})
    dice.shuffle(kept)
    return kept


def _pieces(article: Article, dice: random.Random) -> Iterator[str]:
    words = article.text.split()
    yield article.title
    yield " ".join(words[: dice.randint(*LEAD_WORDS)])
    yield from _windows(article.text, dice)
    yield _fragment(words, dice)


def _says_something(piece: str) -> bool:
    """Not a table of figures: most of its characters are letters."""
    return sum(map(str.isalpha, piece)) > len(piece) / 2


def _windows(text: str, dice: random.Random) -> Iterator[str]:
    """Neighbouring sentences, each in one window; a sentence too long is cut."""
    sentences = [s.split() for s in segment("en", text)]
    window: list[str] = []
    left = dice.randint(1, 3)
    for sentence in sentences:
        if window and (left == 0 or len(window) + len(sentence) > WINDOW_WORDS):
            yield " ".join(window[:WINDOW_WORDS])
            window, left = [], dice.randint(1, 3)
        window, left = window + sentence, left - 1
    yield " ".join(window[:WINDOW_WORDS])


def _fragment(words: list[str], dice: random.Random) -> str:
    """A few words in a row, about as long as what people type into a search box."""
    length = dice.randint(*FRAGMENT_WORDS)
    start = dice.randrange(max(1, len(words) - length))
    return " ".join(words[start : start + length])
