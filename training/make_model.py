"""Makes the bundled model in one command: `python -m training.make_model TEXT_FOLDER [OUT]`."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from backstory_shared.adapters.static_embedder import StaticEmbedder
from backstory_shared.adapters.static_model import BUNDLED
from training import distill, teacher
from training.card import write_card
from training.contrast import ContrastPlan, Pairs, contrast, draw_pairs
from training.encode import encoded
from training.evaluate import figures
from training.floor import measured_floor
from training.package import Settings, set_floor, write_model
from training.student import Bags, token_texts
from training.teacher import Floats, Teacher
from training.texts import Article, short_texts, training_articles
from training.vocabulary import DOCUMENT_FREQUENCY, Vocabulary, build, probabilities

SEED = 20261123
DIMENSION = 256


@dataclass(frozen=True)
class Lesson:
    """What the student learns from: texts as bags, the teacher's vectors, and where to begin."""

    vocabulary: Vocabulary
    bags: Bags
    targets: Floats
    rows: Floats


def prepare(found: list[Article], build_folder: Path, limit: int | None) -> Lesson:
    graph = build_folder / "teacher.onnx"
    if not graph.exists():
        teacher.export(graph)
    guide = Teacher(graph)
    pieces = Tokenizer.from_file(str(teacher.MODEL_FOLDER / "tokenizer.json"))
    pieces.no_truncation()
    pieces.no_padding()
    texts = short_texts(found, SEED)[:limit]
    bodies = [article.text for article in found]
    vocabulary = build(pieces, bodies)
    print(f"{len(found)} articles, {len(texts)} texts, {len(vocabulary.tokens)} tokens", flush=True)
    vectors = encoded(texts, guide, build_folder / "vectors")
    directions = distill.projection(vectors, DIMENSION)
    tokens = guide.encode_ids(token_texts(vocabulary, pieces))
    rows = distill.first_rows(tokens, directions, probabilities(vocabulary, bodies))
    return Lesson(vocabulary, Bags.of(texts, vocabulary), vectors @ directions, rows)


def train(lesson: Lesson, found: list[Article], plan: ContrastPlan, first: distill.Plan) -> Floats:
    rows = distill.match_teacher(lesson.rows, lesson.bags, lesson.targets, first, SEED)
    pairs = Pairs.of(draw_pairs(found, SEED), lesson.vocabulary, plan.lead_tokens)
    return contrast(rows, lesson.bags, lesson.targets, pairs, plan, SEED)


def finish(folder: Path, texts: Path, build_folder: Path, facts: Mapping[str, object]) -> None:
    """Measure what was written, and write it down: the floor, then the card."""
    floor = measured_floor(StaticEmbedder.open(folder), texts, SEED)
    set_floor(folder, floor)
    table = figures(texts, [folder], build_folder)
    print(table)
    write_card(folder, {**facts, "seed": SEED, "figures": table})


def main() -> None:
    given = parser().parse_args()
    torch.manual_seed(SEED)
    found = training_articles(given.texts)
    plan, first = ContrastPlan(), distill.Plan()
    lesson = prepare(found, given.build, given.limit)
    rows = train(lesson, found, plan, first)
    settings = Settings(
        id=given.out.name,
        dimension=DIMENSION,
        lead_tokens=plan.lead_tokens,
        lead_weight=plan.lead_weight,
    )
    write_model(given.out, rows, lesson.vocabulary, settings)
    facts = {
        "tokens": len(lesson.vocabulary.tokens),
        "texts": len(lesson.bags.ids),
        "steps": first.steps,
        "contrast_steps": plan.matching.steps,
        "document_frequency": DOCUMENT_FREQUENCY,
    }
    finish(given.out, given.texts, given.build, facts)


def parser() -> argparse.ArgumentParser:
    parsed = argparse.ArgumentParser(description=__doc__)
    parsed.add_argument("texts", type=Path, help="the folder with articles/ and summaries/")
    parsed.add_argument("out", type=Path, nargs="?", default=BUNDLED, help="the folder to write")
    parsed.add_argument("--build", type=Path, default=Path("training/build"))
    parsed.add_argument("--limit", type=int, help="train on so many short texts only")
    return parsed


if __name__ == "__main__":
    main()
