"""Which English words are ordinary: `python -m training.ordinary TEXT_FOLDER`.

Those that news articles have in small letters, and more of them than have them with a capital
within a sentence: words without their texts, in alphabetical order.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from backstory_shared.adapters.calibration import TEXTS
from training.texts import SUMMARISED, TITLED, articles, rows

FILE = TEXTS.parent / "ordinary-en.txt"
#: In one article it may be a slip.
LEAST = 2
SHORTEST = 3
_WORD = re.compile(r"[^\W\d_]+")
_BEGINS = re.compile(r"(?:^|[.!?:…\n\"“]\s*)[\"“(]*$")
_LOOKED_BACK = 4


def ordinary(texts: Path) -> list[str]:
    small, capital = Counter[str](), Counter[str]()
    for text in _texts(texts):
        small.update({word for word in _WORD.findall(text) if word.islower()})
        capital.update(set(_capitalised(text)))
    return sorted(
        word
        for word, count in small.items()
        if count >= LEAST and count > capital[word] and len(word) >= SHORTEST
    )


def _texts(folder: Path) -> Iterator[str]:
    for name in TITLED:
        yield from (article.text for article in articles(folder, name))
    for name in SUMMARISED:
        yield from (row["text"] for row in rows(folder, name))


def _capitalised(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        before = text[max(0, match.start() - _LOOKED_BACK) : match.start()]
        if match.group()[0].isupper() and not _BEGINS.search(before):
            yield match.group().lower()


def main() -> None:
    parsed = argparse.ArgumentParser(description=__doc__)
    parsed.add_argument("texts", type=Path)
    found = ordinary(parsed.parse_args().texts)
    FILE.write_text("\n".join(found) + "\n", encoding="utf-8")
    print(f"{len(found)} ordinary words in {FILE.name}")


if __name__ == "__main__":
    main()
