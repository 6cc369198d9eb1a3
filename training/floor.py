"""The cosine below which a model says nothing: what 99 of 100 unrelated pairs stay under.

    python -m training.floor TEXT_FOLDER MODEL

measures it for any model, beside the floor that the model has: the bundled one from its making,
any other from the few texts that are part of the package (calibration.py).
"""

import argparse
import random
from pathlib import Path

import numpy as np

from backstory_shared.adapters.embedders import open_embedder
from backstory_shared.adapters.passages import direction
from backstory_shared.ports import Embedder, ModelChoice, Passage
from training.teacher import Floats
from training.texts import Article, articles

#: Seventeen years and an ocean apart: no title of one is about an article of the other.
APART = ("articles/bbc", "articles/reuters_train")
SAMPLE = 1_000
SHARE = 0.99
#: Which articles are drawn.
SEED = 20261123


def measured_floor(embedder: Embedder, texts: Path, sample: int = SAMPLE) -> float:
    """To two digits, over the titles of each collection and the articles of the other."""
    dice = random.Random(SEED)
    one, other = (dice.sample(_usable(articles(texts, name)), sample) for name in APART)
    cosines = [_cosines(embedder, one, other), _cosines(embedder, other, one)]
    return round(float(np.quantile(cosines, SHARE)), 2)


def _usable(found: list[Article]) -> list[Article]:
    return [article for article in found if article.title and len(article.text.split()) >= 20]


def _cosines(embedder: Embedder, asked: list[Article], found: list[Article]) -> Floats:
    queries = np.stack([embedder.embed_query(one.title) for one in asked])
    passages = [Passage(title=one.title, text=one.text) for one in found]
    return queries @ np.stack([direction(one.dense) for one in embedder.embed_articles(passages)]).T


def main() -> None:
    parsed = argparse.ArgumentParser(description=__doc__)
    parsed.add_argument("texts", type=Path)
    parsed.add_argument("model", help="the bundled one's id, or the name or folder of another")
    parsed.add_argument("--sample", type=int, default=SAMPLE, help="articles of each collection")
    given = parsed.parse_args()
    embedder = open_embedder(ModelChoice(given.model))
    print(f"of the model: {embedder.model.floor}")
    print(f"measured: {measured_floor(embedder, given.texts, given.sample)}")


if __name__ == "__main__":
    main()
