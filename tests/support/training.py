"""Trains a model on a few made articles, for its bytes: `python -m support.training BUILD OUT`.

The teacher is the real one, of which BUILD has the graph; of its pieces only some are used.
"""

import json
import sys
from itertools import islice
from pathlib import Path

from tokenizers import Tokenizer

from benchmarks.corpus import articles
from training import teacher
from training.contrast import ContrastPlan
from training.distill import Plan
from training.make_model import SEED, Material, make
from training.teacher import Teacher
from training.texts import Article, short_texts

ARTICLES = 12
PIECES = 2_500
GLOSSES = ["harbour, port: where ships are safe", "ferry: a boat that carries people across"]


def main() -> None:
    build, out = map(Path, sys.argv[1:])
    first = Plan(steps=6, batch=64, warm_up=2, neighbours=32)
    plan = ContrastPlan(matching=Plan(steps=4, batch=64, warm_up=2, neighbours=32), pairs=8)
    guide = Teacher(build / "teacher.onnx")
    facts = make(_material(), guide, _some_pieces(), out.parent / "vectors", out, first, plan)
    print(json.dumps(facts))


def _material() -> Material:
    made = [Article(one["title"], one["text"]) for one in articles(ARTICLES)]
    return Material(made, [short_texts(made, SEED), GLOSSES], GLOSSES)


def _some_pieces() -> Tokenizer:
    said = json.loads(teacher.pieces().to_str())
    known = sorted(said["model"]["vocab"].items(), key=lambda item: item[1])
    said["model"]["vocab"] = dict(islice(known, PIECES))
    return Tokenizer.from_str(json.dumps(said))


if __name__ == "__main__":
    main()
