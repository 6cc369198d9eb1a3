"""Makes the bundled model in one command: `python -m training.make_model TEXT_FOLDER [OUT]`.

The same texts give the same bytes: every die has a seed, nothing goes by the order of a set, and
sums are made by the same number of threads whatever the machine has. Another kind of processor may
round them otherwise.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED
from training import distill, teacher
from training.card import write_card
from training.contrast import ContrastPlan, Pairs, contrast, draw_pairs
from training.encode import encoded, encoded_ids
from training.evaluate import figures
from training.floor import measured_floor
from training.foreign import write_foreign
from training.glosses import glosses
from training.package import Settings, set_floor, write_model
from training.student import Bags, Fall, token_texts
from training.teacher import Floats, Teacher
from training.texts import Article, page_articles, short_texts, training_articles
from training.vocabulary import (
    DOCUMENT_FREQUENCY,
    GLOSS_FREQUENCY,
    Vocabulary,
    build,
    probabilities,
)

SEED = 20261123
DIMENSION = 256
#: NumPy's sums depend on how many share them; the bundled model was made by two.
THREADS = 2


@dataclass(frozen=True)
class Lesson:
    """What the student learns from: texts as bags, the teacher's vectors, and where to begin."""

    vocabulary: Vocabulary
    bags: Bags
    targets: Floats
    rows: Floats
    pairs: Pairs


@dataclass(frozen=True)
class Material:
    """What there is to read."""

    articles: list[Article]
    texts: list[list[str]]
    glosses: list[str]


def material(folder: Path, build_folder: Path) -> Material:
    """News, pages of today, and what words mean; the teacher sees each part by itself."""
    news, pages = training_articles(folder), page_articles(folder)
    explained = list(dict.fromkeys(text for one in glosses(build_folder) for text in one.texts))
    parts = [short_texts(news, SEED), short_texts(pages, SEED), explained]
    return Material(news + pages, parts, explained)


def make(
    found: Material,
    guide: Teacher,
    pieces: Tokenizer,
    vectors: Path,
    out: Path,
    first: distill.Plan,
    plan: ContrastPlan,
) -> dict[str, object]:
    """The folder `out`, all but what is measured on it; the facts of its making."""
    torch.set_num_threads(1)  # the same sums in the same order, and no waiting for one another
    with threadpool_limits(THREADS):
        lesson = prepare(found, guide, pieces, vectors, plan.fall)
        rows = train(lesson, plan, first)
    settings = Settings(
        id=out.name,
        dimension=DIMENSION,
        fall_offset=plan.fall.offset,
        fall_power=plan.fall.power,
    )
    write_model(out, rows, lesson.vocabulary, settings)
    return facts(len(lesson.vocabulary.tokens), len(lesson.bags), first, plan)


def facts(tokens: int, texts: int, first: distill.Plan, plan: ContrastPlan) -> dict[str, object]:
    """What the model card says of its making."""
    return {
        "tokens": tokens,
        "texts": texts,
        "steps": first.steps,
        "contrast_steps": plan.matching.steps,
        "document_frequency": DOCUMENT_FREQUENCY,
        "gloss_frequency": GLOSS_FREQUENCY,
        "seed": SEED,
    }


def prepare(found: Material, guide: Teacher, pieces: Tokenizer, folder: Path, fall: Fall) -> Lesson:
    """`pieces` are the teacher's; its vectors are kept in `folder`."""

    def vectors(texts: Sequence[str]) -> Floats:
        return encoded(texts, guide, folder)

    bodies = [article.text for article in found.articles]
    vocabulary = build(pieces, bodies, found.glosses)
    texts, targets = _different(found.texts, list(map(vectors, found.texts)))
    print(
        f"{len(bodies)} articles, {len(texts)} texts, {len(vocabulary.tokens)} tokens", flush=True
    )
    axes = distill.projection(targets, DIMENSION)
    tokens = encoded_ids(token_texts(vocabulary, pieces), guide, folder)
    rows = distill.first_rows(tokens, axes, probabilities(vocabulary, bodies))
    pairs = Pairs.of(draw_pairs(found.articles, SEED), vocabulary, fall)
    return Lesson(vocabulary, Bags.of(texts, vocabulary), targets @ axes, rows, pairs)


def _different(texts: list[list[str]], vectors: list[Floats]) -> tuple[list[str], Floats]:
    """Each text once."""
    every = [text for part in texts for text in part]
    places = list({text: place for place, text in enumerate(every)}.values())
    return [every[place] for place in places], np.concatenate(vectors)[places]


def train(lesson: Lesson, plan: ContrastPlan, first: distill.Plan) -> Floats:
    rows = distill.match_teacher(lesson.rows, lesson.bags, lesson.targets, first, SEED)
    return contrast(rows, lesson.bags, lesson.targets, lesson.pairs, plan, SEED)


def finish(folder: Path, texts: Path, facts: Mapping[str, object]) -> None:
    """Measure what was written, and write it down: the floor, then the card."""
    floor = measured_floor(StaticEmbedder.open(folder), texts)
    set_floor(folder, floor)
    table = figures(texts, [folder], None)
    print(table)
    write_card(folder, {**facts, "figures": table})


def main() -> None:
    given = parser().parse_args()
    found = material(given.texts, given.build)
    guide = Teacher(teacher.exported(given.build / "teacher.onnx"))
    vectors = given.build / "vectors"
    first, plan = distill.Plan(), ContrastPlan()
    made = make(found, guide, teacher.pieces(), vectors, given.out, first, plan)
    write_foreign(given.out, given.texts, given.build)
    finish(given.out, given.texts, made)


def parser() -> argparse.ArgumentParser:
    parsed = argparse.ArgumentParser(description=__doc__)
    parsed.add_argument("texts", type=Path, help="the folder with articles/ and summaries/")
    parsed.add_argument("out", type=Path, nargs="?", default=BUNDLED, help="the folder to write")
    parsed.add_argument("--build", type=Path, default=Path("training/build"))
    return parsed


if __name__ == "__main__":
    main()
